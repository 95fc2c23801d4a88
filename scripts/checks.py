"""The checks: which there are, in which order, and what is printed. Called by bootstrap.py.

The slow ones run in two lanes beside each other; pytest comes last, so that its closing line ends the output.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from install import FRONTEND, ROOT, VENV, Node, say

QUANT_COVERAGE = 95
TOTAL_COVERAGE = 90
BIN = VENV / "bin"


@dataclass(slots=True)
class Results:
    """What failed so far; printing is serialised because two lanes run at once."""

    failed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def step(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        cwd: Path = ROOT,
        environment: dict[str, str] | None = None,
    ) -> bool:
        """Run one check, show its output only when it fails."""
        started = time.monotonic()
        done = subprocess.run(
            [str(part) for part in command], cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        )  # fmt: skip
        with self.lock:
            word = "FAILED" if done.returncode else "ok"
            say(f"  {name:<28} {word:<6} {time.monotonic() - started:6.1f} s")
            if done.returncode:
                self.failed.append(name)
                say(done.stdout.rstrip()[-20_000:])
        return done.returncode == 0


def run_all(node: Node | None, pytest_arguments: Sequence[str]) -> int:
    """Run what CI runs; return 0 when everything holds."""
    results = Results()
    lanes: list[Callable[[], None]] = [lambda: _python_lane(results)]
    if node is not None:
        lanes.append(lambda: _frontend_lane(results, node))
    threads = [threading.Thread(target=lane) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _coverage_start()
    tests_hold = _pytest(["-n", "2", "--cov", "--cov-report=", *pytest_arguments])
    if not tests_hold:
        results.failed.append("pytest")
    if not pytest_arguments:  # a chosen part of the tests says nothing about coverage
        _coverage_gates(results)
    return _verdict(results)


def run_quick() -> int:
    """Run the checks worth waiting for before every commit."""
    results = Results()
    _static(results)
    if not _pytest(["-n", "2", "-q", "tests/quant"]):
        results.failed.append("pytest")
    return _verdict(results)


def fix() -> int:
    """Format, and apply the linter's safe repairs."""
    subprocess.run([BIN / "ruff", "format", "."], check=False)
    return subprocess.run([BIN / "ruff", "check", "--fix", "."], check=False).returncode


def write_schema(node: Node | None) -> int:
    """Write frontend/openapi.json and the types generated from it."""
    wrote = subprocess.run(
        [BIN / "python", "manage.py", *_schema_command(FRONTEND / "openapi.json")], check=False
    )
    if wrote.returncode or node is None:
        return wrote.returncode
    return subprocess.run(
        [node.program("npm"), "run", "schema"], cwd=FRONTEND, env=node.environment(), check=False
    ).returncode


def _static(results: Results) -> None:
    # The checks start servers of their own; the user's data are none of their business.
    os.environ["ARBSITE_VAR"] = str(ROOT / ".stamps" / "var")
    results.step("ruff", [BIN / "ruff", "check", "."])
    results.step("ruff format", [BIN / "ruff", "format", "--check", "."])
    results.step("import contracts", [BIN / "lint-imports", "--no-cache"])
    results.step("size budget", [BIN / "python", "scripts/size_budget.py"])
    results.step("mypy", [BIN / "mypy", "."])


def _python_lane(results: Results) -> None:
    _static(results)
    results.step(
        "migrations complete", [BIN / "python", "manage.py", "makemigrations", "--check", "--dry-run"]
    )
    results.step("system checks", [BIN / "python", "manage.py", "check", "--fail-level", "WARNING"])
    committed = FRONTEND / "openapi.json"
    if committed.exists():
        fresh = ROOT / ".stamps" / "openapi.json"
        if results.step("OpenAPI without warnings", [BIN / "python", "manage.py", *_schema_command(fresh)]):
            results.step("OpenAPI file is current (make schema)", ["/usr/bin/diff", "-u", committed, fresh])


def _schema_command(target: Path) -> list[str]:
    return ["spectacular", "--format", "openapi-json", "--validate", "--fail-on-warn", "--file", str(target)]


def _frontend_lane(results: Results, node: Node) -> None:
    environment = {**node.environment(), "CI": "true"}
    for name, script in (
        ("types and lint", "check"),
        ("tests", "test"),
        ("generated types", "schema:check"),
        ("budget", "budget"),
    ):
        results.step(
            f"front end: {name}",
            [node.program("npm"), "run", "--if-present", "--silent", script],
            cwd=FRONTEND,
            environment=environment,
        )


def _pytest(arguments: Sequence[str]) -> bool:
    """Run pytest with its output shown as it comes."""
    sys.stdout.flush()
    return subprocess.run([BIN / "pytest", *arguments], stdin=subprocess.DEVNULL, check=False).returncode == 0


def _coverage_start() -> None:
    for old in ROOT.glob(".coverage*"):
        if old.is_file():
            old.unlink()


def _coverage_gates(results: Results) -> None:
    for name, share, options in (
        ("quant", QUANT_COVERAGE, ["--include", "quant/*"]),
        ("everything", TOTAL_COVERAGE, []),
    ):
        report = subprocess.run(
            [BIN / "coverage", "report", "--format=total", "--precision=1", *options],
            capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "100"},
        )  # fmt: skip
        found = report.stdout.strip()
        holds = report.returncode == 0 and float(found or 0) >= share
        say(f"  coverage of {name}: {found or report.stderr.strip()} % (at least {share} %)")
        if not holds:
            results.failed.append(f"coverage of {name}")


def _verdict(results: Results) -> int:
    if results.failed:
        say(f"FAILED: {', '.join(results.failed)}")
        return 1
    say("All checks hold.")
    return 0
