"""Every page of the admin opens, for those who may, and shows nothing to those who may not."""

import uuid
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from unfold.admin import ModelAdmin

from common.audit import record_event
from common.models import AuditEvent, IdempotencyKey, OutboxMessage
from common.outbox import enqueue
from users.choices import Role
from users.models import User

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
pytestmark = pytest.mark.django_db


def _staff(role: Role, **kwargs) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(f"{role}-staff", role=role, is_staff=True, **kwargs))
    return client


@pytest.fixture
def root() -> Client:
    return _staff(Role.ADMIN, is_superuser=True)


@pytest.fixture
def rows() -> None:
    """At least one row of each of our own tables; other apps bring seeded ones."""
    with transaction.atomic():
        record_event(actor=None, verb="order.filled", subject="order:1", data={"a": "<b>"}, now=NOW)
        enqueue(task="common.relay_outbox", kwargs={}, queue="default")
    IdempotencyKey.objects.create(
        actor_id=uuid.uuid4(), endpoint="POST x", key="k", request_hash="", response_status=200
    )
    interval = IntervalSchedule.objects.create(every=5, period="minutes")
    PeriodicTask.objects.create(name="Relay", task="common.relay_outbox", interval=interval)


def _url(model, page: str, *args: object) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return str(reverse(name, args=args))


def _id(model) -> str:
    return str(model._meta.label_lower)


@pytest.mark.parametrize("model", MODELS, ids=_id)
def test_list_opens(root, rows, model):
    assert root.get(_url(model, "changelist")).status_code == 200
    assert root.get(_url(model, "changelist"), {"q": "a"}).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=_id)
def test_add_page_opens_or_is_refused(root, rows, model):
    expected = 200 if admin.site._registry[model].has_add_permission(_request(root)) else 403

    assert root.get(_url(model, "add")).status_code == expected


def test_page_of_one_row_opens_for_every_table_that_has_rows(root, rows):
    first_rows = {model: model._default_manager.first() for model in MODELS}
    opened = {
        model._meta.label_lower: root.get(_url(model, "change", row.pk)).status_code
        for model, row in first_rows.items()
        if row is not None
    }

    assert set(opened.values()) == {200}, opened
    assert set(opened) >= {"common.auditevent", "common.outboxmessage", "users.user", "auth.group"}


def _request(client: Client):
    return client.get("/admin/").wsgi_request


@pytest.mark.parametrize("model", MODELS, ids=_id)
def test_page_wears_the_skin(model):
    assert isinstance(admin.site._registry[model], ModelAdmin)


def test_dashboard_lists_the_pages_in_groups(root):
    content = root.get("/admin/").content.decode()

    for title in ("Catalogue", "Prices", "People", "Audit and delivery"):
        assert title in content
    assert _url(AuditEvent, "changelist") in content


@pytest.mark.parametrize("model", [AuditEvent, IdempotencyKey, OutboxMessage], ids=_id)
def test_nobody_writes_records_not_even_a_superuser(root, rows, model):
    row = model.objects.first()

    assert root.post(_url(model, "change", row.pk), {"verb": "x.y"}).status_code == 403
    assert root.post(_url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert root.get(_url(model, "add")).status_code == 403


def test_verify_and_export_from_the_page(root, rows):
    answer = root.get(reverse("admin:common_auditevent_verify"), follow=True)
    assert "chains hold" in answer.content.decode()

    export = {"action": "export_selected", "_selected_action": [AuditEvent.objects.latest("recorded_at").pk]}
    lines = b"".join(root.post(_url(AuditEvent, "changelist"), export).streaming_content).splitlines()
    assert len(lines) == 1


def test_audit_data_is_escaped(root, rows):
    content = root.get(
        _url(AuditEvent, "change", AuditEvent.objects.get(verb="order.filled").pk)
    ).content.decode()

    assert "&lt;b&gt;" in content
    assert "<b>&quot;" not in content


def test_parked_message_is_released_by_an_operator_only(rows):
    OutboxMessage.objects.update(parked_at=NOW, attempts=5)
    form = {"action": "release", "_selected_action": [OutboxMessage.objects.get().pk], "confirmed": "yes"}

    _staff(Role.ANALYST).post(_url(OutboxMessage, "changelist"), form)
    assert OutboxMessage.objects.get().parked_at is not None
    _staff(Role.OPERATOR).post(_url(OutboxMessage, "changelist"), form)
    assert OutboxMessage.objects.get().parked_at is None


@pytest.mark.parametrize(
    ("action", "verb", "enabled"), [("disable_tasks", "paused", False), ("enable_tasks", "resumed", True)]
)
def test_pausing_a_schedule_is_recorded(rows, action, verb, enabled):
    task = PeriodicTask.objects.get()
    form = {"action": action, "_selected_action": [task.pk]}
    operator = _staff(Role.OPERATOR)

    asked = operator.post(_url(PeriodicTask, "changelist"), form).content.decode()
    assert task.name in asked
    assert not AuditEvent.objects.filter(verb=f"schedule.{verb}").exists()
    operator.post(_url(PeriodicTask, "changelist"), {**form, "confirmed": "yes"})

    assert AuditEvent.objects.filter(verb=f"schedule.{verb}", subject=f"periodic_task:{task.pk}").count() == 1
    assert PeriodicTask.objects.get().enabled is enabled


SEES = {
    Role.VIEWER: {"catalog.product"},
    Role.ANALYST: {"catalog.product", "common.auditevent"},
    Role.TRADER: {"catalog.product", "common.auditevent"},
    Role.OPERATOR: {"catalog.product", "common.auditevent", "common.outboxmessage", "users.user",
                    "django_celery_beat.periodictask"},
    Role.ADMIN: {"catalog.product", "common.auditevent", "common.outboxmessage", "users.user",
                 "django_celery_beat.periodictask", "auth.group"},
}  # fmt: skip
WATCHED = sorted(SEES[Role.ADMIN])


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_its_pages(rows, role):
    client = _staff(role)

    by_label = {model._meta.label_lower: model for model in MODELS}
    seen = {label for label in WATCHED if client.get(_url(by_label[label], "changelist")).status_code == 200}

    assert seen == SEES[role]


def test_user_who_is_not_staff_is_sent_to_the_login(client):
    client.force_login(User.objects.create_user("charlie", role=Role.ADMIN))

    assert client.get("/admin/").status_code == 302


def test_groups_of_the_roles_include_the_lower_ones():
    previous: set[int] = set()
    for role in Role:
        held = set(Group.objects.get(name=role.label).permissions.values_list("pk", flat=True))
        assert held >= previous
        previous = held


def test_trail_shows_its_status_and_names_actors_with_one_query(rows):
    client = _staff(Role.OPERATOR)
    users = [User.objects.create_user(f"user-{number}") for number in range(5)]
    with transaction.atomic():
        for user in users:
            record_event(actor=user, verb="x.y", subject=f"order:{user.pk}", data={}, now=NOW)
    assert "Not verified" in client.get(_url(AuditEvent, "changelist")).content.decode()
    client.get(reverse("admin:common_auditevent_verify"))

    with CaptureQueriesContext(connection) as queries:
        text = client.get(_url(AuditEvent, "changelist")).content.decode()

    assert all(user.username in text for user in users)
    assert "Intact" in text
    assert len(queries) <= 12


@pytest.mark.parametrize(
    ("query", "count"),
    [("verb=order.", 1), ("verb=nothing", 0), ("subject=order:", 1), ("actor=system", 1),
     ("actor=not-a-user", 0),
     ("recorded_at_from=2026-11-21&recorded_at_to=2026-11-21", 1), ("recorded_at_from=2026-11-22", 0),
     ("recorded_at_to=2026-11-20", 0), ("recorded_at_from=soon", 1)],
)  # fmt: skip
def test_trail_is_filtered(root, rows, query, count):
    text = root.get(f"{_url(AuditEvent, 'changelist')}?{query}", follow=True).content.decode()

    assert ("order:1" in text) == bool(count)
