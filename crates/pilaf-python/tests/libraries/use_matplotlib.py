import io

import matplotlib
import numpy as np
from common import FOLDER, pixels, say

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from PIL import Image  # noqa: E402

figure, axes = plt.subplots(figsize=(3, 2))
axes.imshow(Image.open(FOLDER / "photo.jpg"))
axes.plot([10, 90], [20, 60], "r-")
axes.set_title("a title")
for format, options in {
    "png": {"metadata": {"Author": "nobody", "Title": "caf\u00e9"}},
    "jpg": {"pil_kwargs": {"quality": 60, "progressive": True}},
    "jpeg": {"dpi": 50},
}.items():
    out = io.BytesIO()
    figure.savefig(out, format=format, **options)
    image = pixels(out.getvalue())
    say(format, image)
    say("  dpi", [round(float(number)) for number in image.info["dpi"]])
    say("  author", image.info.get("Author"))
    say("  title", image.info.get("Title"))
    if format != "png":
        say("  bytes", out.getvalue())
for name in ("photo.jpg", "logo.png", "grey.png", "deep.png"):
    say(f"imread {name}", plt.imread(FOLDER / name))
for format in ("png", "jpg"):
    out = io.BytesIO()
    plt.imsave(out, np.linspace(0, 1, 600).reshape(20, 30), format=format, cmap="viridis")
    say(f"imsave {format}", pixels(out.getvalue()))
