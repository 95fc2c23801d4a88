"""`manage.py run_giftcards`: ask the gift-card markets and publish what pays, until stopped."""

import asyncio
import os
from contextlib import AsyncExitStack
from typing import Any

from django.conf import settings
from prometheus_client import REGISTRY

from arbsite.giftcards.metrics import DeskCollector
from arbsite.giftcards.running import GiftCardDesk, policy_of_settings
from common.clock import utc_now
from common.commands import ArbsiteCommand
from common.live_process import LiveProcess
from common.redis import open_async_redis
from scrapers.services.live_markets import sync_environment_markets


class Command(ArbsiteCommand):
    help = (
        "Ask the gift-card markets for quotes and publish what pays. Markets come from MKT_<ID>_* variables "
        "and from the admin. Runs until stopped."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sync_environment_markets(os.environ, now=utc_now())
        asyncio.run(_run())


async def _run() -> None:
    async with AsyncExitStack() as stack:
        client = open_async_redis()
        stack.push_async_callback(client.aclose)
        desk = GiftCardDesk(client, policy=policy_of_settings())
        collector = DeskCollector(desk)
        REGISTRY.register(collector)
        stack.callback(REGISTRY.unregister, collector)
        process = await stack.enter_async_context(
            LiveProcess("giftcards", health_port=settings.GIFTCARDS_HEALTH_PORT, facts=desk.facts)
        )
        await desk.run(process.stopping)
