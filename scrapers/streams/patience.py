"""How long a venue that answered so wants to be left alone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

DEFAULT_SECONDS: Final = {429: 10.0, 418: 120.0, 403: 900.0, 451: 900.0}
"""Where it does not say: too many requests, a ban, a firewall, a country it does not serve."""
MOST_SECONDS: Final = 3 * 86_400.0
"""Binance's longest ban."""


def pause_of(status: int, headers: Mapping[str, str]) -> float:
    """Return the seconds to stay away after a refusal; 0 where the status asks for no pause.

    Args:
        status: of the HTTP answer.
        headers: `Retry-After` counts where there is one.
    """
    said = retry_after(headers.get("Retry-After", ""))
    return min(said or DEFAULT_SECONDS.get(status, 0.0), MOST_SECONDS)


def retry_after(text: str, *, now: datetime | None = None) -> float:
    """Return the seconds of a `Retry-After` header, which is a number or a date; 0 for none."""
    text = text.strip()
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        return 0.0
    return max(0.0, (moment - (now or datetime.now(tz=UTC))).total_seconds())
