"""What the outbox tests run: a Celery application, tasks with a countable effect, a broker in memory."""

import os
import time
from collections import Counter

from celery import Celery
from django.conf import settings

from common.audit import record_event
from common.clock import utc_now
from common.models import AuditEvent
from common.outbox import OutboxTask, effect_once, handled
from common.outbox.relay import Message

app = Celery("outbox_effects", task_cls=OutboxTask, set_as_current=False)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.broker_transport_options = {
    **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
    "global_keyprefix": os.environ.get("CHAOS_PREFIX", ""),
    "visibility_timeout": 3,
    "unacked_restore_interval": 1,
}
app.conf.task_soft_time_limit = None
app.conf.task_time_limit = 3


def record_effect(number: int) -> None:
    record_event(actor=None, verb="effect.done", subject=f"effect:{number}", data={}, now=utc_now())


def effects() -> Counter[str]:
    return Counter(AuditEvent.objects.filter(verb="effect.done").values_list("subject", flat=True))


@app.task(name="test.effect")
@effect_once
def effect(*, number: int, **_: object) -> None:
    record_effect(number)


@app.task(name="test.slow_effect")
def slow_effect(*, number: int, **_: object) -> None:
    with handled() as is_open:
        if is_open:
            record_effect(number)
            time.sleep(0.15)  # the window in which a kill must not leave half an effect


@app.task(name="test.failing")
def failing(*, number: int, **_: object) -> None:
    record_effect_before_failing = f"secret {number}"
    raise RuntimeError(record_effect_before_failing)


@app.task(name="test.plain")
def plain(*, number: int, **_: object) -> int:
    return number


class MemoryBroker:
    """A broker in memory that can be down, and can lose what it holds."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.error: BaseException | None = None
        self.error_after = 0

    def publish(self, message: Message) -> None:
        if self.error is not None and len(self.messages) >= self.error_after:
            raise self.error
        self.messages.append(message)

    def deliver(self, message: Message) -> object:
        """Run a message's task as a worker would."""
        return app.tasks[message.task].apply(
            kwargs=message.kwargs, task_id=str(message.id), headers={"outbox_id": str(message.id)}
        )
