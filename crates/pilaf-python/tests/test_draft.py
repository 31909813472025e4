"""`draft` and `thumbnail` of JPEG files against Pillow, and files that are cut off."""

from __future__ import annotations

import io

import numpy as np
import pytest
import synthetic

from pilaf import Image

pytestmark = pytest.mark.oracle


def jpeg(rng: np.random.Generator) -> bytes:
    """A JPEG of any size, mode and sampling."""
    import PIL.Image

    width, height = (int(side) for side in rng.integers(1, 400, 2))
    mode = ["RGB", "RGB", "L", "CMYK"][int(rng.integers(4))]
    image = PIL.Image.fromarray(synthetic.photograph(width, height)).convert(mode)
    out = io.BytesIO()
    image.save(out, "JPEG", subsampling=int(rng.integers(3)), progressive=bool(rng.integers(2)))
    return out.getvalue()


@pytest.mark.parametrize("seed", range(60))
def test_draft(seed: int) -> None:
    import PIL.Image

    rng = np.random.default_rng(seed)
    body = jpeg(rng)
    mode = [None, "L", "YCbCr", "RGB", "1"][int(rng.integers(5))]
    size = None if rng.integers(5) == 0 else tuple(int(side) for side in rng.integers(1, 200, 2))
    ours, theirs = Image.open(body), PIL.Image.open(io.BytesIO(body))
    assert ours.draft(mode, size) == theirs.draft(mode, size)
    assert (ours.mode, ours.size) == (theirs.mode, theirs.size)
    assert ours.draft(mode, size) == theirs.draft(mode, size)  # a second one changes nothing
    assert ours.tobytes() == theirs.tobytes()
    assert (ours.mode, ours.size) == (theirs.mode, theirs.size)
    assert ours.draft("L", (1, 1)) is None


@pytest.mark.parametrize("seed", range(60))
def test_thumbnail(seed: int) -> None:
    import PIL.Image

    rng = np.random.default_rng(seed)
    body = jpeg(rng)
    size = tuple(float(side) for side in rng.integers(1, 250, 2))
    gap = [None, 1.0, 2.0, 3.0][int(rng.integers(4))]
    resample = int(rng.integers(8))
    ours, theirs = Image.open(body), PIL.Image.open(io.BytesIO(body))
    ours.thumbnail(size, resample, gap)
    theirs.thumbnail(size, resample, gap)
    assert ours.size == theirs.size
    assert ours.tobytes() == theirs.tobytes()


def test_png_has_no_draft() -> None:
    image = Image.open(synthetic.image().encode("PNG"))
    assert image.draft("L", (1, 1)) is None
    assert image.size == (64, 48)


def test_truncated_is_chosen_per_call(monkeypatch: pytest.MonkeyPatch) -> None:
    import PIL.Image
    import PIL.ImageFile

    body = synthetic.image(160, 120).encode("JPEG")
    cut = body[: len(body) * 2 // 3]
    with pytest.raises(OSError):
        Image.open(cut).load()
    monkeypatch.setattr(PIL.ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    expected = PIL.Image.open(io.BytesIO(cut)).tobytes()
    assert Image.open(cut, truncated=True).tobytes() == expected
    with pytest.raises(OSError):
        Image.open(cut).load()
