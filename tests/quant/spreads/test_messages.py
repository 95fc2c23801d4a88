"""Messages come back as they were sent; what is none is refused."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.spreads.messages import Beat, Quote, Withdrawn, decode, encode

numbers = st.floats(min_value=0, allow_infinity=False)
whole = st.integers(0, 2**63 - 1)
book = st.lists(st.tuples(numbers, numbers), max_size=3)
quotes = st.builds(
    Quote,
    exchange=st.text(max_size=8),
    symbol=st.text(max_size=8),
    price=numbers,
    volume=numbers,
    timestamp=whole,
    bid=numbers,
    ask=numbers,
    bid_size=numbers,
    ask_size=numbers,
    received=whole,
    bids=book,
    asks=book,
)
withdrawals = st.builds(Withdrawn, exchange=st.text(), symbol=st.text(), reason=st.text(), received=whole)
beats = st.builds(Beat, exchange=st.text(), state=st.text(), received=whole, lag_ms=st.integers(-1, 10**6))


@given(quotes | withdrawals | beats)
def test_a_message_survives_the_journey(message):
    received = decode(encode(message))
    assert type(received) is type(message)
    assert received == message


OTHER_KIND = msgspec.msgpack.encode(["trade", "binance"])
CUT_OFF = encode(Beat("binance", "live", 1))[:-3]


@pytest.mark.parametrize("frame", [b"", b"\xc1", b"{}", OTHER_KIND, CUT_OFF])
def test_what_is_no_message_is_refused(frame):
    with pytest.raises(msgspec.DecodeError):
        decode(frame)


def test_prices_must_be_numbers():
    frame = msgspec.msgpack.encode(["ticker", "binance", "BTC/USDT", "1.5", 0.0, 0, 1.0, 1.0, 0.0, 0.0, 1])
    with pytest.raises(msgspec.ValidationError):
        decode(frame)
