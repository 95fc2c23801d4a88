"""How long a venue asks to be left alone."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

MAX_RETRY_AFTER: Final = timedelta(hours=1)


def parse_retry_after(text: str, *, now: datetime) -> timedelta | None:
    """Return the pause of a Retry-After header, which is a number of seconds or an HTTP date.

    Args:
        text: the header's value.
        now: the current time, for the date form.

    Returns:
        Zero to `MAX_RETRY_AFTER`; None if there is no header or it cannot be read.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:9]) if len(text) <= 9 else 10**9
        return min(timedelta(seconds=seconds), MAX_RETRY_AFTER)
    if not text[:3].isalpha():  # the parser takes almost anything; an HTTP date begins with its weekday
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:  # "-0000": a time of unknown zone; HTTP dates are GMT
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), MAX_RETRY_AFTER)
