import pytest
from celery import current_app

from common.clock import utc_now
from opportunities.models import Notification
from tests.trading.factories import execute, make_box
from trading.models import Execution
from trading.tasks import announce_execution, settle_due

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["trading.settle_due", "trading.announce_execution"])
def test_tasks_are_registered_with_limits_below_the_broker_s_patience(name):
    task = current_app.tasks[name]

    assert (task.soft_time_limit or 999) < (task.time_limit or 999) < 450


def test_both_may_run_twice_and_take_what_they_do_not_know(tess):
    now = utc_now()
    bought = execute(make_box(now=now), tess, now=now)
    Execution.objects.update(settles_at=now)

    assert [settle_due(extra=1)["settled"] for _ in range(2)] == [1, 0]
    facts = {"execution_id": str(bought.pk), "what": "settled"}
    assert [announce_execution(**facts, extra=1) for _ in range(2)] == [True, False]
    assert Notification.objects.count() == 1
