"""Downloaded feed files: opened whatever they are packed with, read piece by piece, bounded in every way.

A few kilobytes can unpack to terabytes, so every reader states how much it is willing to read.
"""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from scrapers.errors import UnreadableAnswer

_PIECE: Final = 1 << 20
_BROKEN: Final = (OSError, EOFError, lzma.LZMAError, zlib.error)
# The first bytes decide how a file is packed, not its name: a session may have unpacked it on the way.
_UNPACKERS: Final[tuple[tuple[bytes, Callable[[IO[bytes]], IO[bytes]]], ...]] = (
    (b"\x1f\x8b", lambda raw: cast("IO[bytes]", gzip.GzipFile(fileobj=raw))),
    (b"\xfd7zXZ", lambda raw: cast("IO[bytes]", lzma.LZMAFile(raw))),  # noqa: SIM115 - the caller closes it
    (b"BZh", lambda raw: cast("IO[bytes]", bz2.BZ2File(raw))),
)


def read_pieces(path: Path, *, max_bytes: int) -> Iterator[bytes]:
    """Yield the unpacked content in pieces of about a megabyte.

    Raises:
        UnreadableAnswer: if the file is truncated, corrupt or larger than `max_bytes` unpacked.
    """
    left = max_bytes
    with _reported(path), path.open("rb") as raw, _unpacked(raw) as stream:
        while piece := stream.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise UnreadableAnswer(detail=f"{path.name} unpacks to more than {max_bytes} bytes.")
            yield piece


def read_whole(path: Path, *, max_bytes: int) -> bytes:
    """Return the unpacked content.

    Raises:
        UnreadableAnswer: as `read_pieces`.
    """
    return b"".join(read_pieces(path, max_bytes=max_bytes))


def read_lines(path: Path, *, max_bytes: int, max_line: int) -> Iterator[bytes]:
    """Yield the lines of the unpacked content without their ends, empty ones left out.

    Raises:
        UnreadableAnswer: as `read_pieces`, and for a line of more than `max_line` bytes.
    """
    rest = b""
    for piece in read_pieces(path, max_bytes=max_bytes):
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > max_line:
            raise UnreadableAnswer(detail=f"{path.name} has a line of more than {max_line} bytes.")
        yield from filter(None, map(bytes.strip, lines))
    if last := rest.strip():
        yield last


@contextmanager
def _unpacked(raw: IO[bytes]) -> Iterator[IO[bytes]]:
    magic = raw.read(6)
    raw.seek(0)
    unpack = next((unpack for start, unpack in _UNPACKERS if magic.startswith(start)), None)
    with unpack(raw) if unpack else raw as stream:
        yield stream


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        reason = str(error) or type(error).__name__
        raise UnreadableAnswer(detail=f"{path.name} is truncated or corrupt: {reason[:200]}.") from error


def discard(path: Path) -> None:
    """Remove a downloaded file, if it is there; a matter of microseconds, also between two awaits."""
    path.unlink(missing_ok=True)
