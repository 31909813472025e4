from __future__ import annotations

from importlib.metadata import version

import numpy
import simplejpeg

from .base import Peer


class SimpleJpeg(Peer):
    """libjpeg-turbo's TurboJPEG interface under numpy; it has no resize."""

    def versions(self):
        return [f"simplejpeg {version('simplejpeg')}"]

    def picture(self, width, height, rgb):
        return numpy.frombuffer(rgb, numpy.uint8).reshape(height, width, 3)

    def pixels(self, picture):
        return picture.shape[1], picture.shape[0], picture.tobytes()

    def decode(self, jpeg):
        return simplejpeg.decode_jpeg(jpeg)

    def probe(self, jpeg):
        height, width, *_ = simplejpeg.decode_jpeg_header(jpeg)
        return width, height

    def encode(self, picture, quality):
        return simplejpeg.encode_jpeg(
            picture, quality=quality, colorsubsampling="420", fastdct=False
        )
