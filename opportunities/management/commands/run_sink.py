"""`manage.py run_sink`: what the live engines saw, into PostgreSQL."""

import asyncio
from typing import Any

from common.commands import ArbsiteCommand
from opportunities.live.sink_process import run_sink


class Command(ArbsiteCommand):
    help = "Store live routes as opportunities, sample live quotes and close what is overdue, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(run_sink())
