"""Reading price files: plain or gzip, whole, with a bound on their size."""

import gzip
import hashlib
import zlib
from pathlib import Path
from typing import Final

from pricing.errors import PriceFileError

MAX_BYTES: Final = 1 << 30  # unpacked; the largest known guide has 25 MB
_GZIP_MAGIC: Final = b"\x1f\x8b"


def read_content(path: Path) -> bytes:
    """Return a file's content, unpacked if it is gzip (told by its first bytes, not by its name).

    Raises:
        PriceFileError: if it is missing, unreadable, empty, truncated, corrupt or larger than `MAX_BYTES`.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
        with gzip.open(path) if packed else path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except EOFError as error:
        raise PriceFileError(None, f"{path}: the file is truncated.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise PriceFileError(None, f"{path}: the file is corrupt ({error}).") from error
    except OSError as error:
        raise PriceFileError(None, f"{path}: cannot be read ({error.strerror or error}).") from error
    if len(content) > MAX_BYTES:
        raise PriceFileError(None, f"{path}: more than {MAX_BYTES >> 20} MB unpacked.")
    if not content.strip():
        raise PriceFileError(None, f"{path}: the file is empty.")
    return content


def digest(*contents: bytes) -> str:
    """Return the SHA-256 of the contents one after the other, in hexadecimal."""
    total = hashlib.sha256()
    for content in contents:
        total.update(content)
    return total.hexdigest()
