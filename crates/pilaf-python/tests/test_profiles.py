"""The profiles of `resize` beside the libraries whose pixels they give: equal, no tolerance."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
import torch_cases

import pilaf
from pilaf import Image

MODES = ["L", "LA", "RGB", "RGBA"]
SLOW = bool(os.environ.get("PILAF_TEST_SLOW"))
TORCH_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def picture(rng: random.Random, bands: int, size: tuple[int, int]) -> bytes:
    noise = rng.randbytes(size[0] * size[1] * bands)
    return noise if rng.random() < 0.7 else bytes(byte // 128 * 255 for byte in noise)


def opencv_case(rng: random.Random, longest: int) -> tuple[int, tuple[int, int], tuple[int, int]]:
    """Bands, size and target: any, one side kept, or whole factors."""
    size = (rng.randint(1, longest), rng.randint(1, longest))
    target = [rng.randint(1, longest), rng.randint(1, longest)]
    choice = rng.random()
    if choice < 0.15:
        axis = rng.randrange(2)
        target[axis] = size[axis]
    elif choice < 0.4:
        factors = rng.choice([(2, 2), (rng.randint(1, 6), rng.randint(1, 6))])
        target = [rng.randint(1, longest // 6), rng.randint(1, longest // 6)]
        size = (target[0] * factors[0], target[1] * factors[1])
    return rng.randint(1, 4), size, (target[0], target[1])


def compare_with_opencv(cases: int, longest: int) -> None:
    cv2: Any = pytest.importorskip("cv2", reason="NOT tested: OpenCV is not installed")
    np: Any = pytest.importorskip("numpy")
    rng = random.Random(longest)
    for _ in range(cases):
        bands, size, target = opencv_case(rng, longest)
        data = picture(rng, bands, size)
        ours = Image.frombytes(MODES[bands - 1], size, data)
        array = np.frombuffer(data, np.uint8).reshape(size[1], size[0], bands)
        profiles: list[tuple[Any, Any]] = [
            ("opencv-area", cv2.INTER_AREA),
            ("opencv-linear", cv2.INTER_LINEAR),
        ]
        for profile, flag in profiles:
            wanted = cv2.resize(array, target, interpolation=flag).tobytes()
            got = ours.resize(target, profile=profile).tobytes()
            assert got == wanted, (profile, bands, size, target)


def test_opencv_gives_the_same_pixels() -> None:
    compare_with_opencv(cases=600, longest=90)
    compare_with_opencv(cases=12, longest=1500)


@pytest.mark.slow
def test_opencv_gives_the_same_pixels_in_20000_cases() -> None:
    compare_with_opencv(cases=19_500, longest=150)
    compare_with_opencv(cases=500, longest=2500)


def resized(case: torch_cases.Case, **options: Any) -> bytes:
    image = Image.frombytes(case.mode, case.size, case.data())
    return image.resize(
        case.target, TORCH_FILTERS[case.filter], profile="torch-antialias", **options
    ).tobytes()


def test_torch_gave_the_same_pixels() -> None:
    record = json.loads((Path(__file__).parent / "golden/torch_antialias.json").read_text())
    assert record["producer"].startswith("torch 2.")
    for case in torch_cases.cases(48, 24):
        assert resized(case).hex() == record["pixels"][str(case.seed)], (case, record["producer"])


def test_torch_gives_the_same_pixels() -> None:
    pytest.importorskip("torch", reason="NOT tested live, only against the record: no torch here")
    for case in torch_cases.cases(5000 if SLOW else 300, 150, start=1000):
        assert resized(case) == torch_cases.by_torch(case), case
    for case in torch_cases.cases(100 if SLOW else 8, 1500, start=100_000):
        assert resized(case) == torch_cases.by_torch(case), case


@pytest.mark.parametrize("profile", ["opencv-area", "opencv-linear", "torch-antialias"])
def test_threads_and_boxes(profile: Any) -> None:
    data = random.Random(1).randbytes(1300 * 1100 * 3)
    image = Image.frombytes("RGB", (1300, 1100), data)
    for target in [(650, 550), (401, 333), (1400, 1200), (1301, 90)]:
        wanted = image.resize(target, profile=profile)
        assert image.resize(target, profile=profile, threads=3).tobytes() == wanted.tobytes()
    box = (100, 50, 900, 1000)
    cut = image.crop(box).resize((123, 77), profile=profile)
    assert image.resize((123, 77), box=box, profile=profile).tobytes() == cut.tobytes()
    assert image.resize(image.size, profile=profile).tobytes() == data


def test_what_makes_no_sense_is_refused() -> None:
    image = Image.new("RGB", (9, 9))
    refusals: list[tuple[dict[str, Any], str]] = [
        ({"profile": "skimage"}, "unknown profile"),
        ({"profile": "opencv-area", "resample": 1}, "has a filter of its own"),
        ({"profile": "torch-antialias", "resample": 1}, "has bilinear and bicubic"),
        ({"profile": "opencv-area", "box": (0, 0, 4.5, 9)}, "whole pixels"),
        ({"profile": "opencv-area", "box": (3, 0, 3, 9)}, "box can't be empty"),
        ({"profile": "opencv-area", "reducing_gap": 2.0}, "takes neither"),
        ({"profile": "torch-antialias", "linear_light": True}, "takes neither"),
    ]
    for options, text in refusals:
        with pytest.raises(ValueError, match=text):
            image.resize((3, 3), **options)
    for mode in ["1", "P", "F", "I;16"]:
        with pytest.raises(ValueError, match="samples of 8 bits"):
            Image.new(mode, (9, 9)).resize((3, 3), profile="opencv-area")


def test_thumbnails_have_profiles() -> None:
    image = Image.frombytes("RGB", (60, 45), random.Random(2).randbytes(60 * 45 * 3))
    body = image.encode("PNG")
    thumb = pilaf.thumbnail(body, (20, 15), profile="opencv-area")
    assert Image.open(thumb).tobytes() == image.resize((20, 15), profile="opencv-area").tobytes()
    cover = pilaf.thumbnail(body, (7, 7), geometry="cover", profile="opencv-linear", threads=2)
    assert Image.open(cover).size == (7, 7)
    light = pilaf.thumbnail(body, (20, 15), filter="box", linear_light=True)
    wanted = image.resize((20, 15), Image.Resampling.BOX, linear_light=True)
    assert Image.open(light).tobytes() == wanted.tobytes()
