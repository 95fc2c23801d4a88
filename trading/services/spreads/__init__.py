"""Acting on cross-venue opportunities: two orders at two venues, each sent once, and an end that adds up.

`execute_spread` writes everything down, `drive_spread` sends and learns, `resume_spreads` takes over what a
dead process left, `resolve_spread` lets a person decide what no venue would tell.
"""

from .driving import drive_spread, resume_spread, resume_spreads
from .executing import execute_spread
from .request import SpreadRequest
from .resolving import Resolution, resolve_spread

__all__ = [
    "Resolution",
    "SpreadRequest",
    "drive_spread",
    "execute_spread",
    "resolve_spread",
    "resume_spread",
    "resume_spreads",
]
