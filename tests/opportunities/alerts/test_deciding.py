"""A rule speaks when something starts to match, and about the same thing not again too soon."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from opportunities.alerts.deciding import Memory, Step, decide
from tests.pricing.factories import NOW

HOUR = timedelta(hours=1)


def step(memory=None, *, opening=NOW, now=NOW, is_silent=False, cooldown=4 * HOUR):
    return decide(memory, matching_opening=opening, cooldown=cooldown, is_silent=is_silent, now=now)


def test_what_starts_to_match_is_told():
    assert step() is Step.FIRE


def test_what_goes_on_matching_is_not_told_again():
    memory = Memory(opened_at=NOW, fired_at=NOW, has_stopped=False)

    assert step(memory, now=NOW + 100 * HOUR) is Step.NOTHING


def test_what_starts_again_within_the_cooldown_is_told_after_it():
    memory = Memory(opened_at=NOW, fired_at=NOW, has_stopped=True)

    assert step(memory, now=NOW + 3 * HOUR) is Step.NOTHING
    assert step(memory, now=NOW + 4 * HOUR) is Step.FIRE


def test_a_new_opening_counts_as_a_start():
    memory = Memory(opened_at=NOW - 5 * HOUR, fired_at=NOW - 5 * HOUR, has_stopped=False)

    assert step(memory) is Step.FIRE
    assert step(memory, now=NOW - 4 * HOUR) is Step.NOTHING


def test_what_was_only_noted_has_no_cooldown():
    memory = Memory(opened_at=NOW, fired_at=None, has_stopped=True)

    assert step(memory) is Step.FIRE


def test_a_silent_rule_takes_note():
    assert step(is_silent=True) is Step.NOTE
    assert step(Memory(NOW, NOW, has_stopped=True), is_silent=True) is Step.NOTE


def test_what_stops_is_written_down_once():
    assert step(Memory(NOW, NOW, has_stopped=False), opening=None) is Step.STOP
    assert step(Memory(NOW, NOW, has_stopped=True), opening=None) is Step.NOTHING
    assert step(None, opening=None) is Step.NOTHING


@given(
    matching=st.lists(st.sampled_from(["no", "first", "second"]), max_size=40),
    cooldown=st.integers(0, 6).map(lambda hours: hours * HOUR),
)
def test_two_alerts_are_a_cooldown_and_a_pause_or_an_opening_apart(matching, cooldown):
    openings = {"no": None, "first": NOW, "second": NOW + 20 * HOUR}
    memory: Memory | None = None
    fired: list[int] = []
    for hour, name in enumerate(matching):
        now = NOW + hour * HOUR
        result = step(memory, opening=openings[name], now=now, cooldown=cooldown)
        opening = openings[name]
        if result is Step.FIRE:
            assert opening is not None
            memory = Memory(opening, now, has_stopped=False)
            fired.append(hour)
        elif result is Step.STOP:
            assert memory is not None
            memory = Memory(memory.opened_at, memory.fired_at, has_stopped=True)

    for earlier, later in pairwise(fired):
        assert (later - earlier) * HOUR >= cooldown
        assert "no" in matching[earlier:later] or matching[earlier] != matching[later]
    if any(name != "no" for name in matching):
        assert fired[0] == next(hour for hour, name in enumerate(matching) if name != "no")
