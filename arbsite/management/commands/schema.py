"""`manage.py schema`: the committed OpenAPI file and the types made from it, written or checked."""

import difflib
import shutil
import subprocess
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from common.commands import ArbsiteCommand, PartlyDone

DIFFERENCES_SHOWN: Final = 20
NPM_SECONDS: Final = 300.0


class Command(ArbsiteCommand):
    help = (
        "Write frontend/openapi.json and the TypeScript types generated from it; with --check only say "
        "whether they are current (exit code 1 if not). Warnings of the generator are errors."
    )

    frontend: Path = settings.BASE_DIR / "frontend"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; compare.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not self.frontend.is_dir():
            raise CommandError(f"There is no {self.frontend}: the schema belongs to a checkout.")
        if options["check"]:
            self._check()
        else:
            self._write()

    def _write(self) -> None:
        target = self.frontend / "openapi.json"
        _generate(target)
        types = _npm(self.frontend, "schema")
        facts = {"file": str(target), "types": types is None}
        self.emit(facts, f"{target} is written{'' if types else ', and the types made from it'}.")
        if types is not None:
            raise PartlyDone(f"The types were not written: {types}")

    def _check(self) -> None:
        committed = self.frontend / "openapi.json"
        with TemporaryDirectory() as folder:
            fresh = Path(folder) / "openapi.json"
            _generate(fresh)
            differences = _differences(committed, fresh)
        types = _npm(self.frontend, "schema:check")
        facts = {
            "is_current": not differences,
            "types_are_current": types is None,
            "differences": differences,
        }
        if not differences and types is None:
            self.emit(facts, "The OpenAPI file and the types are current.")
            return
        lines = [*differences[:DIFFERENCES_SHOWN], *([f"types: {types}"] if types else [])]
        self.emit(facts, "\n".join(lines))
        what = "The OpenAPI file is" if differences else "The generated types are"
        raise CommandError(f"{what} not current: run `manage.py schema`.")


def _generate(target: Path) -> None:
    """Write the document of the API as it is now.

    Raises:
        CommandError: if the generator warns.
    """
    call_command(
        "spectacular", format="openapi-json", validate=True, fail_on_warn=True, file=str(target), verbosity=0
    )


def _differences(committed: Path, fresh: Path) -> list[str]:
    """Return the lines that differ, as a diff; empty when the files are the same."""
    old = committed.read_text(encoding="utf-8").splitlines() if committed.exists() else []
    new = fresh.read_text(encoding="utf-8").splitlines()
    return list(difflib.unified_diff(old, new, "openapi.json", "as it is now", lineterm="", n=1))


def _npm(frontend: Path, script: str) -> str | None:
    """Run a script of the front end; return what went wrong, None when nothing did."""
    npm = shutil.which("npm")
    if npm is None or not (frontend / "node_modules").is_dir():
        return "Node or the front end's packages are not installed (make setup)"
    try:
        answer = subprocess.run(
            [npm, "run", "--silent", script],
            cwd=frontend, capture_output=True, text=True, timeout=NPM_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    if answer.returncode == 0:
        return None
    return " ".join((answer.stderr or answer.stdout).split())[-500:] or f"npm run {script} failed"
