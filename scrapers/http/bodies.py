"""Reading an answer's body within a limit, whatever it claims to be."""

import hashlib
import os
import tempfile
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from scrapers.errors import FetchFailed, UnreadableAnswer

_WINDOW_BITS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}


HEAD_BYTES: Final = 300_000


class Sink(Protocol):
    """Where a body goes, piece by piece."""

    def write(self, piece: bytes) -> None:
        """Take the next piece."""
        ...

    def body(self) -> bytes:
        """Return what was written, or its beginning."""
        ...


class MemorySink:
    """Keeps the body in memory."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> None:
        """Take the next piece."""
        self._pieces.append(piece)

    def body(self) -> bytes:
        """Return what was written."""
        return b"".join(self._pieces)


class FileSink:
    """Writes a body beside its final place and moves it there when it is complete.

    Use as a context manager; what was not committed is removed. A reader never sees half a file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest = hashlib.sha256()
        self._head = b""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".part")
        except OSError as error:
            raise _not_stored(path, error) from error
        self._part = Path(name)
        self._file = os.fdopen(number, "wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def write(self, piece: bytes) -> None:
        """Take the next piece."""
        self._digest.update(piece)
        if len(self._head) <= HEAD_BYTES:
            self._head += piece[: HEAD_BYTES + 1 - len(self._head)]
        try:
            self._file.write(piece)
        except OSError as error:
            raise _not_stored(self._path, error) from error

    def body(self) -> bytes:
        """Return the beginning, from which a challenge page is recognised."""
        return self._head

    def commit(self) -> str:
        """Put the file in its place and return the hex SHA-256 of its content."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._part.replace(self._path)
        except OSError as error:
            raise _not_stored(self._path, error) from error
        return self._digest.hexdigest()


def _not_stored(path: Path, error: OSError) -> FetchFailed:
    return FetchFailed("storage_failed", f"{path.name} cannot be stored: {error.strerror}.")


class Inflater:
    """Undoes a body's compression without ever producing more than asked for (a small answer may be a bomb).

    Raises:
        UnreadableAnswer: for a compression that was not asked for.
    """

    def __init__(self, encoding: str, *, source: str) -> None:
        self._source = source
        self._bits = _WINDOW_BITS.get(encoding, 0)
        if encoding not in ("", "identity") and not self._bits:
            raise UnreadableAnswer(detail=f"{source} answered in an encoding nobody asked for.")
        self._stream = zlib.decompressobj(self._bits) if self._bits else None
        self._is_fresh = True

    def feed(self, data: bytes, *, limit: int) -> bytes:
        """Return up to about `limit` decoded bytes of the data.

        Raises:
            UnreadableAnswer: if the data is damaged.
        """
        if self._stream is None:
            return data
        pieces: list[bytes] = []
        size = 0
        while data and size < limit:
            if self._stream.eof:  # another member follows, as in logs and concatenated files
                self._stream = zlib.decompressobj(self._bits)
            piece = self._inflated(data, max(1, limit - size))
            data = self._stream.unconsumed_tail or self._stream.unused_data
            size += len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def _inflated(self, data: bytes, limit: int) -> bytes:
        assert self._stream is not None  # noqa: S101 - only called with a stream
        is_fresh, self._is_fresh = self._is_fresh, False
        try:
            return self._stream.decompress(data, limit)
        except zlib.error as error:
            if is_fresh and self._bits == 15:  # "deflate" without the zlib frame, as some servers send it
                self._bits = -15
                self._stream = zlib.decompressobj(self._bits)
                return self._inflated(data, limit)
            raise UnreadableAnswer(detail=f"The compressed answer of {self._source} is damaged.") from error

    def finish(self) -> None:
        """Check that nothing is missing at the end.

        Raises:
            UnreadableAnswer: if the compressed data breaks off.
        """
        if self._stream is not None and not self._stream.eof and not self._is_fresh:
            raise UnreadableAnswer(detail=f"The compressed answer of {self._source} breaks off.")


async def copy_body(
    pieces: AsyncIterator[bytes], sink: Sink, *, encoding: str, max_bytes: int, source: str
) -> int:
    """Copy a body to a sink, decompressed; return its size in bytes.

    Args:
        pieces: as they arrive.
        sink: where they go.
        encoding: value of Content-Encoding.
        max_bytes: most that may come out.
        source: address for messages, without secrets.

    Raises:
        UnreadableAnswer: if it is larger, damaged or cut off; reading stops there.
    """
    inflater = Inflater(encoding.strip().lower(), source=source)
    size = 0
    async for piece in pieces:
        plain = inflater.feed(piece, limit=max_bytes + 1 - size)
        size += len(plain)
        if size > max_bytes:
            raise UnreadableAnswer(detail=f"The answer of {source} is larger than {max_bytes:,} bytes.")
        sink.write(plain)
    inflater.finish()
    return size
