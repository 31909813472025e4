"""`show`: the viewers and what they run, without running any."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import Any

import pytest
import synthetic

from pilaf import Image, ImageShow


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """What would have been run. The temporary files are deleted afterwards."""
    calls: list[list[str]] = []
    monkeypatch.setattr(ImageShow, "_start", lambda arguments: calls.append([*arguments]))
    monkeypatch.setattr(ImageShow, "_viewers", [])
    yield calls
    for call in calls:
        for word in call:
            if word.endswith(".png") and os.path.exists(word):
                os.remove(word)


def test_an_image_is_shown_from_a_file_that_goes_away(started: list[list[str]]) -> None:
    ImageShow.register(ImageShow.DisplayViewer)
    title = "; rm -rf $(HOME) '\""
    image = synthetic.image()
    image.show(title)
    shown, deleted = started
    path = shown[-1]
    assert shown == ["display", "-title", title, path], "one argument each: no shell reads them"
    assert Image.open(path).tobytes() == image.tobytes()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert path in deleted


def test_without_a_viewer_nothing_is_written(started: list[list[str]]) -> None:
    assert ImageShow.show(Image.new("L", (1, 1))) is False
    assert started == []


@pytest.mark.parametrize("mode", ["CMYK", "P", "F", "I", "RGBa", "1", "LA", "I;16", "HSV"])
def test_any_mode_is_shown(mode: str, started: list[list[str]]) -> None:
    ImageShow.register(ImageShow.EogViewer())
    expected = mode if mode in ("1", "LA", "I;16", "P") else Image.getmodebase(mode)
    Image.new(mode, (2, 2)).show()
    assert Image.open(started[0][-1]).mode == expected


def test_the_order_of_viewers(started: list[list[str]]) -> None:
    class Mine(ImageShow.Viewer):
        def __init__(self, takes: int) -> None:
            self.takes = takes
            self.shown: list[Any] = []

        def show_image(self, image: Image.Image, **options: Any) -> int:
            self.shown.append(options)
            return self.takes

    first, last, never = Mine(0), Mine(1), Mine(1)
    ImageShow.register(last)
    ImageShow.register(never)
    ImageShow.register(first, 0)
    assert ImageShow.show(Image.new("L", (1, 1)), "title", more=1)
    assert (first.shown, last.shown, never.shown) == (
        [{"title": "title", "more": 1}],
        [{"title": "title", "more": 1}],
        [],
    )
    with pytest.raises(NotImplementedError):
        ImageShow.Viewer().get_arguments("path")
    with pytest.raises(FileNotFoundError):
        ImageShow.EogViewer().show_file("/no/such/file.png")


def test_files_are_deleted_by_another_process(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setattr(ImageShow, "_SECONDS", 0.0)
    file = tmp_path / "a.png"
    file.write_bytes(b"")
    ImageShow._delete_later(str(file))
    for _ in range(1200):
        if not file.exists():
            return
        time.sleep(0.05)
    pytest.fail("the file is still there")
