"""The benchmarks' harness: figures, targets, scratch database and command. Nothing here asserts a time."""

import json
import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from arbsite.bench import runner
from arbsite.bench.box import GRIDS, _Opener, expected_cents, make_box, make_prices
from arbsite.bench.results import Better, Figure, Report, ScenarioResult, ratio
from arbsite.bench.runner import SCENARIOS, render, run_scenarios
from arbsite.bench.scratch import PREFIX, scratch_database
from arbsite.bench.timing import median_seconds
from catalog.models import Product
from quant.sealed.distribution import value_distribution


def make_report(*figures, error=""):
    result = ScenarioResult("box", "A box", {"packs": 36}, tuple(figures), error=error)
    machine = {
        "processor": "any",
        "cores": 2,
        "memory_gib": 4,
        "load_1m": 0,
        "python": "3.11",
        "postgresql": {},
    }
    return Report(machine=machine, is_quick=False, results=[result])


def scratch_databases():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{PREFIX}{os.getpid()}"]
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture
def server(django_db_setup, django_db_blocker):
    """A connection outside any test transaction: databases cannot be made inside one."""
    with django_db_blocker.unblock():
        yield connection
        connection.close()


class TestFigure:
    @pytest.mark.parametrize(
        ("value", "target", "better", "passed"),
        [
            (50.0, 50.0, Better.HIGHER, True),
            (49.9, 50.0, Better.HIGHER, False),
            (125.0, 125.0, Better.LOWER, True),
            (125.1, 125.0, Better.LOWER, False),
            (1.0, None, Better.HIGHER, None),
        ],
    )
    def test_target_is_judged_inclusively(self, value, target, better, passed):
        assert Figure("x", value, "x", target=target, better=better).has_passed is passed

    def test_ratio_is_naive_over_ours(self):
        assert ratio("x", naive_seconds=10.0, our_seconds=0.1, target=50).value == pytest.approx(100)

    def test_a_report_is_short_when_one_figure_is(self):
        assert make_report(Figure("good", 2, "x", target=1), Figure("bad", 1, "x", target=2)).is_short
        assert not make_report(Figure("good", 2, "x", target=1), Figure("plain", 1, "x")).is_short


class TestRendering:
    def test_a_missed_target_is_named(self):
        text = "\n".join(render(make_report(Figure("speed", 10, "x", target=50))))

        assert "SHORT" in text
        assert "target ≥ 50" in text
        assert text.endswith("Some targets are missed.")

    def test_a_crash_is_named(self):
        text = "\n".join(render(make_report(error="ValueError: no")))

        assert "CRASHED" in text
        assert "ValueError: no" in text

    def test_reached_targets_are_said(self):
        assert (
            list(render(make_report(Figure("speed", 60, "x", target=50))))[-1] == "All targets are reached."
        )


class TestTiming:
    def test_every_duration_is_prepared_and_every_loop_run(self):
        calls = []

        seconds = median_seconds(
            lambda: calls.append("run"), repeats=3, loops=2, before=lambda: calls.append("before")
        )

        assert calls == ["before", "run", "run"] * 3
        assert seconds >= 0


class TestScratchDatabase:
    def test_it_is_another_database_and_gone_afterwards(self, server):
        own = connection.settings_dict["NAME"]

        with scratch_database() as name:
            assert name.startswith(PREFIX)
            assert name in scratch_databases()
            assert not Product.objects.exists()

        assert connection.settings_dict["NAME"] == own
        assert name not in scratch_databases()

    def test_it_is_gone_after_an_error(self, server):
        own = connection.settings_dict["NAME"]

        with pytest.raises(RuntimeError, match="halfway"), scratch_database() as name:
            raise RuntimeError("halfway")

        assert connection.settings_dict["NAME"] == own
        assert name not in scratch_databases()


class TestBox:
    def test_both_ways_agree_within_the_sampling_error(self):
        cents, box = make_prices(), make_box(allow_duplicates=True)
        exact = value_distribution(box, cents=cents)
        trials = 400

        simulated = _Opener(box, cents).share_above(exact.mean, trials)

        assert simulated == pytest.approx(exact.probability_above(exact.mean), abs=5 * (0.25 / trials) ** 0.5)

    @pytest.mark.parametrize("allow_duplicates", [True, False])
    def test_the_exact_mean_is_the_expected_value(self, allow_duplicates):
        cents, box = make_prices(), make_box(allow_duplicates=allow_duplicates)

        assert value_distribution(box, cents=cents).mean == pytest.approx(expected_cents(box, cents))


class TestRunning:
    @pytest.mark.parametrize("name", SCENARIOS)
    def test_every_scenario_finishes_unjudged_and_leaves_no_database(self, server, name):
        (result,) = run_scenarios([name], is_quick=True).results

        assert result.scenario == name
        assert not result.error
        assert result.figures
        for figure in result.figures:
            assert figure.value >= 0
            assert figure.target is None
        assert not scratch_databases()

    def test_all_are_run_in_their_order_when_none_is_named(self, server, monkeypatch):
        def idle(*, is_quick):
            return ScenarioResult("idle", "Nothing", {}, ())

        begun: list[str] = []
        monkeypatch.setattr(runner, "PURE", set(SCENARIOS))
        for name in SCENARIOS:
            monkeypatch.setitem(runner.SCENARIOS, name, idle)

        assert len(run_scenarios([], is_quick=True, started=begun.append).results) == len(SCENARIOS)
        assert begun == list(SCENARIOS)

    def test_every_grid_is_compared_with_the_exact_result(self, server):
        (box,) = run_scenarios(["box"], is_quick=True).results
        names = [figure.name for figure in box.figures]

        assert all(f"{grid}-cent grid, largest error of P(value > cost)" in names for grid in GRIDS)

    def test_a_crash_does_not_stop_the_others(self, server, monkeypatch):
        def crash(*, is_quick):
            raise ValueError("broken")

        monkeypatch.setitem(runner.SCENARIOS, "coverage", crash)

        crashed, box = run_scenarios(["coverage", "box"], is_quick=True).results

        assert crashed.error == "ValueError: broken"
        assert not box.error


class TestCommand:
    def test_json_has_machine_scenarios_and_verdicts(self, server):
        out = StringIO()

        call_command("bench", "box", "--quick", "--json", stdout=out, stderr=StringIO())

        data = json.loads(out.getvalue())
        assert set(data) == {"machine", "quick", "scenarios", "short", "crashed"}
        assert {"processor", "cores", "python", "packages", "postgresql"} <= set(data["machine"])
        (box,) = data["scenarios"]
        assert set(box) == {"scenario", "title", "sizes", "figures", "seconds", "error"}
        assert {"name", "value", "unit", "target", "better", "passed", "note"} == set(box["figures"][0])

    def test_an_unknown_scenario_is_a_usage_error(self):
        with pytest.raises(CommandError, match="Unknown scenario nope") as caught:
            call_command("bench", "nope", stdout=StringIO(), stderr=StringIO())

        assert caught.value.returncode == 2

    @pytest.mark.parametrize(("arguments", "fails"), [([], False), (["--strict"], True)])
    def test_a_missed_target_fails_only_when_strict(self, server, monkeypatch, arguments, fails):
        def slow(*, is_quick):
            return ScenarioResult("box", "A box", {}, (Figure("speed", 1, "x", target=2),))

        monkeypatch.setitem(runner.SCENARIOS, "box", slow)
        out = StringIO()

        if fails:
            with pytest.raises(CommandError, match="target is missed"):
                call_command("bench", "box", *arguments, stdout=out, stderr=StringIO())
        else:
            call_command("bench", "box", *arguments, stdout=out, stderr=StringIO())

        assert "SHORT" in out.getvalue()
