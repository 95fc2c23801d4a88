"""The common tasks, run as a worker would run them."""

from datetime import timedelta

import pytest
from celery import current_app
from celery.exceptions import Retry
from django.db import transaction

from common.clock import utc_now
from common.models import AuditVerification, OutboxMessage
from common.outbox import enqueue

from .outbox_effects import app

pytestmark = pytest.mark.django_db


def _run(name: str) -> None:
    current_app.loader.import_default_modules()
    current_app.tasks[name].apply(kwargs={"unknown_extra": 1}, throw=True)


def test_verification_keeps_its_result():
    _run("common.verify_audit")

    assert AuditVerification.objects.get().break_count == 0


def test_relay_hands_messages_to_the_broker():
    with transaction.atomic():
        enqueue(task="common.verify_audit", kwargs={}, queue="default")

    _run("common.relay_outbox")

    assert OutboxMessage.objects.get().publish_count == 1


def test_reconciliation_publishes_again():
    with transaction.atomic():
        enqueue(task="common.verify_audit", kwargs={}, queue="default")
    _run("common.relay_outbox")
    OutboxMessage.objects.update(published_at=utc_now() - timedelta(hours=2))

    _run("common.reconcile_outbox")

    assert OutboxMessage.objects.get().publish_count == 2


def test_purge_runs_on_empty_tables():
    _run("common.purge_finished")


def test_retry_keeps_the_message_open_and_leased():
    @app.task(name="test.retrying", bind=True)
    def retrying(self):
        raise Retry(when=timedelta(seconds=30).total_seconds())  # type: ignore[arg-type]  # stubs

    with transaction.atomic():
        enqueue(task="test.retrying", kwargs={}, queue="default")
    message = OutboxMessage.objects.get()

    retrying.apply(headers={"outbox_id": str(message.id)})

    message.refresh_from_db()
    assert (message.attempts, message.done_at, message.last_error) == (1, None, "Retry")
    assert message.leased_until is not None
    assert message.leased_until > utc_now()
