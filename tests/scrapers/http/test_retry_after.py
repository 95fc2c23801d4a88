"""Retry-After is read in both forms, and bounded."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.http.retry_after import MAX_RETRY_AFTER, parse_retry_after

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(("text", "seconds"), [
    ("0", 0), ("120", 120), (" 7 ", 7), ("3600", 3600), ("3601", 3600), ("9" * 400, 3600),
    ("Sat, 21 Nov 2026 12:01:30 GMT", 90), ("Saturday, 21-Nov-26 12:01:30 GMT", 90),
    ("Sat, 21 Nov 2026 12:01:30 -0000", 90), ("Sat, 21 Nov 2026 13:01:30 +0100", 90),
    ("Sat, 21 Nov 2020 12:00:00 GMT", 0), ("Sat, 21 Nov 2099 12:00:00 GMT", 3600),
])  # fmt: skip
def test_seconds_and_dates_are_read(text, seconds):
    assert parse_retry_after(text, now=NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", [
    "", " ", "soon", "-1", "1.5", "1e3", "+5", "٣", "²", "0x10", "12:00", "Sat, 99 Nov 2026 12:00:00 GMT",
    "Sat, 21 Nov 2026 12:00:00 +9999", "120, 60",
])  # fmt: skip
def test_what_cannot_be_read_says_nothing(text):
    assert parse_retry_after(text, now=NOW) is None


@given(st.text(max_size=60))
def test_any_text_is_a_bounded_pause_or_none(text):
    pause = parse_retry_after(text, now=NOW)
    assert pause is None or timedelta(0) <= pause <= MAX_RETRY_AFTER
