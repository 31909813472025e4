from __future__ import annotations

import pyvips

from .base import Peer

# The same input again must be work again.
pyvips.cache_set_max(0)

#: libvips' names; it has no box filter for factors that are not whole.
KERNELS = {"lanczos": "lanczos3", "bicubic": "cubic", "bilinear": "linear"}


class Libvips(Peer):
    """libvips with all pixels decoded."""

    def versions(self):
        numbers = ".".join(str(pyvips.version(part)) for part in range(3))
        return [f"pyvips {pyvips.__version__} (libvips {numbers})"]

    def picture(self, width, height, rgb):
        return pyvips.Image.new_from_memory(rgb, width, height, 3, "uchar")

    def pixels(self, picture):
        return picture.width, picture.height, bytes(picture.write_to_memory())

    def thumbnail(self, jpeg, width, quality):
        image = pyvips.Image.new_from_buffer(jpeg, "", access="sequential")
        small = image.resize(width / image.width, kernel="lanczos3")
        return small.jpegsave_buffer(Q=quality, keep="none")

    def decode(self, jpeg):
        return pyvips.Image.new_from_buffer(jpeg, "", access="sequential").copy_memory()

    def probe(self, jpeg):
        image = pyvips.Image.new_from_buffer(jpeg, "")
        return image.width, image.height

    def resize(self, picture, width, height, filter):
        if filter not in KERNELS:
            raise NotImplementedError
        scale = (width / picture.width, height / picture.height)
        return picture.resize(scale[0], vscale=scale[1], kernel=KERNELS[filter]).copy_memory()

    def encode(self, picture, quality):
        return picture.jpegsave_buffer(Q=quality, keep="none")


class LibvipsThumbnail(Peer):
    """libvips' own shortcut: decoded at a fraction of the size where that is enough."""

    versions = Libvips.versions

    def thumbnail(self, jpeg, width, quality):
        small = pyvips.Image.thumbnail_buffer(jpeg, width, height=10_000_000)
        return small.jpegsave_buffer(Q=quality, keep="none")
