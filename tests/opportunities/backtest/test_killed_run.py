"""A back-test's process killed in mid-run, twice: no signal is lost and none is doubled."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from jobs.choices import JobState
from jobs.errors import JobBusy
from jobs.models import Job
from opportunities.backtest import BacktestTerms, Period, request_backtest, run_backtest_slice
from opportunities.models import Backtest
from tests.opportunities.backtest.world import FIRST, NOW, day, deck_for, profits, replayed, signals
from tests.opportunities.factories import POLICY
from tests.trading.factories import make_fees

DAYS, HORIZON = 14, 2
KILL_AT = (3, 8)
DEADLINE_SECONDS = 90
PROJECT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

SCRIPT = """
import sys, time, warnings, django
warnings.simplefilter("ignore")
django.setup()
from jobs.errors import JobBusy
from opportunities.backtest import run_backtest_slice
from tests.opportunities.backtest.world import NOW
from tests.opportunities.factories import POLICY
while True:
    try:
        run_backtest_slice(sys.argv[1], now=NOW, policy=POLICY)
        break
    except JobBusy:  # the one killed before is not gone yet
        time.sleep(0.05)
"""


def _environment() -> dict[str, str]:
    database = connection.settings_dict
    login = quote(database["USER"] or "")
    if database["PASSWORD"]:
        login += ":" + quote(database["PASSWORD"])
    host, port, name = database["HOST"] or "", database["PORT"] or "", database["NAME"]
    where = f"/{name}?host={quote(host)}" if host.startswith("/") else f"{host}:{port or 5432}/{name}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{login}@{where}",
        "REDIS_URL": settings.REDIS_URL,
        "PYTHONPATH": str(PROJECT),
    }


def _stored_days(backtest: Backtest) -> int:
    backtest.refresh_from_db()
    until = backtest.summary.get("progress", {}).get("replayed_until")
    return 0 if until is None else (type(FIRST).fromisoformat(until) - FIRST).days + 1


def _run_and_kill(backtest: Backtest, at: int, deadline: float) -> None:
    command = [sys.executable, "-c", SCRIPT, str(backtest.job_id)]
    process = subprocess.Popen(command, cwd=PROJECT, env=_environment(), start_new_session=True)
    try:
        while _stored_days(backtest) < at:
            assert process.poll() is None, "the run ended by itself"
            assert time.monotonic() < deadline, "the run did not get there in time"
            time.sleep(0.005)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)


def _finish(backtest: Backtest, deadline: float) -> str:
    """Run to the end; PostgreSQL takes a moment to notice that the killed process is gone."""
    while True:
        try:
            return run_backtest_slice(str(backtest.job_id), now=NOW, policy=POLICY)
        except JobBusy:
            assert time.monotonic() < deadline, "the killed run keeps its lock"
            time.sleep(0.05)


def test_a_killed_run_goes_on_and_no_signal_doubles():
    deadline = time.monotonic() + DEADLINE_SECONDS
    make_fees()
    deck_for(DAYS + HORIZON)
    whole = replayed(DAYS, horizon=HORIZON)
    backtest = request_backtest(Period(FIRST, day(DAYS), HORIZON), terms=BacktestTerms(), actor=None, now=NOW)

    for at in KILL_AT:
        _run_and_kill(backtest, at, deadline)
        assert at <= _stored_days(backtest) < DAYS + HORIZON, "the kill did not hit the middle of the run"
    state = _finish(backtest, deadline)

    assert state == JobState.SUCCEEDED
    assert Job.objects.get(pk=str(backtest.job_id)).attempts == len(KILL_AT) + 1
    assert len(signals(whole)) == DAYS
    assert signals(backtest) == signals(whole)
    assert profits(backtest) == profits(whole)
    backtest.refresh_from_db()
    assert backtest.summary == whole.summary
    assert backtest.signal_count == DAYS
