import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.errors import PriceFileError
from pricing.importers import parse_price_guide


def guide(*rows: object, created_at: object = "2026-11-20T02:45:36+0100") -> bytes:
    return json.dumps({"version": 1, "createdAt": created_at, "priceGuides": rows}).encode()


def test_guide_with_dirt_keeps_what_is_readable_and_counts_the_rest(files: Path):
    parsed = parse_price_guide((files / "guide.json").read_bytes())

    seen = [(o.external_id, o.price_type, o.finish, o.price) for o in parsed]

    assert ("101", "trend", "nonfoil", Decimal("1.77")) in seen
    assert ("101", "avg30", "foil", Decimal("3.43")) in seen
    assert ("108", "trend", "foil", Decimal("12.25")) in seen
    assert Counter(article for article, *_ in seen) == {
        "101": 11,
        "102": 1,
        "103": 3,
        "104": 1,
        "106": 1,
        "107": 1,
        "108": 3,
    }
    assert parsed.rows_read == 9
    assert [problem.row for problem in parsed.problems] == [5, 8]
    assert parsed.skipped["unreadable_row"] == 2
    assert parsed.recorded_at == datetime(2026, 11, 20, 1, 45, 36, tzinfo=UTC)


def test_prices_are_the_digits_of_the_file():
    parsed = parse_price_guide(b'{"priceGuides":[{"idProduct":1,"trend":0.1,"low":71800,"avg":1.10}]}')

    assert [str(o.price) for o in parsed] == ["71800", "0.1", "1.10"]


@pytest.mark.parametrize("created_at", [None, "", "yesterday", "2026-11-20", "2026-13-40T00:00:00+0100"])
def test_unusable_creation_time_is_no_time(created_at: object):
    assert parse_price_guide(guide(created_at=created_at)).recorded_at is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (guide({"idProduct": 1})[:-5], "truncated or corrupt"),
        (b"\x00\x01", "truncated or corrupt"),
        (b'{"priceGuides": [\xff]}', "truncated or corrupt"),
        (b"[]", "not a Cardmarket price guide"),
        (b'{"products": []}', "not a Cardmarket price guide"),
        (b'{"priceGuides": {"1": 2}}', "not a Cardmarket price guide"),
    ],
)
def test_other_content_is_refused(content: bytes, message: str):
    with pytest.raises(PriceFileError, match=message):
        parse_price_guide(content)


_values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.lists(st.none())
)
_rows = st.dictionaries(
    st.sampled_from(["idProduct", "idCategory", "low", "trend", "avg30", "trend-foil", "low-holo", "new"]),
    _values,
)


@given(st.lists(_rows | _values, max_size=8))
def test_any_json_rows_give_positive_or_countable_results(rows: list[object]):
    parsed = parse_price_guide(guide(*rows))

    seen = list(parsed)

    assert all(o.price != 0 for o in seen)
    assert parsed.skipped["unreadable_row"] == len(parsed.problems)
    assert len({o.external_id for o in seen}) + len(parsed.problems) <= len(rows)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes):
    try:
        list(parse_price_guide(content))
    except PriceFileError as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
