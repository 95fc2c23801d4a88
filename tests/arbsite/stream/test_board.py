"""The newest live news of every thing, and what a listener has not seen of it."""

from hypothesis import given
from hypothesis import strategies as st

from arbsite.stream.board import KEPT_SECONDS, Board, LiveEvent

QUOTES = frozenset({"quote"})
BOTH = frozenset({"quote", "signal"})


def news(key: str, text: str, topic: str = "quote") -> LiveEvent:
    return LiveEvent(topic, key, text.encode())


def test_only_the_newest_of_a_key_is_kept_in_the_order_of_the_last_change():
    board = Board()
    for key, text in (("a", "a1"), ("b", "b1"), ("a", "a2")):
        board.put(news(key, text), at=0)

    assert board.since(0, QUOTES) == ([b"b1", b"a2"], False)


def test_what_was_seen_is_not_told_again():
    board = Board()
    board.put(news("a", "a1"), at=0)
    mark = board.newest
    board.put(news("b", "b1"), at=0)

    assert board.since(mark, QUOTES) == ([b"b1"], False)
    assert board.since(board.newest, QUOTES) == ([], False)


def test_only_the_topics_that_were_asked_for():
    board = Board()
    board.put(news("a", "a1"), at=0)
    board.put(news("a", "s1", "signal"), at=0)

    assert board.since(0, QUOTES) == ([b"a1"], False)
    assert board.since(0, BOTH) == ([b"a1", b"s1"], False)


def test_too_many_keys_are_forgotten_and_said_to_be():
    board = Board(max_keys=2)
    for key in "abc":
        board.put(news(key, key), at=0)

    assert len(board) == 2
    assert board.since(0, QUOTES) == ([b"b", b"c"], True)
    assert board.since(1, QUOTES) == ([b"b", b"c"], False), "who has seen it misses nothing"
    assert board.since(0, frozenset({"signal"})) == ([], False), "nor who never wanted it"


def test_too_many_bytes_are_forgotten():
    board = Board(max_bytes=10)
    for key in "abc":
        board.put(news(key, key * 4), at=0)

    assert board.since(0, QUOTES) == ([b"bbbb", b"cccc"], True)


def test_old_news_is_forgotten():
    board = Board()
    board.put(news("a", "a"), at=0)
    board.put(news("b", "b"), at=KEPT_SECONDS + 1)

    assert board.since(0, QUOTES) == ([b"b"], True)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 9), st.booleans()), max_size=200),
    st.integers(1, 8),
    st.integers(10, 60),
)
def test_a_listener_ends_with_the_newest_state_or_knows_that_it_does_not(steps, max_keys, max_bytes):
    board = Board(max_keys=max_keys, max_bytes=max_bytes)
    newest: dict[str, bytes] = {}
    seen: dict[str, bytes] = {}
    mark, has_lost = 0, False
    for number, (key, size, looks) in enumerate(steps):
        text = f"{key}:{number}:" + "x" * size
        newest[str(key)] = text.encode()
        board.put(news(str(key), text), at=0)
        assert len(board) <= max_keys
        if looks or number == len(steps) - 1:
            found, lost = board.since(mark, QUOTES)
            mark, has_lost = board.newest, has_lost or lost
            seen |= {body.decode().partition(":")[0]: body for body in found}
    assert has_lost or seen == newest
