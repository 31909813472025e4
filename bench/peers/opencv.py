from __future__ import annotations

import cv2
import numpy

from .base import Peer, height_for

cv2.setNumThreads(1)

#: Only INTER_AREA antialiases.
INTERPOLATIONS = {
    "lanczos": cv2.INTER_LANCZOS4,
    "bicubic": cv2.INTER_CUBIC,
    "bilinear": cv2.INTER_LINEAR,
    "box": cv2.INTER_AREA,
}


class OpenCV(Peer):
    """OpenCV with all pixels decoded; its channels are blue, green, red."""

    flags = cv2.IMREAD_COLOR

    def versions(self):
        return [f"opencv-python-headless {cv2.__version__}"]

    def picture(self, width, height, rgb):
        array = numpy.frombuffer(rgb, numpy.uint8).reshape(height, width, 3)
        return numpy.ascontiguousarray(array[:, :, ::-1])

    def pixels(self, picture):
        return picture.shape[1], picture.shape[0], picture[:, :, ::-1].tobytes()

    def thumbnail(self, jpeg, width, quality):
        image = cv2.imdecode(numpy.frombuffer(jpeg, numpy.uint8), self.flags)
        size = (width, height_for(width, (image.shape[1], image.shape[0])))
        return OpenCV.encode(self, cv2.resize(image, size, interpolation=cv2.INTER_AREA), quality)

    def decode(self, jpeg):
        return cv2.imdecode(numpy.frombuffer(jpeg, numpy.uint8), self.flags)

    def resize(self, picture, width, height, filter):
        return cv2.resize(picture, (width, height), interpolation=INTERPOLATIONS[filter])

    def encode(self, picture, quality):
        return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


class OpenCVReduced(Peer):
    """OpenCV decoding at half the size, as users do who know the size wanted."""

    flags = cv2.IMREAD_REDUCED_COLOR_2
    versions = OpenCV.versions
    thumbnail = OpenCV.thumbnail
