"""The closed lists of the opportunities app."""

from django.db import models


class OpportunityKind(models.TextChoices):
    """Which detector found it."""

    SEALED_TO_SINGLES = "sealed_to_singles", "Sealed to singles"
    CROSS_VENUE = "cross_venue", "Across venues"


class LiveMarketKind(models.TextChoices):
    """Which live market a cross-venue opportunity belongs to."""

    GIFT_CARD = "giftcard", "Gift cards"
    CRYPTO = "crypto", "Crypto"


class CrossVenueState(models.TextChoices):
    """Life of a route: open while the gap is there, closed when it is gone, open again when it is back."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class SpreadFlag(models.TextChoices):
    """What a person should know about a live gap."""

    BASIS_RISK = "basis_risk", "USD and USDT are taken for the same"
    CONVERTED = "converted", "One leg is converted by a live rate"
    SIZE_UNKNOWN = "size_unknown", "A venue does not say how much"
    TOP_ONLY = "top_only", "Size of the best price only"
    LOSS_RESERVE = "loss_reserve", "A card can turn out worthless"
    NO_VENUE_TIME = "no_venue_time", "A venue does not say when it quoted"
    TRIANGULAR = "triangular", "A cycle of three pairs"


class OpportunityStatus(models.TextChoices):
    """Life of an opportunity; everything but active is final."""

    ACTIVE = "active", "Active"
    EXECUTED = "executed", "Executed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


class RiskLevel(models.TextChoices):
    """R002's risk levels."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class CompetitionLevel(models.TextChoices):
    """How many sellers offer the sealed product."""

    UNKNOWN = "unknown", "Unknown"
    NONE = "none", "None"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class Refusal(models.TextChoices):
    """Why a sealed product is no opportunity. The first gate that refuses names the reason."""

    NO_PRICE = "no_price", "No price of the sealed product"
    QUARANTINED = "quarantined", "The newest price of the sealed product is quarantined"
    STALE = "stale", "The price of the sealed product is too old"
    LOW_QUALITY = "low_quality", "The price of the sealed product is too uncertain"
    NO_OFFERS = "no_offers", "Nothing on offer"
    NO_CONTENTS = "no_contents", "Contents unknown"
    INCOMPLETE = "incomplete", "Contents incomplete"
    IMPOSSIBLE_CONTENTS = "impossible_contents", "Contents cannot be right"
    COVERAGE = "coverage", "Too few of the singles have a price"
    GUARANTEED_UNPRICED = "guaranteed_unpriced", "An important single has no price"
    NO_FEES = "no_fees", "No fee schedule for selling"
    NO_MARGIN = "no_margin", "No profit after all costs"
    DISMISSED = "dismissed", "Dismissed by a person"
    FAILED = "failed", "The analysis failed"


class Flag(models.TextChoices):
    """What a person should know about an opportunity or a price before trusting it."""

    SINGLE_SELLER = "single_seller", "Only one seller"
    SELLERS_UNKNOWN = "sellers_unknown", "Number of sellers unknown"
    SHIPPING_UNKNOWN = "shipping_unknown", "Inbound shipping unknown and not included"
    CONCENTRATED = "concentrated", "A few cards carry the value"
    LOSS_LIKELY = "loss_likely", "A loss is likelier than a profit"
    LEVEL_SHIFT = "level_shift", "The price moved suddenly"
    SIMULATED = "simulated", "The distribution is a simulation"
    STALE = "stale", "The price is old"
    LOW_QUALITY = "low_quality", "The price is uncertain"
    QUARANTINED = "quarantined", "A newer price is quarantined"
    NO_PRICE = "no_price", "No price"
    INCOMPLETE = "incomplete", "Contents incomplete"
    COVERAGE = "coverage", "Too few of the singles have a price"
    GUARANTEED_UNPRICED = "guaranteed_unpriced", "An important single has no price"
    NO_FEES = "no_fees", "No fee schedule: fees are not included"
    NEEDS_REVIEW = "needs_review", "Too good to be true: needs a person's review"


class RuleScope(models.TextChoices):
    """Which opportunities an alert rule looks at."""

    ALL = "all", "All products"
    WATCHLIST = "watchlist", "Watched products"


class ChannelState(models.TextChoices):
    """What is known of a channel from its last use."""

    UNTESTED = "untested", "Not tested"
    WORKING = "working", "Working"
    FAILING = "failing", "Failing"


class DeliveryState(models.TextChoices):
    """Life of one delivery."""

    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Failed"
    SKIPPED = "skipped", "Skipped"


class NotificationKind(models.TextChoices):
    """What a line behind the bell is about."""

    OPPORTUNITY = "opportunity", "Opportunity"
    EXECUTION = "execution", "Execution"
    JOB = "job", "Job"
    SYSTEM = "system", "System"


class BacktestState(models.TextChoices):
    """Life of a back-test."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class ContentsCheck(models.TextChoices):
    """Which check of the contents audit raised a doubt."""

    SAME_CONTENTS = "same_contents", "Same contents in products of different subtype"
    WRONG_CHILD = "wrong_child", "A child of the wrong kind"
    ODD_COUNT = "odd_count", "An odd count"
    DEARER_THAN_CASE = "dearer_than_case", "Dearer than the case that holds it"
    PACK_PARITY = "pack_parity", "Packs cost very different amounts in different products"


class FindingState(models.TextChoices):
    """What became of a doubt."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted as right"
    RESOLVED = "resolved", "Resolved"
