"""Full jitter under a ceiling that doubles."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from scrapers.streams.backoff import Backoff


def test_ceiling_doubles_from_one_to_thirty_seconds():
    backoff = Backoff(Random(7))

    ceilings = []
    for _ in range(7):
        ceilings.append(backoff.ceiling)
        backoff.next()

    assert ceilings == [1, 2, 4, 8, 16, 30, 30]


def test_reset_begins_again():
    backoff = Backoff(Random(7))
    for _ in range(5):
        backoff.next()

    backoff.reset()

    assert backoff.ceiling == 1


@given(st.integers(), st.integers(0, 3_000))
def test_every_wait_is_within_its_ceiling(seed: int, attempts: int):
    backoff = Backoff(Random(seed))
    backoff.attempts = attempts
    ceiling = backoff.ceiling

    assert 0 <= backoff.next() <= ceiling <= 30


def test_waits_are_spread_over_the_whole_range():
    backoff = Backoff(Random(7), first=10, most=10)

    waits = [backoff.next() for _ in range(500)]

    assert min(waits) < 1 < 9 < max(waits)
