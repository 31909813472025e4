"""`install_as_PIL`: each case in a process of its own, since a process has one PIL."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest


def run(code: str) -> str:
    """Runs a program; returns what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_PIL_is_pilaf() -> None:
    run(
        """
        import pilaf
        pilaf.install_as_PIL()
        pilaf.install_as_PIL()  # changes nothing
        import PIL, PIL.Image
        from PIL import Image, ImageChops, ImageColor, ImageEnhance, ImageFile, ImageFilter
        from PIL import ImageMode, ImageOps, ImagePalette, ImageSequence, ImageStat, ImageTransform
        from PIL import ExifTags, TiffTags, features, UnidentifiedImageError, __version__
        from PIL import JpegImagePlugin, PngImagePlugin, TiffImagePlugin
        from PIL.PngImagePlugin import PngInfo
        import pilaf.Image, pilaf.ImageOps, pilaf.PngImagePlugin
        assert PIL.Image is Image is pilaf.Image
        assert ImageOps is pilaf.ImageOps and PngInfo is pilaf.PngImagePlugin.PngInfo
        assert Image.__name__ == Image.__spec__.name == "pilaf.Image"
        assert UnidentifiedImageError is pilaf.UnidentifiedImageError is PIL.UnidentifiedImageError
        assert PIL.__version__ == __version__ == "13.0.0"
        image = Image.new("RGB", (4, 3), "red")
        assert ImageOps.invert(image).getpixel((0, 0)) == (0, 255, 255)
        import importlib, importlib.util
        assert importlib.import_module("PIL.ImageOps") is pilaf.ImageOps
        assert importlib.util.find_spec("PIL").name == "PIL"
        import pickle
        assert pickle.loads(pickle.dumps(image)) == image
        """
    )


@pytest.mark.parametrize("first", ["PngImagePlugin", "JpegImagePlugin", "ImageFile", "features"])
def test_modules_may_come_in_any_order(first: str) -> None:
    run(
        f"""
        import pilaf
        pilaf.install_as_PIL()
        import PIL.{first}
        from PIL import Image
        for format in ("JPEG", "PNG"):
            assert Image.open(Image.new("L", (2, 1)).encode(format)).format == format
        """
    )


def test_what_pilaf_lacks_is_named() -> None:
    run(
        """
        import pilaf
        pilaf.install_as_PIL()
        import PIL.Image
        for name in ("ImageCms", "ImageTk", "_imaging", "io", "nothing"):
            for statement in (f"from PIL import {name}", f"import PIL.{name}"):
                try:
                    exec(statement)
                except ModuleNotFoundError as error:
                    text = str(error)
                    assert f"pilaf has no {name}: PIL.{name} was asked for" in text, text
                    assert error.name == f"pilaf.{name}"
                else:
                    raise AssertionError(statement)
        try:
            PIL.Image.no_such_thing
        except AttributeError as error:
            assert "pilaf.Image" in str(error) and "no_such_thing" in str(error)
        """
    )


def test_uninstalling() -> None:
    run(
        """
        import sys, pilaf
        before = list(sys.meta_path)
        with pilaf.install_as_PIL() as installed:
            from PIL import Image as inside
            import PIL.ImageOps
        assert sys.meta_path == before
        assert not [name for name in sys.modules if name.startswith("PIL")]
        installed.uninstall()  # once more does no harm
        try:
            import PIL
        except ImportError:
            pass
        else:
            assert "pilaf" not in (PIL.__file__ or ""), PIL.__file__
        assert inside is pilaf.Image
        """
    )


def test_the_distribution_pillow() -> None:
    run(
        """
        import pilaf
        from importlib import metadata
        with pilaf.install_as_PIL():
            assert metadata.version("Pillow") == metadata.version("pillow") == "13.0.0"
            assert "pilaf" in metadata.metadata("Pillow")["Summary"]
            assert metadata.version("numpy")
            assert [d for d in metadata.distributions() if d.metadata["Name"] == "numpy"]
            try:
                metadata.version("no-such-distribution")
            except metadata.PackageNotFoundError:
                pass
        """
    )


@pytest.mark.oracle
def test_pillow_that_was_imported_before_is_left_alone() -> None:
    run(
        """
        import PIL, sys
        import pilaf
        before = list(sys.meta_path)
        try:
            pilaf.install_as_PIL()
        except RuntimeError as error:
            assert "Pillow was imported already, from" in str(error)
            assert "at the very beginning" in str(error)
        else:
            raise AssertionError("not refused")
        assert sys.meta_path == before
        from PIL import Image
        assert "pilaf" not in Image.__file__
        """
    )


def test_there_are_no_fonts_but_their_module() -> None:
    """Libraries import it, torchvision among them, that draw text now and then."""
    run(
        """
        import pilaf
        pilaf.install_as_PIL()
        from PIL import ImageFont
        for call in (
            ImageFont.load_default, lambda: ImageFont.truetype("DejaVuSans.ttf", 12),
            lambda: ImageFont.load("courier.pil"), lambda: ImageFont.load_path("courier.pil"),
            lambda: ImageFont.FreeTypeFont("DejaVuSans.ttf"), ImageFont.ImageFont,
        ):
            try:
                call()
            except ImportError as error:
                assert "pilaf draws no text" in str(error)
            else:
                raise AssertionError(call)
        """
    )
