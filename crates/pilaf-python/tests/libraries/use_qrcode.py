import io

import qrcode
from common import pixels, say
from qrcode.image.styledpil import StyledPilImage
from qrcode.image.styles import colormasks
from qrcode.image.styles.moduledrawers import pil as drawers

code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_H, box_size=7)
code.add_data("https://example.org/pilaf?rice=basmati")
code.make()
for colors in ({}, {"fill_color": "navy", "back_color": "#fed"}, {"back_color": "transparent"}):
    image = code.make_image(**colors)
    say(f"plain {colors}", image.get_image())
    out = io.BytesIO()
    image.save(out)
    say("  png", pixels(out.getvalue()))
names = ["SquareModuleDrawer", "GappedSquareModuleDrawer", "CircleModuleDrawer"]
names += ["RoundedModuleDrawer", "VerticalBarsDrawer", "HorizontalBarsDrawer"]
for name in names:
    for mask in (
        None,
        colormasks.RadialGradiantColorMask(),
        colormasks.SolidFillColorMask((250, 240, 230), (9, 8, 7)),
    ):
        options = {} if mask is None else {"color_mask": mask}
        drawer = getattr(drawers, name)()
        image = code.make_image(image_factory=StyledPilImage, module_drawer=drawer, **options)
        say(f"{name} {type(mask).__name__}", image.get_image())
