"""Pictures and files that the tests make themselves."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from pilaf import Image


def photograph(width: int, height: int, seed: int = 1) -> np.ndarray:
    """RGB pixels with what photographs have: slow gradients, edges, texture and sensor noise."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    u, v = x / max(width, 1), y / max(height, 1)
    sky = np.stack([90 + 100 * v, 130 + 60 * v, 210 - 40 * v], axis=-1)
    texture = 18 * np.sin(x * 0.35 + 3 * np.sin(y * 0.05)) * np.cos(y * 0.21)
    ground = np.stack([120 + 60 * u, 90 + 50 * u, 60 + 20 * u], axis=-1) + texture[..., None]
    horizon = 0.55 + 0.08 * np.sin(7 * u) + 0.02 * np.sin(43 * u)
    picture = np.where((v > horizon)[..., None], ground, sky)
    disc = (u - 0.7) ** 2 + (v - 0.25) ** 2 < 0.008
    picture[disc] = (250, 235, 190)
    picture += rng.normal(0, 2.5, picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)


def image(width: int = 64, height: int = 48, seed: int = 1) -> Image.Image:
    """A photograph as an image of pilaf."""
    return Image.frombytes("RGB", (width, height), photograph(width, height, seed).tobytes())


def chunk(name: bytes, data: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, bits: int = 8, color: int = 2, *rest: bytes) -> bytes:
    """A PNG file of any header, with the chunks in `rest` between it and IEND."""
    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(rest) + chunk(b"IEND", b"")
