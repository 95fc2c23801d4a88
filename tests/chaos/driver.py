"""The side of the chaos test that talks to the servers under attack, in a process of its own.

`enqueue N` asks for N jobs and prints an id for each that was acknowledged; `pump N` does what beat's tasks
do (relay, reconcile) until N are done, whatever breaks meanwhile, and prints how far it is; `report` prints
what happened in the end.
"""

import json
import sys
import time
from typing import Any, cast

import django

django.setup()

import redis  # noqa: E402
from django.db import DatabaseError, connection, transaction  # noqa: E402
from kombu.exceptions import OperationalError as BrokerError  # noqa: E402

from common.models import OutboxMessage  # noqa: E402
from common.outbox import enqueue  # noqa: E402
from common.outbox.relay import CeleryPublisher, reconcile_messages, relay_messages  # noqa: E402
from tests.common.outbox_effects import app, effects  # noqa: E402

OUTAGES = (DatabaseError, BrokerError, redis.RedisError, OSError)


def say(fact: object) -> None:
    sys.stdout.write(json.dumps(fact) + "\n")
    sys.stdout.flush()


def ask(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            enqueue(task="test.slow_effect", kwargs={"number": number}, queue="default")
        say(number)


def pump(count: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            reconcile_messages(unconfirmed_seconds=3)
            relay_messages(publisher=CeleryPublisher(cast(Any, app)))
            done = OutboxMessage.objects.filter(done_at__isnull=False).count()
            running = OutboxMessage.objects.filter(done_at__isnull=True, leased_until__isnull=False).count()
            say({"done": done, "running": running})
            if done == count:
                return
        except OUTAGES as outage:
            say({"outage": type(outage).__name__})
            connection.close()
        time.sleep(0.1)


def report() -> None:
    attempts = list(OutboxMessage.objects.values_list("attempts", flat=True))
    say({"effects": effects(), "runs": sum(attempts), "messages": len(attempts)})


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "enqueue":
        ask(int(arguments[0]))
    elif command == "pump":
        pump(int(arguments[0]), float(arguments[1]))
    else:
        report()
