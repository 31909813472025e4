"""Pickles and deep copies."""

from __future__ import annotations

import copy
import pickle

import pytest
from twins import MODES, twins

from pilaf import Image

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("mode", [*MODES, "LAB"])
def test_what_is_pickled_comes_back(mode: str) -> None:
    for size in [(5, 3), (1, 1), (0, 4)]:
        image = twins(mode, size)[0]
        image.info["note"] = [1, 2]
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            again = pickle.loads(pickle.dumps(image, protocol))
            assert again == image
            assert again.getpalette(None) == image.getpalette(None)
        twin = copy.deepcopy(image)
        assert twin == image
        if size == (5, 3):
            twin.putpixel((0, 0), 1 if mode != "F" else 1.0)
            twin.info["note"].append(3)
            assert image.info["note"] == [1, 2]


def test_an_opened_image_is_pickled_with_its_pixels() -> None:
    body = Image.new("RGB", (3, 2), "red").encode("PNG")
    assert pickle.loads(pickle.dumps(Image.open(body))).getpixel((2, 1)) == (255, 0, 0)
