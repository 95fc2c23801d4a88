"""Until when an opportunity may be acted on."""

from datetime import datetime, timedelta

LIFETIME = timedelta(hours=12)
PRICE_LIFETIME = timedelta(hours=24)


def expires_at(
    *,
    now: datetime,
    oldest_price_at: datetime,
    lifetime: timedelta = LIFETIME,
    price_lifetime: timedelta = PRICE_LIFETIME,
) -> datetime | None:
    """Give the end of an opportunity: the earlier of now + lifetime and its oldest price + price lifetime.

    Returns:
        The moment from which it counts as expired, or None if that has already come: do not create it.

    Raises:
        ValueError: for a datetime without a time zone.
    """
    if now.tzinfo is None or oldest_price_at.tzinfo is None:
        raise ValueError("times must carry a time zone")
    end = min(now + lifetime, oldest_price_at + price_lifetime)
    return end if end > now else None


def has_expired(*, now: datetime, expires_at: datetime | None) -> bool:
    """Say whether the end has come (inclusive); without an end, never."""
    return expires_at is not None and now >= expires_at
