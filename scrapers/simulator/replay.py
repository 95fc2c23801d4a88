"""Local files served at given paths, so that a real feed's download can be repeated without the network.

A gzip file that stands at a path without `.gz` is sent with `Content-Encoding: gzip`, as a venue's server
compresses on the way; every other file is sent as it is.
"""

import mimetypes
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web


class FileReplay:
    """Which path is answered from which file. ETag and Last-Modified follow the file's time and size.

    Args:
        files: path below the simulator's root (`/cardmarket_downloads/productCatalog/...`) -> file.

    Raises:
        FileNotFoundError: if a file is missing.
    """

    def __init__(self, files: Mapping[str, Path] | None = None) -> None:
        self._files = {f"/{path.strip('/')}": Path(file) for path, file in (files or {}).items()}
        for file in self._files.values():
            if not file.is_file():
                raise FileNotFoundError(2, "No such file", str(file))

    def answer(self, path: str) -> web.FileResponse | None:
        """Return the answer to a path (which is 304 for who has it already); None if no file stands there."""
        file = self._files.get(path.rstrip("/"))
        return None if file is None else web.FileResponse(file, headers=_content_headers(file, path))


def _content_headers(file: Path, path: str) -> dict[str, str]:
    """Return content type and, for a file compressed more than its path says, its encoding."""
    is_packed_on_the_way = file.suffix == ".gz" and not path.endswith(".gz")
    kind, packed = mimetypes.guess_type(file.with_suffix("").name if is_packed_on_the_way else file.name)
    content_type = kind if kind and not packed else "application/octet-stream"
    encoding = {"Content-Encoding": "gzip"} if is_packed_on_the_way else {}
    return {"Content-Type": content_type, **encoding}
