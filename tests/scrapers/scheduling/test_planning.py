"""Planning: never more than the slots, nobody too early, and what matters most first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scrapers.scheduling import (
    CYCLE,
    MIN_INTERVAL,
    SECONDS_PER_SLOT,
    SLOTS_PER_CYCLE,
    Target,
    backoff,
    is_due,
    plan_cycle,
)
from scrapers.scheduling.planning import LONGEST_BACKOFF

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

ages = st.none() | st.integers(0, 400_000).map(lambda minutes: NOW - timedelta(minutes=minutes))
amounts = st.none() | st.floats(0, 1e6)


@st.composite
def targets(draw) -> list[Target[int]]:
    keys = draw(st.lists(st.integers(0, 1000), unique=True, max_size=30))
    return [
        Target(
            key=key,
            subject=key,
            received_at=draw(ages),
            attempted_at=draw(ages),
            failures=draw(st.integers(0, 40)),
            value=draw(amounts),
            volatility=draw(st.none() | st.floats(0, 5)),
        )
        for key in keys
    ]


@given(targets(), st.integers(-3, 40))
def test_a_plan_never_exceeds_its_slots_nor_asks_too_early(found, slots):
    planned = plan_cycle(found, slots=slots, now=NOW)

    assert len(planned) <= max(slots, 0)
    assert len({target.key for target in planned}) == len(planned)
    for target in planned:
        assert target.received_at is None or NOW - target.received_at >= MIN_INTERVAL
        if target.failures and target.attempted_at is not None:
            assert target.attempted_at + backoff(target.failures) <= NOW


@given(targets(), st.integers(0, 40), st.randoms())
def test_a_plan_does_not_depend_on_the_order_of_its_input(found, slots, random):
    shuffled = list(found)
    random.shuffle(shuffled)

    assert plan_cycle(found, slots=slots, now=NOW) == plan_cycle(shuffled, slots=slots, now=NOW)


@given(targets(), st.integers(0, 40))
def test_fewer_slots_take_the_head_of_the_same_plan(found, slots):
    everything = plan_cycle(found, slots=len(found), now=NOW)

    assert plan_cycle(found, slots=slots, now=NOW) == everything[:slots]
    assert {target.key for target in everything} == {
        target.key for target in found if is_due(target, now=NOW)
    }


@given(targets(), st.data())
def test_more_of_any_factor_never_moves_a_product_back(found, data):
    """Unknown factors follow the median, so only products that know theirs are raised here."""
    known = [
        replace(target, value=target.value or 1.0, volatility=target.volatility or 0.1, failures=0)
        for target in found
    ]
    due = [target for target in known if is_due(target, now=NOW) and target.received_at is not None]
    if not due:
        return
    chosen = data.draw(st.sampled_from(due))
    assert chosen.value is not None
    assert chosen.volatility is not None
    assert chosen.received_at is not None
    raised = data.draw(
        st.sampled_from(
            [
                replace(chosen, value=chosen.value * 3),
                replace(chosen, volatility=chosen.volatility * 3),
                replace(chosen, received_at=chosen.received_at - 3 * CYCLE),
            ]
        )
    )

    before = _place(known, chosen.key)
    after = _place([raised if target is chosen else target for target in known], chosen.key)

    assert after <= before


def _place(found: list[Target[int]], key: int) -> int:
    return [target.key for target in plan_cycle(found, slots=len(found), now=NOW)].index(key)


def test_unknown_factors_count_as_the_median_of_the_known():
    day = NOW - timedelta(days=1)
    dear, usual, cheap = (
        Target(key=key, subject=key, received_at=day, value=value, volatility=0.1)
        for key, value in ((1, 100.0), (2, 10.0), (3, 2.0))
    )
    unknown = Target(key=4, subject=4, received_at=day, volatility=0.1)

    assert [target.key for target in plan_cycle([unknown, cheap, usual, dear], slots=4, now=NOW)] == [
        1,
        2,
        4,
        3,
    ]


def test_never_received_comes_first_among_equals_then_the_lower_key():
    week = NOW - timedelta(days=30)
    known = [Target(key=key, subject=key, received_at=week, value=5.0) for key in (1, 2)]
    never = [Target(key=key, subject=key, value=5.0) for key in (9, 8)]

    assert [target.key for target in plan_cycle([*known, *never], slots=4, now=NOW)] == [8, 9, 1, 2]


def test_failures_back_off_exponentially_up_to_a_week():
    assert [backoff(count) for count in (1, 2, 3)] == [
        timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2)
    ]  # fmt: skip
    assert backoff(10_000) == LONGEST_BACKOFF
    target = Target(key=1, subject=1, attempted_at=NOW, failures=3)

    assert not is_due(target, now=NOW + timedelta(minutes=119))
    assert is_due(target, now=NOW + timedelta(minutes=120))


def test_waiting_reaches_every_product_in_the_end():
    """More products than slots: after enough cycles of a simulated clock nobody was left out."""
    found = {
        key: Target(key=key, subject=key, value=float(1 + 1000 * (key % 50 == 0)), volatility=0.05)
        for key in range(400)
    }
    now, asked = NOW, set()
    for _ in range(60):
        for target in plan_cycle(found.values(), slots=20, now=now):
            found[target.key] = replace(target, received_at=now)
            asked.add(target.key)
        now += CYCLE

    assert asked == set(found)


def test_a_whole_cycle_of_a_simulated_clock_uses_its_slots_and_no_more():
    """Four hours in slices of four minutes: 7,200 requests, each product at most once, the dearest first."""
    found = {
        key: Target(
            key=key, subject=key, received_at=NOW - timedelta(days=2), value=float(key % 97), volatility=0.1
        )
        for key in range(9_000)
    }
    now, asked, left = NOW, [], SLOTS_PER_CYCLE
    while now < NOW + CYCLE:
        for target in plan_cycle(found.values(), slots=min(left, 120), now=now):
            found[target.key] = replace(target, received_at=now, attempted_at=now)
            asked.append(target.key)
            left -= 1
        now += timedelta(seconds=120 * SECONDS_PER_SLOT)

    assert len(asked) == len(set(asked)) == SLOTS_PER_CYCLE
    assert min(key % 97 for key in asked[:90]) == 96
    never = set(found) - set(asked)
    assert max(key % 97 for key in never) <= min(key % 97 for key in asked)
