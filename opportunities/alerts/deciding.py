"""Whether a rule speaks about an opportunity: when it starts to match, and not again too soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto


class Step(Enum):
    """What an evaluation does with one rule and one opportunity."""

    NOTHING = auto()
    FIRE = auto()
    NOTE = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Memory:
    """What a rule remembers of an opportunity; see `AlertFiring`."""

    opened_at: datetime
    fired_at: datetime | None
    has_stopped: bool


def decide(
    memory: Memory | None,
    *,
    matching_opening: datetime | None,
    cooldown: timedelta,
    is_silent: bool,
    now: datetime,
) -> Step:
    """Return what to do.

    A rule speaks when an opportunity starts to match. About the same one it speaks again when the cooldown
    since it last spoke is over and, since then, the opportunity has stopped matching or was opened anew; what
    starts again within the cooldown and still matches after it is told then.

    Args:
        memory: what is remembered; None if it has never matched.
        matching_opening: when the opportunity that matches now was opened; None if it does not match.
        cooldown: least time between two alerts about one opportunity.
        is_silent: take note without speaking (snoozed, or the rule was only just saved).
        now: time of the evaluation.
    """
    if matching_opening is None:
        return Step.STOP if memory is not None and not memory.has_stopped else Step.NOTHING
    if memory is not None and not memory.has_stopped and memory.opened_at == matching_opening:
        return Step.NOTHING
    if is_silent:
        return Step.NOTE
    if memory is not None and memory.fired_at is not None and now < memory.fired_at + cooldown:
        return Step.NOTHING
    return Step.FIRE
