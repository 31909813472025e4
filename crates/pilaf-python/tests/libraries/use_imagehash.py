import imagehash
from common import FOLDER, say
from PIL import Image, ImageFilter

photo = Image.open(FOLDER / "photo.jpg")
variants = {
    "photo": photo,
    "small": photo.resize((90, 70), Image.Resampling.BILINEAR),
    "blurred": photo.filter(ImageFilter.GaussianBlur(3)),
    "turned": photo.rotate(5, expand=True),
    "logo": Image.open(FOLDER / "logo.png"),
    "palette": photo.convert("P", palette=Image.Palette.ADAPTIVE),
}
functions = [
    imagehash.average_hash,
    imagehash.phash,
    imagehash.phash_simple,
    imagehash.dhash,
    imagehash.dhash_vertical,
    imagehash.whash,
    imagehash.colorhash,
]
for function in functions:
    hashes = {name: function(image) for name, image in variants.items()}
    for name, value in hashes.items():
        say(f"{function.__name__} of {name}", value)
        say("  distance to the photo", hashes["photo"] - value)
    again = (
        imagehash.hex_to_hash(str(hashes["photo"])) if function.__name__ != "colorhash" else None
    )
    assert again is None or again == hashes["photo"]
for name in ("photo", "blurred"):
    say(f"crop_resistant_hash of {name}", imagehash.crop_resistant_hash(variants[name]))
