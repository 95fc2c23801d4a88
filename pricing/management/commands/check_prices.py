"""`manage.py check_prices`: compare every current price with the newest one in history."""

from typing import Any

from common.commands import ArbsiteCommand, PartlyDone
from pricing.selectors import history_disagreements

SHOWN = 20


class Command(ArbsiteCommand):
    help = "Check that every current price is the newest one in the price history."

    def handle(self, *args: Any, **options: Any) -> None:
        found = history_disagreements()
        keys = [
            f"product {product}, source {source}, variant {variant}" for product, source, variant in found
        ]
        self.emit(
            {"disagreements": len(found), "keys": keys[:SHOWN]},
            "Every current price is the newest in history." if not found else "",
        )
        if found:
            raise PartlyDone(
                "\n".join([f"{len(found):,} current prices disagree with history:", *keys[:SHOWN]])
            )
