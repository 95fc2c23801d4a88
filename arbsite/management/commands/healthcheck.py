"""`manage.py healthcheck`: exit code 0 when this container does its work (see docker/compose.yaml)."""

import http.client
import socket
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django_celery_beat.models import PeriodicTask

from arbsite.celery import app
from arbsite.settings.celery import QUEUES
from common.clock import utc_now
from common.commands import ArbsiteCommand, UsageError

BEAT_TASK = "common.relay_outbox"
BEAT_SILENCE = timedelta(minutes=2)
ANSWER_SECONDS = 8.0


class Command(ArbsiteCommand):
    help = "Tell by the exit code whether the web server, a worker or the scheduler on this machine is well."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=["web", "worker", "beat"])
        parser.add_argument("queue", nargs="?", help="The worker's queue.")
        parser.add_argument("--port", type=int, default=8000, help="Port of the web server.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["part"] == "web":
            web(options["port"])
        elif options["part"] == "beat":
            beat()
        elif options["queue"] in QUEUES:
            worker(options["queue"])
        else:
            raise UsageError(f"worker needs its queue: {', '.join(QUEUES)}")
        self.emit({"ok": True}, "well")


def web(port: int) -> None:
    """Raise CommandError unless `/readyz` answers 200."""
    # The server refuses unknown host names, also from inside.
    hosts = [host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/readyz", headers={"Host": hosts[0] if hosts else "localhost"})
        answer = connection.getresponse()
        body = answer.read(2000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        raise CommandError(f"the web server does not answer: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise CommandError(f"not ready ({answer.status}): {body}")


def worker(queue: str) -> None:
    """Raise CommandError unless the worker of this machine answers through the broker."""
    name = f"{queue}@{socket.gethostname()}"
    if not app.control.ping(destination=[name], timeout=ANSWER_SECONDS / 2):
        raise CommandError(f"the worker {name} does not answer")


def beat() -> None:
    """Raise CommandError when the scheduler has not sent its most frequent task for a while."""
    task = PeriodicTask.objects.filter(task=BEAT_TASK, enabled=True).first()
    if task is None:
        return  # staff switched it off: silence proves nothing
    if task.last_run_at is None or utc_now() - task.last_run_at > BEAT_SILENCE:
        raise CommandError(f"{BEAT_TASK} was last sent {task.last_run_at or 'never'}")
