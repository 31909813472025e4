from __future__ import annotations

import io

import pilaf
from pilaf import Image

from .base import Peer


class Pilaf(Peer):
    def versions(self):
        return [f"pilaf {pilaf.__version__}"]

    def picture(self, width, height, rgb):
        return Image.frombytes("RGB", (width, height), rgb)

    def pixels(self, picture):
        return *picture.size, picture.tobytes()

    def thumbnail(self, jpeg, width, quality):
        return pilaf.thumbnail(jpeg, (width, 0), format="JPEG", quality=quality)

    def decode(self, jpeg):
        image = Image.open(jpeg)
        image.load()
        return image

    def probe(self, jpeg):
        return Image.open(jpeg).size

    def resize(self, picture, width, height, filter):
        return picture.resize((width, height), Image.Resampling[filter.upper()])

    def encode(self, picture, quality):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        return out.getvalue()
