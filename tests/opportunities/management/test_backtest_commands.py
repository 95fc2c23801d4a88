"""`manage.py backtest` and `manage.py contents_audit`: figures, JSON, exit codes."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common.clock import utc_now
from opportunities.models import Backtest, ContentsFinding
from tests.catalog.factories import BoosterPackFactory, SealedProductFactory
from tests.opportunities.factories import make_deck, price_deck

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def week(db) -> list[str]:
    """Return the period of a market that was recorded for a week, until today."""
    now = utc_now()
    deck = make_deck(at=now - timedelta(days=7))
    for age in range(6, -1, -1):
        price_deck(deck, at=now - timedelta(days=age))
    today = now.date()
    return ["--from", str(today - timedelta(days=7)), "--to", str(today - timedelta(days=3))]


def test_a_backtest_prints_one_json_object(week):
    facts = json.loads(run("backtest", *week, "--horizon", "2", "--json"))

    assert facts["signal_count"] == 4
    assert facts["summary"]["currencies"]["EUR"]["total_profit"] == "64.00"
    row = Backtest.objects.get()
    assert (str(row.pk), row.state, row.job) == (facts["id"], "succeeded", None)


def test_a_backtest_is_readable(week):
    text = run("backtest", *week, "--horizon", "2", "--source", "cardmarket", "--fee-rate", "0.1")

    assert "4 signals" in text
    assert "EUR: 4 signals, 1 of them new; 4 judged, 100.0 % with a profit; 12.00 per signal" in text


def test_no_signals_are_said_to_be_none(week):
    assert "0 signals" in run("backtest", *week, "--category", "yugioh")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--from", "yesterday"], 2),
        (["--floor", "ten"], 2),
        (["--fee-rate", "2"], 1),
        (["--horizon", "0"], 1),
        (["--source", "nowhere"], 1),
        (["--from", "2026-02-01", "--to", "2026-01-01"], 1),
        (["--to", "9000-01-01"], 1),
    ],
    ids=str,
)
def test_a_backtest_that_cannot_be_run_fails_with_its_code(db, arguments, code: int):
    with pytest.raises(CommandError) as failure:
        run("backtest", *arguments)

    assert failure.value.returncode == code
    assert not Backtest.objects.exists()


@pytest.fixture
def doubtful(db) -> None:
    pack = SealedProductFactory(
        sealed_kind="booster_pack", sealed_subtype="draft", contents=[(BoosterPackFactory(), 1)]
    )
    SealedProductFactory(name="Big Box", sealed_subtype="draft", contents=[(pack, 120)])


def test_an_audit_prints_what_it_found(doubtful):
    facts = json.loads(run("contents_audit", "--json"))

    assert (facts["products"], facts["found"]["odd_count"], facts["opened"]) == (2, 1, 1)
    assert facts["doubts"][0]["check"] == "odd_count"
    assert "Big Box (TST) is said to hold 120" in run("contents_audit")


def test_a_dry_run_writes_nothing(doubtful):
    facts = json.loads(run("contents_audit", "--dry-run", "--json"))

    assert facts["found"]["odd_count"] == 1
    assert "opened" not in facts
    assert not ContentsFinding.objects.exists()


def test_one_check_and_a_limit_choose_what_is_printed(doubtful):
    assert "Big Box" not in run("contents_audit", "--check", "pack_parity")
    assert "Big Box" not in run("contents_audit", "--limit", "0")
    assert "Big Box" in run("contents_audit", "--check", "odd_count")
