"""`manage.py sync_markets`: bring the declared live markets in line with the environment."""

import os
from dataclasses import asdict
from typing import Any

from common.clock import utc_now
from common.commands import ArbsiteCommand
from scrapers.services.live_markets import sync_environment_markets


class Command(ArbsiteCommand):
    help = (
        "Read the gift-card markets that MKT_<ID>_* variables declare (and ENABLE_MOCK_MARKETS), check them "
        "and store them; what is not declared any more is switched off. run_giftcards does it at its start."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        report = sync_environment_markets(os.environ, now=utc_now())
        lines = [f"{name}: {', '.join(codes)}" for name, codes in asdict(report).items() if codes]
        self.emit(asdict(report), "\n".join(lines) or "The environment declares no market.")
