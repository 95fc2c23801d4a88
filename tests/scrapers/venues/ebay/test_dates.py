from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.venues.ebay.dates import EndMark, parse_end_mark

TODAY = date(2026, 1, 9)


@pytest.mark.parametrize(
    ("text", "is_sold", "on"),
    [
        ("SOLD JUL 5, 2025", True, date(2025, 7, 5)),
        ("Sold  Jul 5, 2025", True, date(2025, 7, 5)),
        ("ENDED JUL 4, 2025", False, date(2025, 7, 4)),
        ("Sold 5 Jul 2025", True, date(2025, 7, 5)),
        ("Verkauft 5. Juli 2025", True, date(2025, 7, 5)),
        ("Vendu le 5 août 2025", True, date(2025, 8, 5)),
        ("Venduto 5 lug 2025", True, date(2025, 7, 5)),
        ("Vendido 5 dic 2025", True, date(2025, 12, 5)),
        ("Jun-23 19:07", None, date(2025, 6, 23)),
        ("Sold Dec 30", True, date(2025, 12, 30)),
        ("Sold Jan 9", True, date(2026, 1, 9)),
        ("Sold Jan 10", True, date(2025, 1, 10)),
        ("Sold Feb 29", True, date(2024, 2, 29)),
        ("Sold Jan 10, 2026", True, date(2026, 1, 9)),
        ("Sold Jan 11, 2026", True, None),
        ("Sold Feb 30, 2025", True, None),
        ("Sold May 5 Jun 6", True, None),
        ("Sold 5", True, None),
        ("Sold", True, None),
        ("", None, None),
        ("SOLD ENDED JUL 4, 2025", False, date(2025, 7, 4)),
    ],
)
def test_words_above_a_listing_are_read(text, is_sold, on):
    assert parse_end_mark(text, today=TODAY) == EndMark(is_sold, on)


@given(today=st.dates(date(2024, 1, 1), date(2030, 12, 31)), ago=st.integers(0, 300))
def test_day_without_a_year_is_never_in_the_future(today, ago):
    sold = today - timedelta(days=ago)

    assert parse_end_mark(f"Sold {sold:%b %d}", today=today).on == sold


@given(text=st.text(alphabet="soldJanFeb0123456789 ,.-:", max_size=30), today=st.dates(date(2020, 1, 1)))
def test_no_text_puts_a_sale_into_the_future(text, today):
    found = parse_end_mark(text, today=today).on

    assert found is None or found <= today
