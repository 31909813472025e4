import io

import django.conf

django.conf.settings.configure()

from common import FOLDER, pixels, say  # noqa: E402
from willow.image import Image  # noqa: E402


def opened(name: str) -> Image:
    return Image.open(io.BytesIO((FOLDER / name).read_bytes()))


for name in ("photo.jpg", "logo.png", "grey.png"):
    image = opened(name)
    say(f"{name} is", type(image).__name__)
    say("  size", image.get_size())
    upright = image.auto_orient()
    say("  upright", upright.get_size())
    say("  alpha", (upright.has_alpha(), upright.has_animation()))
    thumbnail = upright.crop((5, 5, 100, 80)).resize((60, 40))
    for turn in (90, 180, 270):
        say(f"  turned by {turn}", thumbnail.rotate(turn).get_pillow_image())
    flat = thumbnail.set_background_color_rgb((200, 100, 50))
    out = io.BytesIO()
    flat.save_as_png(out)
    say("  png", pixels(out.getvalue()))
    for options in ({}, {"quality": 40, "progressive": True}, {"optimize": True}):
        out = io.BytesIO()
        flat.save_as_jpeg(out, **options)
        # Not its bytes: what is left of the EXIF data is written anew by Pillow, and kept by pilaf.
        jpeg = pixels(out.getvalue())
        say(f"  jpeg {options}", jpeg)
        say("    exif", sorted(jpeg.getexif().items()))
    say("  rgb", bytes(flat.to_buffer_rgb().data))
    say("  rgba", bytes(flat.to_buffer_rgba().data))
