"""What the pricing app refuses, each with a stable code."""

from common.errors import DomainError, InvalidInput, NotFound


class PricingError(DomainError):
    """Base of the expected refusals of this app."""

    default_code = "pricing_refused"


class PriceFileError(PricingError, InvalidInput):
    """A price file is missing, truncated, corrupt or of another shape. Nothing of it was stored."""

    default_code = "price_file_unreadable"


class BatchRefused(PricingError, InvalidInput):
    """A batch of observations cannot be stored as it is: absurd time, unknown currency, no article."""

    default_code = "price_batch_refused"


class UnknownPriceSource(PricingError, NotFound):
    """No price source has that code."""

    default_code = "price_source_unknown"


class QuarantineDecided(PricingError):
    """The quarantined price was already decided the other way."""

    default_code = "quarantine_already_decided"


class PriceNotStored(PricingError, NotFound):
    """There is no such price in history."""

    default_code = "price_not_stored"


class FeeScheduleNotFound(PricingError, NotFound):
    """No fee schedule of the venue is valid on that day."""

    default_code = "fee_schedule_not_found"


class FeeScheduleRefused(PricingError, InvalidInput):
    """The fee schedule contradicts itself or another one's period."""

    default_code = "fee_schedule_refused"


class FxRateRefused(PricingError, InvalidInput):
    """An exchange rate cannot be stored as it is."""

    default_code = "fx_rate_refused"


class MatchRefused(PricingError):
    """An outside id cannot be matched with that product: it is another's, or the article is decided."""

    default_code = "match_refused"
