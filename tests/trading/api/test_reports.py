"""The reports over REST."""

import pytest

from common.clock import utc_now
from opportunities.models import Backtest
from tests.opportunities.backtest.world import deck_for, replayed
from tests.trading.factories import execute, make_box
from trading.services import settle_execution

pytestmark = pytest.mark.django_db
PROFIT, CALIBRATION = "/api/v1/reports/profit/", "/api/v1/reports/calibration/"
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def settled(tess):
    now = utc_now()
    execution = execute(make_box(now=now), tess, now=now)
    return settle_execution(execution_id=execution.pk, actor=tess, now=now)


@pytest.mark.parametrize("group", ["week", "source", "category", "risk_level"])
def test_profit_is_grouped(api, settled, group: str):
    report = api.get(f"{PROFIT}?group={group}").json()

    (row,) = report["rows"]
    assert report["group"] == group
    assert (row["currency"], row["executions"], row["settled"], row["profitable"]) == ("EUR", 1, 1, 1)
    assert (row["expected_profit"], row["realised_profit"], row["expected_of_settled"]) == (
        "16.00", "16.00", "16.00",
    )  # fmt: skip


def test_another_period_is_empty(api, settled):
    assert api.get(f"{PROFIT}?from=2020-01-01&to=2021-01-01").json()["rows"] == []


@pytest.mark.parametrize(
    "query",
    [
        "group=actor", "from=x", "to=2020-13-01", "from=2020-01-01&to=2020-01-01",
        "from=2001-01-01&to=2020-01-01", "to=9999-12-31", "since=2020-01-01",
    ],
)  # fmt: skip
def test_impossible_periods_are_refused(api, query: str):
    assert api.get(f"{PROFIT}?{query}").status_code == 400


def test_calibration_of_settled_executions(api, settled):
    report = api.get(CALIBRATION).json()

    assert (report["basis"], report["backtest"], report["count"], report["hits"]) == (
        "executions",
        None,
        1,
        1,
    )
    (part,) = report["bins"]
    assert (part["low"], part["high"], part["realised"], part["share_profitable"]) == (
        "0.9000", "1.0000", "1.0000", "1.0000",
    )  # fmt: skip


def test_calibration_of_a_backtest(api):
    deck_for(6)
    older, newer = replayed(2), replayed(3)

    named = api.get(f"{CALIBRATION}?basis=backtest&backtest={older.pk}").json()
    newest = api.get(f"{CALIBRATION}?basis=backtest").json()

    assert (named["backtest"], named["count"]) == (str(older.pk), 2)
    assert (newest["backtest"], newest["count"]) == (str(newer.pk), 3)
    assert newest["brier"] == newer.summary["brier"]
    assert newest["bins"] == newer.summary["calibration"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("basis=guess", 400),
        (f"backtest={NOBODY}", 400),
        ("basis=backtest&backtest=1", 400),
        (f"basis=backtest&backtest={NOBODY}", 404),
        ("basis=backtest", 404),
        ("nope=1", 400),
    ],
)
def test_what_cannot_be_calibrated_is_refused(api, query: str, status: int):
    assert not Backtest.objects.exists()
    assert api.get(f"{CALIBRATION}?{query}").status_code == status
