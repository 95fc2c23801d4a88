"""One `up` per data folder: two schedulers would do everything twice."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from arbsite.embedded import ServicesError

LOCK = Path("run") / "up.lock"


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold the lock of a data folder; raise ServicesError when another `up` holds it."""
    (var / LOCK).parent.mkdir(mode=0o700, exist_ok=True)
    with (var / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServicesError(
                f"Arbsite is already up on {var}. Stop it first, or set ARBSITE_VAR."
            ) from None
        yield


def is_up(var: Path) -> bool:
    """Tell whether an `up` runs on a data folder."""
    if not (var / LOCK).exists():
        return False
    try:
        with only_one(var):
            return False
    except ServicesError:
        return True
