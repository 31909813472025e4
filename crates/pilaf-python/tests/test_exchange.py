"""Pixels to and from other libraries in memory: DLPack, Arrow, buffers, Pillow, notebooks."""

from __future__ import annotations

import gc
import pickle
import struct
import sys
from typing import Any

import numpy as np
import PIL.Image
import pyarrow as pa
import pytest
import synthetic
from twins import ALL_MODES, assert_same, content, twins

import pilaf
from pilaf import Image

pytestmark = pytest.mark.oracle

SIZES = [(7, 5), (1, 1), (64, 3)]
OTHER_ORDER = "I;16B" if sys.byteorder == "little" else "I;16L"


# DLPack


@pytest.mark.parametrize("mode", [mode for mode in ALL_MODES if mode != OTHER_ORDER])
@pytest.mark.parametrize("size", SIZES)
def test_dlpack_gives_the_array_of_the_image(mode: str, size: tuple[int, int]) -> None:
    image = twins(mode, size)[0]
    tensor = np.from_dlpack(image)
    expected = np.asarray(image)
    assert (tensor.dtype, tensor.shape) == (expected.dtype, expected.shape)
    assert tensor.tobytes() == expected.tobytes()
    assert not tensor.flags.writeable
    if mode != "LAB":
        assert np.shares_memory(tensor, np.asarray(image))
    back = Image.from_dlpack(tensor)
    assert back.tobytes() == Image.fromarray(np.array(expected)).tobytes()


def test_a_tensor_outlives_the_image_and_is_not_changed_by_it() -> None:
    image = synthetic.image(31, 17)
    tensor = np.from_dlpack(image)
    before = tensor.copy()
    image.paste("red", (0, 0, 10, 10))
    assert (tensor == before).all()
    image.close()
    del image
    gc.collect()
    assert (tensor == before).all()
    assert image_of(before).tobytes() == before.tobytes()


def image_of(array: np.ndarray) -> Image.Image:
    return Image.from_dlpack(array)


def test_consumers_that_do_not_know_read_only_get_a_copy() -> None:
    image = synthetic.image(9, 4)

    class Old:
        """A consumer's view of a producer of DLPack before version 1."""

        def __dlpack__(self, **kwargs: Any) -> Any:
            return image.__dlpack__()

        def __dlpack_device__(self) -> tuple[int, int]:
            return image.__dlpack_device__()

    tensor = np.from_dlpack(Old())
    assert tensor.tobytes() == image.tobytes()
    assert not np.shares_memory(tensor, np.asarray(image))
    copy = np.from_dlpack(image, copy=True)
    assert not np.shares_memory(copy, np.asarray(image))
    with pytest.raises(BufferError):
        image.__dlpack__(copy=False)
    with pytest.raises(BufferError):
        image.__dlpack__(dl_device=(2, 0), max_version=(1, 0))
    with pytest.raises(ValueError):
        image.__dlpack__(stream=1)
    with pytest.raises(BufferError, match="byte order"):
        Image.new(OTHER_ORDER, (1, 1)).__dlpack__(max_version=(1, 0))


def test_capsules_nobody_takes_free_their_pixels() -> None:
    image = synthetic.image(5, 5)
    for _ in range(100):
        image.__dlpack__(max_version=(1, 0))
        image.__dlpack__()
    capsule = image.__dlpack__(max_version=(1, 0))
    shape, kind, data = pilaf._pilaf.from_dlpack(capsule)
    assert (shape, kind, data) == ([5, 5, 3], "|u1", image.tobytes())
    with pytest.raises(TypeError, match="used"):
        pilaf._pilaf.from_dlpack(capsule)
    with pytest.raises(TypeError):
        pilaf._pilaf.from_dlpack(b"no capsule")


ARRAYS = [
    np.arange(60, dtype=np.uint8).reshape(4, 5, 3),
    np.arange(60, dtype=np.uint8).reshape(4, 5, 3)[::-1, ::2],
    np.arange(60, dtype=np.uint8).reshape(3, 4, 5).transpose(1, 2, 0),
    np.broadcast_to(np.arange(5, dtype=np.uint8), (4, 5)),
    np.arange(12, dtype=np.int32).reshape(3, 4),
    np.arange(12, dtype=np.float64).reshape(3, 4).T,
    np.arange(12, dtype=np.uint16).reshape(3, 4),
    np.array([[True, False]]),
    np.zeros((0, 4, 3), np.uint8),
    np.arange(3, dtype=np.uint8),
    np.arange(12, dtype=np.int64).reshape(3, 4),
    np.zeros((2, 2, 2, 2), np.uint8),
    np.zeros((2, 2, 5), np.uint8),
    np.zeros((2, 2), np.complex64),
]


@pytest.mark.parametrize("number", range(len(ARRAYS)))
def test_from_dlpack_is_as_fromarray(number: int) -> None:
    array = ARRAYS[number]
    try:
        expected: Any = content(PIL.Image.fromarray(np.ascontiguousarray(array)))
    except Exception as error:  # noqa: BLE001
        with pytest.raises(type(error)):
            Image.from_dlpack(array)
        return
    assert content(Image.from_dlpack(array)) == expected


def test_from_dlpack_wants_a_tensor_on_the_cpu() -> None:
    class Elsewhere:
        def __dlpack__(self, **kwargs: Any) -> Any:
            raise AssertionError("not asked")

        def __dlpack_device__(self) -> tuple[int, int]:
            return (2, 0)

    with pytest.raises(BufferError, match="another device"):
        Image.from_dlpack(Elsewhere())
    with pytest.raises(TypeError, match="bytes has no __dlpack__"):
        Image.from_dlpack(b"")


# Buffers


@pytest.mark.parametrize("mode", ALL_MODES)
def test_buffers_show_the_pixels(mode: str) -> None:
    image = twins(mode, (7, 5))[0]
    if mode in ("LAB", OTHER_ORDER):
        with pytest.raises(BufferError, match="buffer cannot have"):
            image.getbuffer()
    else:
        buffer = image.getbuffer()
        expected = np.asarray(image)
        assert buffer.readonly and buffer.shape == expected.shape
        assert np.asarray(buffer).dtype == expected.dtype
        assert buffer.tobytes() == expected.tobytes()
        if sys.version_info >= (3, 12):
            assert bytes(image) == expected.tobytes()  # type: ignore[call-overload]
            assert memoryview(image).shape == buffer.shape
    array = np.asarray(image)
    assert array.tobytes() == np.asarray(twins(mode, (7, 5))[1]).tobytes()


def test_buffers_of_nothing() -> None:
    with pytest.raises(BufferError, match="none"):
        Image.new("L", (0, 3)).getbuffer()
    assert np.asarray(Image.new("L", (0, 3))).shape == (3, 0)
    if sys.version_info >= (3, 12):
        with pytest.raises(TypeError):
            struct.pack_into("B", Image.new("L", (1, 1)), 0, 1)  # type: ignore[arg-type]


def test_an_image_is_not_opened_as_bytes() -> None:
    with pytest.raises(TypeError, match="an image is opened from bytes"):
        Image.open(Image.new("L", (1, 1)))  # type: ignore[arg-type]


# Arrow


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("size", [*SIZES, (0, 4)])
def test_arrow_as_pillow(mode: str, size: tuple[int, int]) -> None:
    ours, theirs = twins(mode, size)
    a, b = pa.array(ours), pa.array(theirs)
    a.validate(full=True)
    assert a.type.equals(b.type, check_metadata=True)
    assert a.to_pylist() == b.to_pylist()
    fields = [
        pa.Field._import_from_c_capsule(image.__arrow_c_schema__()) for image in (ours, theirs)
    ]
    assert fields[0].equals(fields[1], check_metadata=True)
    if mode != OTHER_ORDER:
        assert_same(
            lambda: Image.fromarrow(b, mode, size), lambda: PIL.Image.fromarrow(b, mode, size), mode
        )
    assert Image.fromarrow(a, mode, size).tobytes() == ours.tobytes()


def test_arrow_without_a_copy() -> None:
    for mode in ("L", "RGBA", "I"):
        image = twins(mode, (8, 8))[0]
        array = pa.array(image)
        values = array.flatten() if mode == "RGBA" else array
        assert values.buffers()[1].address == np.asarray(image).ctypes.data
    image = synthetic.image(31, 17)
    wanted = pa.list_(pa.uint8(), 3).__arrow_c_schema__()
    packed = pa.Array._import_from_c_capsule(*image.__arrow_c_array__(wanted))
    packed.validate(full=True)
    assert packed.type.list_size == 3
    assert packed.flatten().buffers()[1].address == np.asarray(image).ctypes.data
    assert Image.fromarrow(packed, "RGB", (31, 17)).tobytes() == image.tobytes()
    expected = packed.to_pylist()
    image.paste("red", (0, 0, 10, 10))
    del image
    gc.collect()
    assert packed.to_pylist() == expected


def arrow_inputs() -> dict[str, Any]:
    bytes24 = pa.array(list(range(24)), pa.uint8())
    lists = pa.array([[1, 2, 3, 4]] * 6, pa.list_(pa.uint8(), 4))
    return {
        "bytes": bytes24,
        "slice": bytes24[2:],
        "signed": pa.array([1] * 6, pa.int8()),
        "uint32": pa.array(list(range(6)), pa.uint32()),
        "int32": pa.array(list(range(6)), pa.int32()),
        "float": pa.array([1.5] * 6, pa.float32()),
        "double": pa.array([1.5] * 6, pa.float64()),
        "uint16": pa.array([1] * 6, pa.uint16()),
        "int16": pa.array([1] * 6, pa.int16()),
        "lists": lists,
        "lists of int": pa.array([[1, 2, 3, 4]] * 6, pa.list_(pa.int32(), 4)),
        "bool": pa.array([True] * 6),
        "text": pa.array(["a"] * 6),
        "empty": pa.array([], pa.uint8()),
        "struct": pa.array([{"a": 1}] * 6),
        "dictionary": pa.array(["a", "b"] * 3).dictionary_encode(),
        "variable lists": pa.array([[1]] * 6, pa.list_(pa.uint8())),
        "no array": [1, 2],
    }


@pytest.mark.parametrize("mode", [*(mode for mode in ALL_MODES if mode != OTHER_ORDER), "nonsense"])
def test_fromarrow_takes_and_refuses_what_pillow_does(mode: str) -> None:
    for name, array in arrow_inputs().items():
        for size in ((3, 2), (6, 4), (2, 11), (6, 1), (0, 4), (-6, -4)):
            assert_same(
                lambda: Image.fromarrow(array, mode, size),
                lambda: PIL.Image.fromarrow(array, mode, size),
                (name, mode, size),
            )


def test_fromarrow_takes_slices_of_lists() -> None:
    lists = pa.array([[n, n + 1, n + 2, n + 3] for n in range(6)], pa.list_(pa.uint8(), 4))
    assert Image.fromarrow(lists[2:], "RGBA", (2, 2)).tobytes() == bytes(
        b for n in range(2, 6) for b in range(n, n + 4)
    )


# Pillow's images


@pytest.mark.parametrize("mode", ALL_MODES)
def test_to_and_from_pillow(mode: str) -> None:
    ours, theirs = twins(mode, (7, 5))
    ours.info["note"] = theirs.info["note"] = 1
    there, back = ours.to_pil(), Image.from_pil(theirs)
    assert type(there) is PIL.Image.Image
    assert content(there) == content(theirs) and there.info == {"note": 1}
    assert content(back) == content(ours) and back.info == {"note": 1}
    assert pickle.loads(pickle.dumps(back)) == back
    if mode == "P":
        theirs.putpalette(bytes(range(256)) * 4, "RGBA")
        assert Image.from_pil(theirs).convert("RGBA").tobytes() == theirs.convert("RGBA").tobytes()


def test_from_pil_wants_an_image_of_pillow() -> None:
    with pytest.raises(TypeError, match="image of Pillow, not Image"):
        Image.from_pil(Image.new("L", (1, 1)))


# Notebooks


def test_notebooks_get_at_most_a_megapixel() -> None:
    small, large = Image.new("RGB", (300, 200)), Image.new("RGB", (4000, 1000))
    data, metadata = small._repr_mimebundle_()  # type: ignore[misc]
    assert Image.open(data["image/png"]).size == (300, 200) and metadata == {}
    data, metadata = large._repr_mimebundle_()  # type: ignore[misc]
    assert Image.open(data["image/png"]).size == (2000, 500)
    assert metadata == {"image/png": {"width": 4000, "height": 1000}}
    assert Image.open(large._repr_jpeg_()).size == (2000, 500)  # type: ignore[arg-type]
    for mode in ALL_MODES:
        ours, theirs = twins(mode, (7, 5))
        for name in ("_repr_png_", "_repr_jpeg_"):
            expected = getattr(theirs, name)()
            assert (getattr(ours, name)() is None) == (expected is None), (mode, name)
        assert (ours._repr_mimebundle_() is None) == (theirs._repr_png_() is None)
        large = Image.new(mode, (1500, 1000))
        assert (large._repr_png_() is None) == (theirs._repr_png_() is None)
