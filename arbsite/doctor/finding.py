"""What a look at an installation brought."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One looked-at thing.

    `remedy` says what to do when it is not `ok`; `fix` does it where that is safe: it loses no data, needs no
    network and can be done again.
    """

    subject: str
    ok: bool
    detail: str
    remedy: str = ""
    fix: Callable[[], object] | None = None
