"""The outbox: nothing asked for in a committed transaction is lost, and each effect happens once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import structlog
from celery.exceptions import QueueNotFound
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from common.clock import utc_now
from common.models import AuditEvent, OutboxMessage
from common.outbox import MAX_ATTEMPTS, enqueue
from common.outbox.relay import broker_lost_its_data, reconcile_messages, relay_messages
from common.outbox.upkeep import purge_finished, release_parked

from .outbox_effects import MemoryBroker, app, effects, record_effect

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker() -> MemoryBroker:
    return MemoryBroker()


def _ask(*numbers: int, task: str = "test.effect", **kwargs) -> None:
    with transaction.atomic():
        for number in numbers:
            enqueue(task=task, kwargs={"number": number}, queue="default", **kwargs)


def _end_lease() -> None:
    OutboxMessage.objects.filter(leased_until__isnull=False).update(
        leased_until=utc_now() - timedelta(seconds=1)
    )


def test_asked_in_a_transaction_that_rolls_back_is_never_published(broker):
    with transaction.atomic():
        enqueue(task="test.effect", kwargs={"number": 1}, queue="default")
        transaction.set_rollback(True)

    assert relay_messages(publisher=broker).published == 0


def test_same_key_twice_is_one_message(broker):
    _ask(1, key="alert:7")
    _ask(2, key="alert:7")

    relay_messages(publisher=broker)

    assert [message.kwargs["number"] for message in broker.messages] == [1]


def test_message_is_not_published_before_it_is_due(broker):
    _ask(1, due_at=utc_now() + timedelta(hours=1))
    _ask(2)

    relay_messages(publisher=broker)

    assert [message.kwargs["number"] for message in broker.messages] == [2]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"queue": "nowhere"}, "not declared"),
        ({"kwargs": {"text": "x" * 70_000}}, "pass ids"),
        ({"kwargs": {"number": float("nan")}}, "Out of range"),
    ],
)
def test_unusable_message_is_refused_when_asked_for(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        enqueue(**{"task": "test.effect", "kwargs": {}, "queue": "default", **arguments})


def test_relay_keeps_what_an_unreachable_broker_refuses(broker):
    _ask(1, 2, 3)
    broker.error, broker.error_after = OperationalError("refused"), 1

    down = relay_messages(publisher=broker)
    broker.error = None
    up = relay_messages(publisher=broker)

    assert (down.published, down.is_broker_down, up.published) == (1, True, 2)
    assert sorted(message.kwargs["number"] for message in broker.messages) == [1, 2, 3]


def test_crash_between_publish_and_commit_publishes_again_and_acts_once(broker):
    _ask(1, 2)
    broker.error, broker.error_after = KeyboardInterrupt(), 1

    with pytest.raises(KeyboardInterrupt):
        relay_messages(publisher=broker)
    broker.error = None
    relay_messages(publisher=broker)
    for message in broker.messages:
        broker.deliver(message)

    assert len(broker.messages) == 3
    assert effects() == {"effect:1": 1, "effect:2": 1}


def test_naive_publish_on_commit_loses_work_that_the_outbox_keeps(broker, django_capture_on_commit_callbacks):
    """Negative control: the usual way, with the broker down at the moment of the commit."""
    broker.error = OperationalError("refused")

    def send_naively():
        with pytest.raises(OperationalError):
            broker.publish(None)

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        record_effect(0)
        transaction.on_commit(send_naively)
        enqueue(task="test.effect", kwargs={"number": 1}, queue="default")
    broker.error = None
    relay_messages(publisher=broker)

    assert [message.task for message in broker.messages] == ["test.effect"]  # the naive one is gone for good


def test_duplicate_delivery_has_one_effect(broker):
    _ask(1)
    relay_messages(publisher=broker)

    for _ in range(3):
        broker.deliver(broker.messages[0])

    assert effects() == {"effect:1": 1}
    assert OutboxMessage.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_duplicates_delivered_at_the_same_time_have_one_effect(broker):
    _ask(1, task="test.slow_effect")
    relay_messages(publisher=broker)

    def deliver(_):
        try:
            return broker.deliver(broker.messages[0])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(deliver, range(4)))

    assert effects() == {"effect:1": 1}


def test_plain_task_is_confirmed_when_it_returns(broker):
    _ask(1, task="test.plain")
    relay_messages(publisher=broker)

    assert broker.deliver(broker.messages[0]).result == 1
    assert OutboxMessage.objects.get().done_at is not None
    assert reconcile_messages(unconfirmed_seconds=0, is_broker_emptied=True).reclaimed == 0


def test_task_called_directly_needs_no_message():
    app.tasks["test.effect"](number=5)

    assert effects() == {"effect:5": 1}


def test_unconfirmed_message_is_published_again(broker):
    _ask(1)
    relay_messages(publisher=broker)

    assert reconcile_messages(unconfirmed_seconds=3_600, is_broker_emptied=False).reclaimed == 0
    assert reconcile_messages(unconfirmed_seconds=0, is_broker_emptied=False).reclaimed == 1
    assert relay_messages(publisher=broker).published == 1


def test_running_message_is_left_alone_until_its_lease_ends(broker):
    _ask(1)
    relay_messages(publisher=broker)
    OutboxMessage.objects.update(attempts=1, leased_until=utc_now() + timedelta(minutes=5))

    assert reconcile_messages(unconfirmed_seconds=0, is_broker_emptied=True).reclaimed == 0
    _end_lease()
    assert reconcile_messages(unconfirmed_seconds=3_600, is_broker_emptied=False).reclaimed == 1


def test_an_emptied_broker_gets_everything_again(broker):
    _ask(*range(20))
    relay_messages(publisher=broker)
    broker.messages.clear()

    reconcile_messages(is_broker_emptied=True)
    relay_messages(publisher=broker)
    for message in broker.messages:
        broker.deliver(message)

    assert len(effects()) == 20


def test_emptied_redis_is_noticed_once():
    import redis

    broker_lost_its_data()
    assert not broker_lost_its_data()
    redis.Redis.from_url(settings.REDIS_URL).delete("arbsite:outbox:broker-epoch")

    assert broker_lost_its_data()
    assert not broker_lost_its_data()


def test_poison_is_parked_after_five_runs_and_can_be_released(broker):
    _ask(1, task="test.failing")

    for _ in range(MAX_ATTEMPTS + 2):
        relay_messages(publisher=broker)
        broker.deliver(broker.messages[-1])
        _end_lease()
        reconcile_messages(is_broker_emptied=False)
    message = OutboxMessage.objects.get()

    assert (message.attempts, message.last_error) == (MAX_ATTEMPTS, "RuntimeError")
    assert message.parked_at is not None
    assert (
        AuditEvent.objects.filter(verb="outbox.parked", subject=f"outbox_message:{message.id}").count() == 1
    )
    assert release_parked([message.id], actor=None, now=utc_now()) == 1
    assert relay_messages(publisher=broker).published == 1


def test_queue_nobody_declared_parks_the_message(broker):
    _ask(1)
    broker.error = QueueNotFound("gone")

    relay_messages(publisher=broker)

    assert OutboxMessage.objects.get().last_error == "QueueNotFound"


def test_finished_messages_are_forgotten_but_keys_stay_longer(broker):
    _ask(1)
    _ask(2, key="once")
    OutboxMessage.objects.update(done_at=utc_now() - timedelta(days=30))

    assert purge_finished(now=utc_now())["outbox_messages"] == 1
    assert OutboxMessage.objects.get().key == "once"


def test_message_remembers_the_request_that_asked_for_it(broker):
    with structlog.contextvars.bound_contextvars(request_id="req-1"):
        _ask(1)

    relay_messages(publisher=broker)

    assert broker.messages[0].request_id == "req-1"
