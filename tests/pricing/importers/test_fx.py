from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pricing.errors import PriceFileError
from pricing.importers.fx import parse_fx

HEADER = b"date,base,quote,bid,ask,source\n"


def test_a_day_is_known_at_its_end(files: Path):
    daily, timed, _ = parse_fx((files / "rates.csv").read_bytes())

    assert daily.observed_at == datetime(2026, 11, 19, 23, 59, 59, tzinfo=UTC)
    assert timed.observed_at == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    assert (daily.base, daily.quote, daily.bid, daily.ask) == (
        "EUR",
        "USD",
        Decimal("1.0845"),
        Decimal("1.0851"),
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"date,base\n", "no column quote"),
        (HEADER, "no exchange rate"),
        (HEADER + b"2026-11-20,EUR,USD,1.08,,ecb\n", "Line 2: column ask is empty"),
        (HEADER + b"2026-11-20,EUR,USD,1.08,1.09,ecb,more\n", "Line 2: too many columns"),
        (HEADER + b"2026-11-20,EUR,USD,NaN,1.09,ecb\n", "Line 2"),
        (HEADER + b"2026-11-20T08:00:00,EUR,USD,1.08,1.09,ecb\n", "no time zone"),
        (HEADER + b"someday,EUR,USD,1.08,1.09,ecb\n", "Line 2"),
        (b"\xff", "no CSV"),
    ],
)
def test_unreadable_rates_are_refused_with_their_line(content: bytes, message: str):
    with pytest.raises(PriceFileError, match=message):
        parse_fx(content)
