#!/usr/bin/env python3
"""From a bare machine to a running product or a full test run: `python3 scripts/bootstrap.py TARGET [ARGS]`.

Standard library only. Finished steps leave a stamp with a hash of what they were made from, so a second run
skips them. The Makefile's targets are these; docs/ and README name only those.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence

import checks
import install
from install import ROOT, VENV_PYTHON, StepFailed


def main(argv: Sequence[str]) -> int:
    """Run one target; return the exit code."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job starts with it ignored
    if sys.version_info < (3, 11):  # noqa: UP036 - the machine's own Python runs this file
        print(f"Arbsite needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 1
    if not argv or argv[0] not in TARGETS:
        print(f"usage: bootstrap.py {'|'.join(TARGETS)} [arguments]")
        return 2
    os.chdir(ROOT)
    try:
        return TARGETS[argv[0]](argv[1:])
    except StepFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def setup(_: Sequence[str]) -> int:
    """Install and build what running needs."""
    install.prepare("embedded", with_frontend=True)
    return 0


def run(arguments: Sequence[str]) -> int:
    """Install, build, and become `manage.py up`."""
    install.prepare("embedded", with_frontend=True)
    return become_manage("up", *arguments)


def dev(arguments: Sequence[str]) -> int:
    """Run with reload; Vite serves the front end."""
    install.prepare("embedded", with_frontend=True)
    return become_manage("up", "--dev", *arguments)


def test(arguments: Sequence[str]) -> int:
    """Run every check."""
    node = install.prepare("dev", with_frontend=True, must_build=True)
    return checks.run_all(node, list(arguments))


def check(_: Sequence[str]) -> int:
    """Run the quick checks."""
    install.prepare("dev", with_frontend=False)
    return checks.run_quick()


def fix(_: Sequence[str]) -> int:
    """Format the code and repair what the linter can."""
    install.prepare("dev", with_frontend=False)
    return checks.fix()


def schema(_: Sequence[str]) -> int:
    """Write the OpenAPI file and the TypeScript types made from it."""
    node = install.prepare("dev", with_frontend=True)
    return checks.write_schema(node)


def bench(arguments: Sequence[str]) -> int:
    """Measure."""
    install.prepare("dev", with_frontend=False)
    return become_manage("bench", *arguments)


def doctor(arguments: Sequence[str]) -> int:
    """Say what is wrong with this machine or this installation."""
    if not VENV_PYTHON.exists():
        print("Arbsite is not installed here yet. Run: make setup")
        return 1
    return become_manage("doctor", *arguments)


def reset(arguments: Sequence[str]) -> int:
    """Delete the data folder, after asking."""
    folder = install.var_dir()
    if not folder.exists():
        print(f"There is no data at {folder}.")
        return 0
    if not install.looks_like_ours(folder):
        raise StepFailed(
            f"{folder} does not look like Arbsite's data folder; delete it yourself if you mean it."
        )
    if install.is_up(folder):
        raise StepFailed("Arbsite is running on this data. Stop it first (Ctrl+C in its terminal).")
    if "--yes" not in arguments:
        if not sys.stdin.isatty():
            raise StepFailed(f"this deletes {folder}; say so with: make reset ARGS=--yes")
        if (
            input(f"Delete all data in {folder} (database, logins, secrets)? Type yes: ").strip().lower()
            != "yes"
        ):
            print("Nothing deleted.")
            return 1
    for name in ("postgres", "redis"):
        if (folder / name).is_symlink():  # kept elsewhere, because the servers' user could not come here
            shutil.rmtree((folder / name).resolve(), ignore_errors=True)
    shutil.rmtree(folder)
    print(f"Deleted {folder}. The next start begins afresh.")
    return 0


def become_manage(*arguments: str) -> int:
    """Replace this process, so that signals reach the command itself."""
    sys.stdout.flush()
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), "manage.py", *arguments])  # noqa: S606 - no shell wanted


TARGETS: dict[str, Callable[[Sequence[str]], int]] = {
    "setup": setup, "run": run, "dev": dev, "test": test, "check": check, "fix": fix, "bench": bench,
    "reset": reset, "schema": schema, "doctor": doctor,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
