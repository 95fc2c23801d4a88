"""What alerts say. They carry no secret and no address of ours."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from opportunities.models import AlertDelivery, Opportunity

TITLE_LENGTH: Final = 200
_LISTED: Final = 30
DISCLAIMER: Final = "An estimate, not a promise."


def alert_text(row: Opportunity) -> tuple[str, str]:
    """Return the title and the body of an alert about one opportunity, its product and source loaded."""
    title = f"{row.sealed_product.name}: {row.margin_percentage:+} % after costs"
    if row.probability_of_profit is None:
        chance = "unknown"
    else:
        chance = f"{Decimal(row.probability_of_profit) * 100:.0f} %"
    body = "\n".join(
        (
            f"Buy at {row.buy_source.code} for {row.total_cost} {row.currency}, "
            f"singles bring {row.singles_value} {row.currency} net.",
            f"Expected profit {row.net_profit} {row.currency}, chance of profit {chance}.",
            f"Confidence {row.confidence_score}, risk {row.risk_level}. {DISCLAIMER}",
        )
    )
    return title[-TITLE_LENGTH:], body


def digest_text(rule_name: str, deliveries: Sequence[AlertDelivery]) -> tuple[str, str]:
    """Return the title and the body of a message: one alert as it is, several as a list."""
    if len(deliveries) == 1:
        return deliveries[0].title, deliveries[0].body
    lines = [f"- {delivery.title}" for delivery in deliveries[:_LISTED]]
    more = len(deliveries) - _LISTED
    if more > 0:
        lines.append(f"and {more} more")
    title = f"{rule_name}: {len(deliveries)} opportunities"[:TITLE_LENGTH]
    return title, "\n".join([*lines, DISCLAIMER])
