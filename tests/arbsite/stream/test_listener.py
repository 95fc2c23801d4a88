"""The queue between the hub and one answer."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from arbsite.stream.board import Board, LiveEvent
from arbsite.stream.listener import EVICT_SECONDS, MAX_PENDING, Listener
from arbsite.stream.messages import Event

JOBS = frozenset({"job"})


def event(number: int, *, key: str | None = None, topic: str = "job", user: str = "") -> Event:
    body = f"id: {number}-0\n\n".encode()
    return Event(f"{number}-0", topic, user, key or f"job:{number}", body)


async def taken(listener: Listener) -> bytes:
    return await listener.take(timeout_seconds=0.05)


async def test_events_are_taken_in_order():
    listener = Listener(JOBS, "")
    for number in (1, 2, 3):
        listener.offer(event(number), at=0)

    assert await taken(listener) == b"id: 1-0\n\nid: 2-0\n\nid: 3-0\n\n"
    assert listener.heard == (3, 0)


async def test_a_newer_event_of_a_key_replaces_the_one_that_waits():
    listener = Listener(JOBS, "")
    listener.offer(event(1, key="job:progress:a"), at=0)
    listener.offer(event(2), at=0)
    listener.offer(event(3, key="job:progress:a"), at=0)

    assert await taken(listener) == b"id: 2-0\n\nid: 3-0\n\n"


async def test_one_that_falls_behind_is_told_to_fetch_again():
    listener = Listener(JOBS, "")
    for number in range(1, MAX_PENDING + 3):
        listener.offer(event(number), at=0)

    body = await taken(listener)

    assert body.startswith(b"event: resync\n")
    assert body.endswith(f"id: {MAX_PENDING + 2}-0\n\n".encode())


async def test_nothing_to_take_is_empty_after_the_timeout():
    assert await taken(Listener(JOBS, "")) == b""


async def test_waiting_ends_as_soon_as_something_comes():
    listener = Listener(JOBS, "")
    waiting = asyncio.create_task(listener.take(timeout_seconds=30))
    await asyncio.sleep(0)

    listener.offer(event(1), at=0)

    assert await asyncio.wait_for(waiting, 30) == b"id: 1-0\n\n"


async def test_only_who_takes_nothing_is_stuck():
    listener = Listener(JOBS, "")
    assert not listener.is_stuck(at=1_000)
    listener.offer(event(1), at=0)
    assert not listener.is_stuck(at=EVICT_SECONDS)
    assert listener.is_stuck(at=EVICT_SECONDS + 1)

    await taken(listener)

    assert not listener.is_stuck(at=1_000)


def test_topic_user_and_position_decide_who_wants_an_event():
    listener = Listener(JOBS, "alice", heard=(5, 0))

    assert listener.wants(event(6))
    assert listener.wants(event(6, user="alice"))
    assert not listener.wants(event(6, user="bob"))
    assert not listener.wants(event(6, topic="market"))
    assert not listener.wants(event(5))


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=300))
def test_whatever_comes_the_queue_is_bounded_and_the_newest_is_never_lost_silently(steps):
    async def story() -> None:
        listener = Listener(JOBS, "")
        received: dict[str, int] = {}
        expected: dict[str, int] = {}
        has_resynced = False
        for number, (key, takes) in enumerate(steps, start=1):
            listener.offer(event(number, key=f"k{key}"), at=0)
            expected[f"k{key}"] = number
            assert len(listener._pending) <= MAX_PENDING
            if takes or number == len(steps):
                body = await taken(listener)
                has_resynced |= b"resync" in body
                received |= {name: n for name, n in expected.items() if f"id: {n}-0\n".encode() in body}
        assert has_resynced or received == expected

    asyncio.run(story())


LIVE = frozenset({"job", "quote"})


def quote(listener: Listener, key: str, text: str) -> None:
    """Put live news up as the hub does."""
    listener.board.put(LiveEvent("quote", key, text.encode()), at=0)
    listener.stir({"quote"}, at=0)


async def test_live_news_comes_as_its_newest_state():
    listener = Listener(LIVE, "")
    for text in ("one ", "two ", "three "):
        quote(listener, "BTC/USD", text)
    quote(listener, "ETH/USD", "four ")

    assert await taken(listener) == b"three four "
    assert listener.heard == (0, 0), "live news has no place in the stream of events"


async def test_news_of_other_topics_does_not_wake_a_listener():
    listener = Listener(JOBS, "")
    quote(listener, "BTC/USD", "one")

    assert await taken(listener) == b""
    assert not listener.is_stuck(at=1_000)


async def test_live_news_pauses_between_deliveries_and_then_brings_the_newest():
    listener = Listener(LIVE, "", live_seconds=3_600)
    quote(listener, "BTC/USD", "one")
    first = await taken(listener)
    quote(listener, "BTC/USD", "two")

    waiting = asyncio.create_task(listener.take(timeout_seconds=30))
    await asyncio.sleep(0.02)

    assert first == b"one"
    assert not waiting.done()
    waiting.cancel()

    listener._live_due = 0.0  # the hour is over
    quote(listener, "BTC/USD", "three")
    assert await taken(listener) == b"three"


async def test_the_pause_ends_by_itself():
    listener = Listener(LIVE, "", live_seconds=0.02)
    quote(listener, "BTC/USD", "one")
    await taken(listener)
    quote(listener, "BTC/USD", "two")

    assert await listener.take(timeout_seconds=30) == b"two"


async def test_an_event_does_not_wait_for_the_pause_of_live_news():
    listener = Listener(LIVE, "", live_seconds=3_600)
    quote(listener, "BTC/USD", "one")
    await taken(listener)
    quote(listener, "BTC/USD", "two")
    waiting = asyncio.create_task(listener.take(timeout_seconds=30))
    await asyncio.sleep(0)

    listener.offer(event(1), at=0)

    assert await asyncio.wait_for(waiting, 30) == b"id: 1-0\n\n"
    listener._live_due = 0.0
    assert await taken(listener) == b"two", "and live news is not lost over it"


async def test_events_come_before_live_news():
    listener = Listener(LIVE, "")
    quote(listener, "BTC/USD", "one")
    listener.offer(event(1), at=0)

    assert await taken(listener) == b"id: 1-0\n\none"


async def test_a_flood_of_live_news_costs_no_event_and_no_memory():
    listener = Listener(LIVE, "", live_seconds=0)
    received = b""
    for number in range(1, 41):
        for _ in range(50):
            quote(listener, f"symbol {number % 3}", f"<{number}>")
        listener.offer(event(number), at=0)
        received += await taken(listener)

    assert [n for n in range(1, 41) if f"id: {n}-0\n".encode() not in received] == []
    assert b"resync" not in received
    assert len(listener.board) == 3
    assert received.count(b"<40>") == 1


async def test_one_that_missed_forgotten_news_is_told_to_fetch_again():
    listener = Listener(LIVE, "", board=Board(max_keys=2))
    for key in "abc":
        quote(listener, key, key)

    assert await taken(listener) == b"event: resync\ndata: {}\n\nbc"


async def test_who_does_not_take_live_news_is_stuck():
    listener = Listener(LIVE, "")
    quote(listener, "BTC/USD", "one")
    assert listener.is_stuck(at=EVICT_SECONDS + 1)

    await taken(listener)

    assert not listener.is_stuck(at=1_000)
