"""Raw image bytes in, resized image bytes out: Pillow's pixels, as fast as the machine allows.

>>> import io
>>> from pilaf import Image
>>> body = Image.new("RGB", (1440, 1080), (200, 120, 40)).encode("JPEG")
>>> img = Image.open(body)                  # raw bytes need no wrapper
>>> img.size, img.mode, img.format          # known without decoding
((1440, 1080), 'RGB', 'JPEG')
>>> small = img.resize((720, 540), Image.Resampling.LANCZOS)
>>> out = io.BytesIO()
>>> small.save(out, "JPEG", quality=80)

In one call, with the GIL released, turned upright as EXIF says:

>>> import pilaf
>>> jpeg = pilaf.thumbnail(body, (720, 720), format="JPEG", quality=80)
>>> Image.open(jpeg).size
(720, 540)
"""

from __future__ import annotations

from . import Image, io
from ._async import aopen, athumbnail
from ._explain import Code, Diagnosis, explain
from ._install import install_as_PIL
from ._pilaf import Limits, UnidentifiedImageError, __version__
from ._probe import Probe, probe
from ._repair import Repair, Repaired, Step, from_base64, repair
from ._thumbnail import thumbnail

__all__ = [
    "Code",
    "Diagnosis",
    "Image",
    "Limits",
    "Probe",
    "Repair",
    "Repaired",
    "Step",
    "UnidentifiedImageError",
    "__version__",
    "aopen",
    "athumbnail",
    "explain",
    "from_base64",
    "install_as_PIL",
    "io",
    "probe",
    "repair",
    "thumbnail",
]
