"""The closed lists of the pricing app."""

from django.db import models


class PriceType(models.TextChoices):
    """Which statistic of a venue's offers or sales a price is."""

    MARKET = "market", "Market"
    TREND = "trend", "Trend"
    LOW = "low", "Lowest offer"
    MID = "mid", "Median offer"
    AVG = "avg", "Average sale"
    AVG1 = "avg1", "1-day average"
    AVG7 = "avg7", "7-day average"
    AVG30 = "avg30", "30-day average"
    DIRECT_LOW = "direct_low", "Lowest direct offer"
    RETAIL = "retail", "Retail"
    BUYLIST = "buylist", "Buylist (cash)"


class Condition(models.TextChoices):
    """The state of the article a price is for."""

    NEAR_MINT = "near_mint", "Near mint"
    LIGHTLY_PLAYED = "lightly_played", "Lightly played"
    MODERATELY_PLAYED = "moderately_played", "Moderately played"
    HEAVILY_PLAYED = "heavily_played", "Heavily played"
    DAMAGED = "damaged", "Damaged"
    ANY = "any", "Any condition"
    UNOPENED = "unopened", "Unopened"


class ConfidenceLevel(models.TextChoices):
    """How far a batch of prices is trusted (R002 `confidence_level`)."""

    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class Route(models.TextChoices):
    """How prices arrived."""

    BULK = "bulk", "Bulk feed"
    API = "api", "API"
    PAGE = "page", "Page"
    FILE = "file", "File"
    STAFF = "staff", "Staff"


class QuarantineReason(models.TextChoices):
    """Why a price was held back."""

    RATIO_TO_LOW = "ratio_to_low", "Too far from the lowest offer"
    RATIO_TO_AVERAGE = "ratio_to_average", "Too far from the average"
    RATIO_TO_HISTORY = "ratio_to_history", "Too far from its own history"
    NO_OFFERS = "no_offers", "Nothing on offer"
    TOO_SMALL = "too_small", "Implausibly small for a sealed product"
    PRICE_PARKED = "price_parked", "Parked at a price nobody pays"
    WRONG_CURRENCY = "wrong_currency", "Not the venue's currency"
    IN_THE_FUTURE = "in_the_future", "Observed in the future"
    RATIO_TO_PEERS = "ratio_to_peers", "Too far from other sources"
    UNIT_UNCLEAR = "unit_unclear", "Per box or per case is not clear"
    UNCONFIRMED = "unconfirmed", "Not confirmed yet: sudden, or the first of its kind"
    STAFF_OUTLIER = "staff_outlier", "Taken out of history by staff"


class QuarantineStatus(models.TextChoices):
    """What became of a quarantined price."""

    HELD = "held", "Held"
    RELEASED = "released", "Released"
    REJECTED = "rejected", "Rejected"


class UnmatchedStatus(models.TextChoices):
    """What became of an article a source knows and the catalogue does not."""

    OPEN = "open", "Open"
    MATCHED = "matched", "Matched"
    IGNORED = "ignored", "Ignored"


class PriceListStatus(models.TextChoices):
    """What became of a distributor's price list."""

    DRAFT = "draft", "Draft"
    IMPORTED = "imported", "Imported"
