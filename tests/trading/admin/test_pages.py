"""The staff pages of trading: who may look, what asks first, what nobody changes."""

from decimal import Decimal

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse

from common.models import AuditEvent
from tests.trading.factories import NOW, execute, make_box, make_trader
from trading.models import Execution, ExposureLimit, KillSwitch, LedgerPosting
from trading.services import engage_kill_switch
from users.choices import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(tess) -> Execution:
    return execute(make_box(), tess)


@pytest.fixture
def pages(bob) -> Client:
    client = Client()
    client.force_login(bob)
    return client


def _list(model: str) -> str:
    return reverse(f"admin:trading_{model}_changelist")


@pytest.mark.parametrize("model", ["execution", "exposurelimit", "killswitch", "ledgerposting"])
def test_every_list_opens(pages, bought, tess, model):
    engage_kill_switch(scope="user", subject="tess", reason="r", actor=tess, now=NOW)

    assert pages.get(_list(model)).status_code == 200


def test_an_execution_shows_its_steps_and_no_figure_can_be_changed(pages, bought):
    url = reverse("admin:trading_execution_change", args=[bought.pk])

    page = pages.get(url)

    assert page.status_code == 200
    text = page.content.decode()
    assert "Chase" in text
    assert "Bought 1 for 60.00 EUR" in text
    pages.post(url, {"expected_cost": "1"})
    assert Execution.objects.get(pk=bought.pk).expected_cost == 60
    assert pages.get(reverse("admin:trading_execution_add")).status_code == 403
    assert pages.get(reverse("admin:trading_execution_delete", args=[bought.pk])).status_code == 403


def _act(pages: Client, action: str, row, model: str = "execution", **data):
    return pages.post(_list(model), {"action": action, ACTION_CHECKBOX_NAME: [str(row.pk)], **data})


def test_settling_asks_first(pages, bought):
    page = _act(pages, "settle_selected", bought)
    assert b"Settle now" in page.content
    assert Execution.objects.get().state == "bought"

    _act(pages, "settle_selected", bought, confirmed="yes")

    assert Execution.objects.get().state == "settled"


def test_cancelling_asks_for_a_reason(pages, tess, bob):
    bought = execute(make_box(), tess, opening="entered")
    assert b"reason" in _act(pages, "cancel_selected", bought, confirmed="yes").content
    assert Execution.objects.get().state == "bought"

    _act(pages, "cancel_selected", bought, confirmed="yes", reason="seller gone")

    assert (Execution.objects.get().state, Execution.objects.get().closed_reason) == (
        "cancelled",
        "seller gone",
    )
    assert AuditEvent.objects.get(verb="execution.cancelled").actor_id == bob.pk


def test_one_execution_can_be_settled_from_its_page(pages, bought):
    url = reverse("admin:trading_execution_settle_one", args=[bought.pk])

    assert Execution.objects.get().state == "bought"
    assert pages.get(url).status_code == 200
    pages.post(url, {"confirmed": "yes"})

    assert Execution.objects.get().state == "settled"


def test_what_is_closed_is_refused_with_a_message(pages, bought):
    _act(pages, "settle_selected", bought, confirmed="yes")

    page = pages.post(
        _list("execution"),
        {
            "action": "cancel_selected",
            ACTION_CHECKBOX_NAME: [str(bought.pk)],
            "confirmed": "yes",
            "reason": "x",
        },
        follow=True,
    )

    assert b"settled already" in page.content


def test_a_limit_is_changed_with_an_audit_event(pages, bob):
    limit = ExposureLimit.objects.get(scope="user", currency="EUR")
    url = reverse("admin:trading_exposurelimit_change", args=[limit.pk])
    inline = {f"uses-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}

    pages.post(url, {"amount": "123.00", "is_active": "on", **inline})

    limit.refresh_from_db()
    assert limit.amount == Decimal(123)
    event = AuditEvent.objects.get(verb="exposure_limit.changed")
    assert (event.actor_id, event.data["before"]["amount"], event.data["after"]["amount"]) == (
        bob.pk, "1000000.00", "123.00",
    )  # fmt: skip


def test_a_new_limit_is_added_by_staff(pages, tess):
    inline = {f"uses-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    facts = {"scope": "user", "subject": "tess", "period": "day", "currency": "EUR", "amount": "50.00"}

    pages.post(reverse("admin:trading_exposurelimit_add"), {**facts, "is_active": "on", **inline})

    assert ExposureLimit.objects.get(subject="tess").amount == 50
    assert AuditEvent.objects.filter(verb="exposure_limit.added").count() == 1


def test_a_switch_is_engaged_and_released_by_two_from_the_list(pages, bob, olga):
    url = reverse("admin:trading_killswitch_engage")
    assert pages.get(url).status_code == 200
    pages.post(url, {"confirmed": "yes", "scope": "global", "subject": "", "reason": "odd"})
    switch = KillSwitch.objects.get()
    assert (switch.engaged_by, switch.reason) == (bob, "odd")

    _act(pages, "release_selected", switch, "killswitch", confirmed="yes")
    other = Client()
    other.force_login(olga)
    _act(other, "release_selected", switch, "killswitch", confirmed="yes")

    switch.refresh_from_db()
    assert (switch.release_asked_by, switch.released_by) == (bob, olga)


def test_a_wrong_switch_is_refused_with_a_message(pages):
    page = pages.post(
        reverse("admin:trading_killswitch_engage"),
        {"confirmed": "yes", "scope": "user", "subject": "nobody", "reason": "x"},
        follow=True,
    )

    assert page.status_code == 200
    assert not KillSwitch.objects.exists()


def test_the_ledger_is_only_read(pages, bought):
    posting = LedgerPosting.objects.get()

    page = pages.get(reverse("admin:trading_ledgerposting_change", args=[posting.pk]))

    assert b"-60.00" in page.content
    assert pages.get(reverse("admin:trading_ledgerposting_delete", args=[posting.pk])).status_code == 403


def test_analysts_on_the_staff_pages_are_offered_no_action(bought):
    client = Client()
    client.force_login(make_trader("ann", Role.ANALYST, is_staff=True))

    _act(client, "settle_selected", bought, confirmed="yes")

    assert Execution.objects.get().state == "bought"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_constant_number_of_queries(pages, tess, count, django_assert_max_num_queries):
    for _ in range(count):
        execute(make_box(), tess)

    with django_assert_max_num_queries(16):
        pages.get(_list("execution"))
