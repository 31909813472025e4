"""One call from bytes to bytes: geometry, orientation, colours, exactness, memory."""

from __future__ import annotations

import io
import math
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
import synthetic

import pilaf
from pilaf import Image


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(data))


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    error = np.mean((a.astype(float) - b.astype(float)) ** 2)
    return 99.0 if error == 0 else 10 * math.log10(255**2 / error)


def test_geometries() -> None:
    body = synthetic.image(400, 300).encode("PNG")
    sizes: dict[tuple[str, tuple[int, int]], tuple[int, int]] = {
        ("fit", (100, 100)): (100, 75),
        ("fit", (0, 30)): (40, 30),
        ("fit", (900, 900)): (400, 300),
        ("fill", (50, 60)): (50, 60),
        ("cover", (64, 64)): (64, 64),
    }
    for (geometry, size), expected in sizes.items():
        assert Image.open(pilaf.thumbnail(body, size, geometry=geometry)).size == expected
    grown = pilaf.thumbnail(body, (800, 800), enlarge=True)
    assert Image.open(grown).size == (800, 600)
    for wrong in ({"geometry": "squeeze"}, {"filter": "wobble"}, {"format": "TIFF"}):
        with pytest.raises(ValueError):
            pilaf.thumbnail(body, (10, 10), **wrong)
    with pytest.raises(ValueError):
        pilaf.thumbnail(body, (0, 0))


def test_the_format_of_the_source_is_kept() -> None:
    for format in ("JPEG", "PNG"):
        body = synthetic.image().encode(format)
        assert Image.open(pilaf.thumbnail(body, (10, 10))).format == format


def test_transparency_is_laid_over_the_background() -> None:
    body = Image.new("RGBA", (40, 40), (10, 20, 30, 0)).encode("PNG")
    jpeg = pixels(pilaf.thumbnail(body, (10, 10), format="JPEG", background=(200, 100, 50)))
    assert np.abs(jpeg.astype(int) - (200, 100, 50)).max() <= 3


def test_profiles_stay_with_their_colours() -> None:
    profile = bytes(1000)
    body = synthetic.image().encode("JPEG", icc_profile=profile)
    assert Image.open(pilaf.thumbnail(body, (10, 10))).info["icc_profile"] == profile
    cmyk = Image.new("CMYK", (40, 40), (1, 2, 3, 4)).encode("JPEG", icc_profile=profile)
    assert Image.open(pilaf.thumbnail(cmyk, (10, 10))).info["icc_profile"] == profile
    assert "icc_profile" not in Image.open(pilaf.thumbnail(cmyk, (10, 10), format="PNG")).info


@pytest.mark.oracle
@pytest.mark.parametrize("exact", [False, True])
def test_every_orientation(exact: bool) -> None:
    import PIL.Image
    import PIL.ImageOps

    for orientation in range(1, 9):
        exif = PIL.Image.Exif()
        exif[0x0112] = orientation
        body = synthetic.image(320, 200).encode("JPEG", quality=95, exif=exif.tobytes())
        ours = pixels(pilaf.thumbnail(body, (80, 80), format="PNG", exact=exact))
        upright = PIL.ImageOps.exif_transpose(PIL.Image.open(io.BytesIO(body)))
        lanczos = PIL.Image.Resampling.LANCZOS
        theirs = np.asarray(upright.resize((ours.shape[1], ours.shape[0]), lanczos))
        assert psnr(ours, theirs) > 40, orientation
        plain = Image.open(pilaf.thumbnail(body, (80, 80), format="PNG", upright=False))
        assert plain.size == (80, 50)


@pytest.mark.oracle
@pytest.mark.parametrize("filter", ["box", "bilinear", "bicubic", "lanczos", "nearest", "mks2013"])
def test_exact_is_open_and_resize(filter: str) -> None:
    import PIL.Image

    rng = np.random.default_rng(5)
    for _ in range(12):
        width, height = (int(side) for side in rng.integers(1, 300, 2))
        mode = ["RGB", "L"][int(rng.integers(2))]
        theirs = PIL.Image.fromarray(synthetic.photograph(width, height)).convert(mode)
        out = io.BytesIO()
        subsampling, progressive = int(rng.integers(3)), bool(rng.integers(2))
        theirs.save(out, "JPEG", subsampling=subsampling, progressive=progressive)
        size = tuple(int(side) for side in rng.integers(1, 200, 2))
        png = pilaf.thumbnail(
            out.getvalue(), size, geometry="fill", filter=filter, format="PNG", exact=True
        )
        expected = PIL.Image.open(out).resize(size, PIL.Image.Resampling[filter.upper()])
        assert np.array_equal(pixels(png), np.asarray(expected)), (width, height, size, mode)


@pytest.mark.oracle
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("progressive", [False, True])
def test_fused_is_close_to_exact(subsampling: int, progressive: bool) -> None:
    body = synthetic.image(1001, 803).encode(
        "JPEG", quality=90, subsampling=subsampling, progressive=progressive
    )
    for size in ((480, 480), (224, 224), (100, 100), (1000, 40)):
        fused = pixels(pilaf.thumbnail(body, size, format="PNG"))
        exact = pixels(pilaf.thumbnail(body, size, format="PNG", exact=True))
        assert psnr(fused, exact) > 45, size
        # A JPEG of it takes another way through the colours.
        jpeg = pixels(pilaf.thumbnail(body, size, format="JPEG", quality=95, subsampling=0))
        assert psnr(jpeg, exact) > 38, size


def test_fused_on_photographs(corpus: Path) -> None:
    for path in sorted((corpus / "photos").glob("*.jpg")):
        body = path.read_bytes()
        for width in (720, 224):
            if Image.open(body).width <= width:
                continue
            fused = pixels(pilaf.thumbnail(body, (width, 0), format="PNG"))
            exact = pixels(pilaf.thumbnail(body, (width, 0), format="PNG", exact=True))
            assert psnr(fused, exact) > 45, (path.name, width)


def test_cover_shows_the_middle() -> None:
    body = synthetic.image(900, 300).encode("JPEG", quality=95)
    fused = pixels(pilaf.thumbnail(body, (60, 60), geometry="cover", format="PNG"))
    exact = pixels(pilaf.thumbnail(body, (60, 60), geometry="cover", format="PNG", exact=True))
    assert psnr(fused, exact) > 45


@pytest.mark.parametrize("exact", [False, True])
def test_threads_change_nothing(exact: bool) -> None:
    body = synthetic.image(1200, 900).encode("JPEG", quality=90)
    for data, width in [(body, 250), (body, 700), (io.BytesIO(body), 700), (body[:-3000], 700)]:
        made = []
        for threads in (1, 2, 5):
            try:
                made.append(pilaf.thumbnail(data, (width, 0), exact=exact, threads=threads))
            except pilaf.UnidentifiedImageError as error:
                made.append(str(error).encode())
        assert made[0] == made[1] == made[2]
        assert made[0].startswith(b"\xff\xd8") == (data != body[:-3000])


def huge_jpeg(side: int = 20_000) -> bytes:
    """A grey 4:2:0 JPEG of `side` squared, a multiple of 16: with the standard tables an MCU
    that equals the one before it is 00 1010 four times and 00 00 twice, 32 bits."""
    small = synthetic.Image.new("RGB", (16, 16), (128, 128, 128)).encode("JPEG")
    frame = small.index(b"\xff\xc0")
    scan = small.index(b"\xff\xda")
    end_of_header = scan + 2 + int.from_bytes(small[scan + 2 : scan + 4], "big")
    header = bytearray(small[:end_of_header])
    header[frame + 5 : frame + 9] = side.to_bytes(2, "big") * 2
    mcu = int("001010" * 4 + "0000" * 2, 2).to_bytes(4, "big")
    return bytes(header) + mcu * (side // 16) ** 2 + b"\xff\xd9"


def dense_jpeg(side: int = 20_000) -> bytes:
    """A 4:2:0 JPEG of `side` squared, of more than 100 MB: MCUs of random coefficients with the
    standard tables, the same in every group of them, all of which have the DC of the first."""
    codes = ["00", "01", "100", "1011", "11010", "1111000", "11111000"]  # of 1 to 7 bits
    random = Random(3)
    bits, mcus = "", 0
    while mcus < 600 or len(bits) % 8:
        for _ in range(4):
            sizes = [random.randrange(7) for _ in range(random.randrange(16, 32))]
            values = [format(random.randrange(2 << size), f"0{size + 1}b") for size in sizes]
            coded = zip((codes[size] for size in sizes), values, strict=True)
            bits += "00" + "".join(code + value for code, value in coded) + "1010"
        bits, mcus = bits + "0000" * 2, mcus + 1
    group = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    huge = huge_jpeg(16)
    size = huge.index(b"\xff\xc0") + 5
    header = huge[:size] + side.to_bytes(2, "big") * 2 + huge[size + 4 : -6]
    return header + group * (-(-((side // 16) ** 2) // mcus)) + b"\xff\xd9"


# The high-water mark of the process itself: ru_maxrss also counts the parent that forked it.
MEASURE = """
import os, pathlib, re, sys, pilaf
path, way = sys.argv[1:]
limits = pilaf.Limits(max_pixels=10**9, max_bytes=64 << 20)
source = {"path": path, "file": open(path, "rb"), "stream": os.fdopen(os.dup(0), "rb")}.get(way)
if source is None:
    source = open(path, "rb").read()
out = pilaf.thumbnail(source, (720, 720), format="JPEG", limits=limits, exact=way == "exact")
status = pathlib.Path("/proc/self/status").read_text()
print(len(out), int(re.search(r"VmHWM:\\s*(\\d+)", status)[1]) // 1024)
"""


def measured(path: Path, way: str) -> tuple[int, int]:
    """Bytes of a thumbnail of the file at `path`, and the most megabytes that the process took."""
    command = [sys.executable, "-c", MEASURE, str(path), way]
    with subprocess.Popen(["cat", str(path)], stdout=subprocess.PIPE) as pipe:
        done = subprocess.run(
            command, stdin=pipe.stdout, capture_output=True, text=True, check=True
        )
        pipe.kill()
    length, megabytes = map(int, done.stdout.split())
    return length, megabytes


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("way", ["fused", "exact"])
def test_a_huge_jpeg_takes_little_memory(way: str, tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    path.write_bytes(huge_jpeg())
    length, megabytes = measured(path, way)
    assert length > 1000
    assert megabytes < 64, f"{megabytes} MB at the most"


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dense") / "dense.jpg"
    path.write_bytes(dense_jpeg())
    assert path.stat().st_size > 100 << 20
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("way", ["path", "file", "stream"])
def test_a_large_file_is_not_held(way: str, dense: Path) -> None:
    length, megabytes = measured(dense, way)
    assert length > 1000
    assert megabytes < 64, f"{megabytes} MB at the most, of a file of {dense.stat().st_size >> 20}"


COMMAND = """
import pathlib, re, sys
from pilaf._command import main
try:
    code = main()
except SystemExit as exit:
    code = exit.code
status = pathlib.Path("/proc/self/status").read_text()
print(code, int(re.search(r"VmHWM:\\s*(\\d+)", status)[1]) // 1024, file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_command_does_not_hold_its_standard_input(dense: Path) -> None:
    arguments = [
        "resize",
        "-",
        "-o",
        "-",
        "--width",
        "720",
        "--quiet",
        "--max-pixels",
        "1000000000",
    ]
    with subprocess.Popen(["cat", str(dense)], stdout=subprocess.PIPE) as pipe:
        command = [sys.executable, "-c", COMMAND, *arguments]
        done = subprocess.run(command, stdin=pipe.stdout, capture_output=True, check=True)
    assert Image.open(done.stdout).size == (720, 720)
    code, megabytes = map(int, done.stderr.split())
    assert code == 0
    assert megabytes < 64, f"{megabytes} MB at the most"
