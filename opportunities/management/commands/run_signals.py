"""`manage.py run_signals`: the signal engine of the live desk."""

from typing import Any

import uvloop

from common.commands import ArbsiteCommand
from opportunities.live.process import run_signals


class Command(ArbsiteCommand):
    help = "Compare live exchange prices from run_ingest and publish signals, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        uvloop.run(run_signals())
