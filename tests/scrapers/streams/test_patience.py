"""How long a venue wants to be left alone."""

from datetime import UTC, datetime

import pytest

from scrapers.streams.patience import MOST_SECONDS, pause_of, retry_after

NOW = datetime(2026, 2, 2, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "said", "seconds"),
    [
        (429, "7", 7.0),
        (429, "", 10.0),
        (418, "", 120.0),
        (403, "", 900.0),
        (451, "", 900.0),
        (503, "", 0.0),
        (503, "4", 4.0),
    ],
)
def test_pause_is_what_the_venue_says_or_what_its_refusal_means(status: int, said: str, seconds: float):
    assert pause_of(status, {"Retry-After": said} if said else {}) == seconds


def test_pause_has_an_end():
    assert pause_of(429, {"Retry-After": "99999999999"}) == MOST_SECONDS


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5.0),
        (" 5 ", 5.0),
        ("", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("Mon, 02 Feb 2026 12:00:30 GMT", 30.0),
        ("Mon, 02 Feb 2026 11:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_a_number_or_a_date(text: str, seconds: float):
    assert retry_after(text, now=NOW) == seconds
