"""A sink killed after its commit, before it confirms: `python -m tests.opportunities.live.killed_sink`."""

import os
import signal
import sys
from collections.abc import Sequence

import django

django.setup()

import redis  # noqa: E402
from django.conf import settings  # noqa: E402

from opportunities.live.sink import Sink  # noqa: E402
from tests.opportunities.sighting_factory import START  # noqa: E402


class KilledSink(Sink):
    def _confirm(self, keys: Sequence[bytes]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=30)
    sink = KilledSink(client, clock=lambda: START)
    while True:
        sink.step()
        sys.stdout.flush()
