"""Memory that is not there is a MemoryError, never an abort, and the process goes on."""

import subprocess
import sys

import pytest

# 64 bits of address space would let nearly everything be asked for; so it is cut off.
PROGRAM = """
import resource
from pilaf import Image, ImageChops, ImageFilter, ImageOps
image = Image.new("RGB", (4000, 4000), (1, 2, 3))
small = Image.new("RGB", (10, 10))
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (40 << 20),) * 2)
try:
    {call}
except MemoryError as error:
    print("MemoryError", small.convert("L").getpixel((0, 0)))
else:
    print("nothing raised")
"""

CALLS = [
    'Image.new("RGB", (10**5, 10**5))',
    'Image.new("RGB", (10**5, 10**5), "red")',
    'Image.new("I", (2**31 - 1, 2**31 - 1))',
    'Image.frombytes("L", (10**5, 10**5), b"")',
    "Image.linear_gradient('L').resize((10**5, 10**5))",
    "image.convert('CMYK')",
    "image.convert('L').convert('RGB')",
    "image.transpose(Image.Transpose.ROTATE_90)",
    "image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)",
    "image.crop((-1, -1, 4001, 4001))",
    "image.crop((0, 0, 9000, 9000))",
    "image.rotate(30)",
    "small.transform((10**5, 10**5), Image.Transform.AFFINE, (1, 0, 0, 0, 1, 0))",
    "image.filter(ImageFilter.GaussianBlur(3))",
    "image.filter(ImageFilter.SHARPEN)",
    "image.copy().putpixel((0, 0), 5)",
    "image.copy().paste(1, (0, 0, 1, 1))",
    "image.point(lambda v: v)",
    "image.tobytes()",
    "image.tobytes('raw', 'BGR')",
    "Image.blend(image, image, 0.5)",
    "ImageChops.add(image, image)",
    "ImageChops.invert(image)",
    "ImageOps.expand(small, 10**5)",
]


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="limits address space as Linux does"
)
@pytest.mark.parametrize("call", CALLS)
def test_memory_that_is_not_there(call):
    command = [sys.executable, "-c", PROGRAM.format(call=call)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.stdout == "MemoryError 0\n", run.stdout + run.stderr
