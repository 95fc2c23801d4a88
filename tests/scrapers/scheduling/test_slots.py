"""The budget of a cycle."""

from scrapers.scheduling import CYCLE, SECONDS_PER_SLOT, SLOTS_PER_CYCLE


def test_four_hours_at_two_seconds_are_7200_requests():
    assert SLOTS_PER_CYCLE == 7_200
    assert CYCLE.total_seconds() / SECONDS_PER_SLOT == SLOTS_PER_CYCLE
