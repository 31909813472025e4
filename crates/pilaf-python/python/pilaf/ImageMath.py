"""Expressions over images of one band: the shape of `PIL.ImageMath`.

>>> from pilaf import Image, ImageMath
>>> a, b = Image.new("L", (1, 1), 200), Image.new("L", (1, 1), 100)
>>> ImageMath.lambda_eval(lambda args: args["a"] + args["b"] * 2, a=a, b=b).getpixel((0, 0))
400
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from types import CodeType
from typing import TYPE_CHECKING, Any

from . import Image, _pilaf

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["lambda_eval", "unsafe_eval"]


class _Operand:
    """An image in an expression. Modes 1 and L count as I; with a float, and with an image of mode
    F, integers become floats. Of images of two sizes the common part is used."""

    def __init__(self, im: Image.Image) -> None:
        self.im = im

    def _numbers(self, value: _Operand | float) -> Image.Image:
        if isinstance(value, _Operand):
            if value.im.mode in ("1", "L"):
                return value.im.convert("I")
            if value.im.mode in ("I", "F"):
                return value.im
            raise ValueError(f"unsupported mode: {value.im.mode}")
        integers = isinstance(value, int) and self.im.mode in ("1", "L", "I")
        return Image.new("I" if integers else "F", self.im.size, value)

    def apply(
        self,
        op: str,
        im1: _Operand | float,
        im2: _Operand | float | None = None,
        mode: str | None = None,
    ) -> _Operand:
        """The operation `op` on one or two operands; `mode` is what the bytes of the result are
        taken for."""
        first = self._numbers(im1)
        if im2 is None:
            made = _pilaf.compute(op, first.core)
        else:
            first, second = _alike(first, self._numbers(im2))
            made = _pilaf.compute_with(op, first.core, second.core)
        if mode is not None and mode != made.mode:
            made = _pilaf.reinterpret(made, mode)
        return _Operand(Image.Image._from_core(made))

    def __bool__(self) -> bool:
        """Whether there is a pixel that is not 0."""
        return self.im.getbbox() is not None

    def __abs__(self) -> _Operand:
        return self.apply("abs", self)

    def __pos__(self) -> Self:
        return self

    def __neg__(self) -> _Operand:
        return self.apply("neg", self)

    def __invert__(self) -> _Operand:
        return self.apply("invert", self)

    def __add__(self, other: _Operand | float) -> _Operand:
        return self.apply("add", self, other)

    def __radd__(self, other: _Operand | float) -> _Operand:
        return self.apply("add", other, self)

    def __sub__(self, other: _Operand | float) -> _Operand:
        return self.apply("sub", self, other)

    def __rsub__(self, other: _Operand | float) -> _Operand:
        return self.apply("sub", other, self)

    def __mul__(self, other: _Operand | float) -> _Operand:
        return self.apply("mul", self, other)

    def __rmul__(self, other: _Operand | float) -> _Operand:
        return self.apply("mul", other, self)

    def __truediv__(self, other: _Operand | float) -> _Operand:
        return self.apply("div", self, other)

    def __rtruediv__(self, other: _Operand | float) -> _Operand:
        return self.apply("div", other, self)

    def __mod__(self, other: _Operand | float) -> _Operand:
        return self.apply("mod", self, other)

    def __rmod__(self, other: _Operand | float) -> _Operand:
        return self.apply("mod", other, self)

    def __pow__(self, other: _Operand | float) -> _Operand:
        return self.apply("pow", self, other)

    def __rpow__(self, other: _Operand | float) -> _Operand:
        return self.apply("pow", other, self)

    def __and__(self, other: _Operand | float) -> _Operand:
        return self.apply("and", self, other)

    def __rand__(self, other: _Operand | float) -> _Operand:
        return self.apply("and", other, self)

    def __or__(self, other: _Operand | float) -> _Operand:
        return self.apply("or", self, other)

    def __ror__(self, other: _Operand | float) -> _Operand:
        return self.apply("or", other, self)

    def __xor__(self, other: _Operand | float) -> _Operand:
        return self.apply("xor", self, other)

    def __rxor__(self, other: _Operand | float) -> _Operand:
        return self.apply("xor", other, self)

    def __lshift__(self, other: _Operand | float) -> _Operand:
        return self.apply("lshift", self, other)

    def __rshift__(self, other: _Operand | float) -> _Operand:
        return self.apply("rshift", self, other)

    def __eq__(self, other: _Operand | float) -> _Operand:  # type: ignore[override]
        return self.apply("eq", self, other)

    def __ne__(self, other: _Operand | float) -> _Operand:  # type: ignore[override]
        return self.apply("ne", self, other)

    def __lt__(self, other: _Operand | float) -> _Operand:
        return self.apply("lt", self, other)

    def __le__(self, other: _Operand | float) -> _Operand:
        return self.apply("le", self, other)

    def __gt__(self, other: _Operand | float) -> _Operand:
        return self.apply("gt", self, other)

    def __ge__(self, other: _Operand | float) -> _Operand:
        return self.apply("ge", self, other)

    __hash__ = None  # type: ignore[assignment]


def _alike(first: Image.Image, second: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Both in one mode and size."""
    if first.mode != second.mode:
        first, second = first.convert("F"), second.convert("F")
    if first.size != second.size:
        width, height = map(min, first.size, second.size)
        first, second = (image.crop((0, 0, width, height)) for image in (first, second))
    return first, second


def imagemath_int(self: _Operand) -> _Operand:
    """The operand in mode I."""
    return _Operand(self.im.convert("I"))


def imagemath_float(self: _Operand) -> _Operand:
    """The operand in mode F."""
    return _Operand(self.im.convert("F"))


def imagemath_equal(self: _Operand, other: _Operand | float | None) -> _Operand:
    """1 where both are equal, in mode I; of floats the bits of 1.0, as in Pillow."""
    return self.apply("eq", self, other, mode="I")


def imagemath_notequal(self: _Operand, other: _Operand | float | None) -> _Operand:
    """1 where both differ, in mode I; of floats the bits of 1.0, as in Pillow."""
    return self.apply("ne", self, other, mode="I")


def imagemath_min(self: _Operand, other: _Operand | float | None) -> _Operand:
    """The lesser of both."""
    return self.apply("min", self, other)


def imagemath_max(self: _Operand, other: _Operand | float | None) -> _Operand:
    """The greater of both."""
    return self.apply("max", self, other)


def imagemath_convert(self: _Operand, mode: str) -> _Operand:
    """The operand in another mode."""
    return _Operand(self.im.convert(mode))


ops = {
    "int": imagemath_int,
    "float": imagemath_float,
    "equal": imagemath_equal,
    "notequal": imagemath_notequal,
    "min": imagemath_min,
    "max": imagemath_max,
    "convert": imagemath_convert,
}


def lambda_eval(expression: Callable[[dict[str, Any]], Any], **kw: Any) -> Any:
    """What a function of images returns.

    :param expression: a function of a dictionary of `kw`, in which images are operands, and of
        `int`, `float`, `equal`, `notequal`, `min`, `max`, `convert`.
    :param kw: images and other values by name.
    :returns: an image, if the result is an operand; else the result.
    """
    return _result(expression(_namespace(kw)))


def unsafe_eval(expression: str, **kw: Any) -> Any:
    """As :func:`lambda_eval`, of Python source code, which `eval` runs: never for code that others
    wrote.

    :raises ValueError: a name is used that is none of the values.
    """
    for name in kw:
        if "__" in name or hasattr(builtins, name):
            raise ValueError(f"'{name}' not allowed")
    args = _namespace(kw)
    _check_names(compile(expression, "<string>", "eval"), args)
    return _result(builtins.eval(expression, None, args))


def _namespace(values: dict[str, Any]) -> dict[str, Any]:
    both = {**ops, **values}
    return {
        name: _Operand(value) if isinstance(value, Image.Image) else value
        for name, value in both.items()
    }


def _check_names(code: CodeType, args: dict[str, Any]) -> None:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _check_names(constant, args)
    for name in code.co_names:
        if name not in args and name != "abs":
            raise ValueError(f"'{name}' not allowed")


def _result(value: Any) -> Any:
    return getattr(value, "im", value)
