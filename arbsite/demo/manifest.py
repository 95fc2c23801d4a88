"""Which market the demo folder's files are of, kept beside them."""

from datetime import date
from pathlib import Path

import msgspec

from .market import Size

MANIFEST = "manifest.json"


class Manifest(msgspec.Struct, frozen=True):
    """Which market the database holds, kept beside its files."""

    size: Size
    seed: int
    last_day: date


def read_manifest(folder: Path) -> Manifest | None:
    """Return which market the folder's files are of; None when there is none or it cannot be read."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return None
