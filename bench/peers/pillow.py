from __future__ import annotations

import io

import PIL
from PIL import Image, features

from .base import Peer, height_for


class Pillow(Peer):
    """Pillow as the question has it: open, resize, save."""

    def versions(self):
        return [f"Pillow {PIL.__version__} (libjpeg-turbo {features.version('libjpeg_turbo')})"]

    def picture(self, width, height, rgb):
        return Image.frombytes("RGB", (width, height), rgb)

    def pixels(self, picture):
        return *picture.size, picture.tobytes()

    def thumbnail(self, jpeg, width, quality):
        image = Image.open(io.BytesIO(jpeg))
        size = (width, height_for(width, image.size))
        return self.encode(image.resize(size, Image.Resampling.LANCZOS), quality)

    def decode(self, jpeg):
        image = Image.open(io.BytesIO(jpeg))
        image.load()
        return image

    def probe(self, jpeg):
        return Image.open(io.BytesIO(jpeg)).size

    def resize(self, picture, width, height, filter):
        return picture.resize((width, height), Image.Resampling[filter.upper()])

    def encode(self, picture, quality):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        return out.getvalue()


class PillowDraft(Peer):
    """Pillow's shortcut: decoded at a fraction of the size, then Lanczos."""

    versions = Pillow.versions

    def thumbnail(self, jpeg, width, quality):
        image = Image.open(io.BytesIO(jpeg))
        # The height is free, as for the others.
        image.thumbnail((width, image.height), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        return out.getvalue()
