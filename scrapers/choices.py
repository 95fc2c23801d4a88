"""The closed lists of the scrapers app."""

from django.db import models


class FetchOutcome(models.TextChoices):
    """How the last attempt to fetch something ended."""

    OK = "ok", "Priced"
    NO_OFFER = "no_offer", "Nothing on offer"
    NOT_LISTED = "not_listed", "Not listed any more"
    UNCHANGED = "unchanged", "Unchanged"
    BLOCKED = "blocked", "Blocked"
    RATE_LIMITED = "rate_limited", "Told to wait"
    UNAVAILABLE = "unavailable", "Venue unavailable"
    REFUSED = "refused", "Refused"
    UNREADABLE = "unreadable", "Unreadable answer"


class RobotsPolicy(models.TextChoices):
    """What a route does about robots.txt."""

    OBEY = "obey", "Obey robots.txt"
    PUBLISHED_API = "published_api", "Published API or download: its own terms rule"


class LiveAdapter(models.TextChoices):
    """Which code speaks with a live market."""

    JSON = "json", "Generic JSON"
    RELOADLY = "reloadly", "Reloadly"
    BITREFILL = "bitrefill", "Bitrefill"
    MOCK = "mock", "Invented quotes (development)"
    BINANCE = "binance", "Binance spot"
    COINBASE = "coinbase", "Coinbase Exchange"
    KRAKEN = "kraken", "Kraken v2"
    OKX = "okx", "OKX v5"
    BYBIT = "bybit", "Bybit v5"


class MarketSide(models.TextChoices):
    """What the venue does, seen from its own chair."""

    SELL = "sell", "Sells to us (asks)"
    BUY = "buy", "Buys from us (bids)"
    BOTH = "both", "Both"


class MarketOrigin(models.TextChoices):
    """Who declared a live market."""

    ENVIRONMENT = "environment", "Environment"
    STAFF = "staff", "Staff"
    DEMO = "demo", "Demo"
