import imageio.v3 as iio
import numpy as np
from common import FOLDER, pixels, say

for name in ("photo.jpg", "logo.png", "grey.png", "deep.png"):
    array = iio.imread(FOLDER / name, plugin="pillow")
    say(name, array)
    say("  writable", array.flags.writeable)
    properties = iio.improps(FOLDER / name, plugin="pillow")
    say("  properties", (properties.shape, properties.dtype, properties.is_batch))
    meta = iio.immeta(FOLDER / name, plugin="pillow", exclude_applied=False)
    say(
        "  metadata",
        sorted((key, str(meta[key])) for key in ("mode", "shape", "Orientation") if key in meta),
    )
    say("  upright", iio.imread(FOLDER / name, plugin="pillow", rotate=True))
    say("  grey", iio.imread(FOLDER / name, plugin="pillow", mode="L"))
    if name != "deep.png":
        say("  frames", [frame.shape for frame in iio.imiter(FOLDER / name, plugin="pillow")])
    body = iio.imwrite("<bytes>", array, extension=".png", plugin="pillow")
    assert (iio.imread(body, plugin="pillow") == array).all()
    if array.dtype == np.uint8 and array.shape[-1] != 4:
        body = iio.imwrite("<bytes>", array, extension=".jpg", plugin="pillow", quality=60)
        say("  as jpeg", body)
say(
    "palette",
    pixels(iio.imwrite("<bytes>", iio.imread(FOLDER / "photo.jpg"), extension=".png", bits=4)),
)
try:
    iio.imread(FOLDER / "text.jpg", plugin="pillow")
except OSError as error:
    say("no image", type(error).__name__)
