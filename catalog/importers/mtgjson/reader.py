"""Opens an MTGJSON file or address, whatever it is packed with, and yields its sets one at a time."""

import bz2
import gzip
import http.client
import lzma
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import ijson

from .errors import MtgjsonFileError
from .parsing import fields

_TIMEOUT_SECONDS = 60
_CHUNK = 1 << 18
_MAX_DEPTH = 1000
_MAX_DOWNLOAD_BYTES = 2 * 1024**3
_MAX_JSON_BYTES = 8 * 1024**3
_HEAD_EVENTS = 2_000
_USER_AGENT = "arbsite/0.1 (catalogue import)"
_BROKEN = (
    OSError,
    EOFError,
    lzma.LZMAError,
    zlib.error,
    zipfile.BadZipFile,
    ijson.JSONError,
    UnicodeDecodeError,
)


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the source says about itself: ISO date and version, either may be empty."""

    date: str = ""
    version: str = ""


class _Bounded:
    """A byte stream that refuses to grow or to nest without end.

    A few kilobytes can unpack to terabytes, and a parser's time grows with the square of the depth. Brackets
    within texts count too, which is why the limit is far above the depth of a real file.
    """

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._left = limit
        self._depth = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size if size >= 0 else _CHUNK)
        self._left -= len(data)
        if self._left < 0:
            raise MtgjsonFileError(detail="The file unpacks to more than is plausible; refusing to read on.")
        self._depth += data.count(b"[") + data.count(b"{") - data.count(b"]") - data.count(b"}")
        if self._depth > _MAX_DEPTH:
            raise MtgjsonFileError(detail="The file nests deeper than is plausible; refusing to read on.")
        return data


@contextmanager
def local_copy(source: Path | str) -> Iterator[Path]:
    """Give a local file for a path or an http(s) address; a download is removed afterwards.

    Raises:
        MtgjsonFileError: if there is no such file or the address cannot be fetched within its limits.
    """
    address = str(source)
    if not address.lower().startswith(("http://", "https://")):
        path = Path(source)
        if not path.is_file():
            raise MtgjsonFileError(detail=f"There is no file {path}.")
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="mtgjson-") as target:
        _download(address, target)
        yield Path(target.name)


def _download(address: str, target: IO[bytes]) -> None:
    request = urllib.request.Request(address, headers={"User-Agent": _USER_AGENT})  # noqa: S310 - http(s) checked by the caller
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 - as above
            left = _MAX_DOWNLOAD_BYTES
            while data := response.read(_CHUNK):
                left -= len(data)
                if left < 0:
                    raise MtgjsonFileError(detail=f"{address} is larger than {_MAX_DOWNLOAD_BYTES} bytes.")
                target.write(data)
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        raise MtgjsonFileError(detail=f"{address} cannot be fetched: {error}.") from error
    target.flush()


@contextmanager
def _unpacked(path: Path) -> Iterator[_Bounded]:
    """Open a file as plain JSON bytes. Its first bytes decide how it is packed, not its name."""
    with path.open("rb") as raw:
        magic = raw.read(6)
        raw.seek(0)
        unpack = next((unpack for start, unpack in _UNPACKERS if magic.startswith(start)), None)
        with unpack(raw) if unpack else raw as stream:
            yield _Bounded(stream, _MAX_JSON_BYTES)


def _first_json(raw: IO[bytes]) -> IO[bytes]:
    archive = zipfile.ZipFile(raw)
    for member in archive.infolist():
        if member.filename.lower().endswith(".json") and not member.is_dir():
            return archive.open(member)
    raise MtgjsonFileError(detail="The archive holds no .json file.")


_UNPACKERS: tuple[tuple[bytes, Callable[[IO[bytes]], IO[bytes]]], ...] = (
    (b"\x1f\x8b", lambda raw: cast("IO[bytes]", gzip.GzipFile(fileobj=raw))),
    (b"BZh", lambda raw: cast("IO[bytes]", bz2.BZ2File(raw))),
    (b"\xfd7zXZ", lambda raw: cast("IO[bytes]", lzma.LZMAFile(raw))),  # noqa: SIM115 - the caller closes it
    (b"PK\x03\x04", _first_json),
)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn every way a file can be broken into one clear error."""
    try:
        yield
    except RuntimeError as error:  # an encrypted archive
        raise MtgjsonFileError(detail=f"{path.name} cannot be read: {error}.") from error
    except _BROKEN as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise MtgjsonFileError(
            detail=f"{path.name} is truncated, corrupt or no JSON: {reason[:200]}."
        ) from error


def read_facts(path: Path) -> SourceFacts:
    """Read `meta` from the head of the file; it always comes first, and absent facts are empty."""
    found: dict[str, str] = {}
    with _readable(path), _unpacked(path) as stream:
        for position, (prefix, event, value) in enumerate(ijson.parse(stream)):
            if position == 0 and event != "start_map":
                break
            if prefix in ("meta.date", "meta.version"):
                found[prefix.removeprefix("meta.")] = fields.clean(value, limit=60)
            if position > _HEAD_EVENTS or prefix == "data":
                break
    return SourceFacts(**found)


def read_sets(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield (code, set) for every set of the file, holding one set in memory at a time.

    A file of a single set has the set's own fields where the others have codes; it yields one pair.

    Raises:
        MtgjsonFileError: if the file is truncated, corrupt, or holds no sets.
    """
    single: dict[str, Any] = {}
    seen = False
    with _readable(path), _unpacked(path) as stream:
        for key, value in ijson.kvitems(stream, "data"):
            if key != key.upper():  # codes are upper case, the fields of a set are camelCase
                single[key] = value
                continue
            seen = True
            yield key, value
    if "cards" in single or "code" in single:
        yield fields.text(single, "code", limit=16), single
    elif not seen:
        raise MtgjsonFileError(detail=f"{path.name} is JSON but holds no sets: no MTGJSON file.")
