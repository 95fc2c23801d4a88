"""What everybody accepts before acting. A change of the text is a new version."""

from typing import Final

VERSION: Final = "2026-1"
TEXT: Final = (
    "Executions are simulated on paper: no order leaves this system and no money moves. Figures come from "
    "public prices and published pull rates, which may be wrong, late or not available to you. What a sealed "
    "product really holds is chance: a positive expected profit is not a promise, and a loss is possible on "
    "every single product. Nothing here is investment advice. Before you act with your own money, check the "
    "offer, the stock, the fees, the terms of the marketplace and the law where you live."
)
