"""Changing documents inside packed files, so that a fault reaches feeds that are published compressed."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, NamedTuple

from .answers import encode

Change = Callable[[Any], Any]


class _Packing(NamedTuple):
    magic: bytes
    unpack: Callable[[bytes], bytes]
    pack: Callable[[bytes], bytes]


PACKINGS: Final = (
    _Packing(b"\x1f\x8b", gzip.decompress, lambda body: gzip.compress(body, compresslevel=1, mtime=0)),
    _Packing(b"\xfd7zXZ", lzma.decompress, lambda body: lzma.compress(body, preset=0)),
    _Packing(b"BZh", bz2.decompress, lambda body: bz2.compress(body, compresslevel=1)),
)


def change_json(body: bytes, change: Change) -> bytes:
    """Return JSON, or JSON lines, plain or packed, with every document changed.

    Raises:
        ValueError: if it is something else.
    """
    for packing in PACKINGS:
        if body.startswith(packing.magic):
            return packing.pack(change_json(packing.unpack(body), change))
    try:
        return encode(change(_decode(body)))
    except json.JSONDecodeError:
        lines = [encode(change(_decode(line))) for line in body.splitlines() if line.strip()]
        return b"".join(line + b"\n" for line in lines)


def _decode(text: bytes) -> Any:
    return json.loads(text, parse_float=Decimal)
