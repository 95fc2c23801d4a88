"""The base of the commands: one line per error, exit codes, progress."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from common.commands import NOT_PREPARED, ArbsiteCommand, PartlyDone, Progress, UsageError
from common.errors import NotFound


class Command(ArbsiteCommand):
    def add_arguments(self, parser):
        parser.add_argument("--fail", default="")

    def handle(self, *args, **options):
        failures = {
            "domain": NotFound("product_not_found", "No product mcm:1."),
            "file": FileNotFoundError(2, "No such file or directory", "guide.json"),
            "usage": UsageError("--sets needs a set code."),
            "partly": PartlyDone("3 of 5 files imported."),
            "interrupt": KeyboardInterrupt(),
        }
        if options["fail"] == "unprepared":
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM a_table_no_migration_has_made_yet")
        if options["fail"]:
            raise failures[options["fail"]]
        with self.progress("Reading", total=3) as progress:
            for name in "abc":
                progress(1, name)
        self.emit({"rows": 3}, "3 rows read")


def _run(*args: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    command = Command(stdout=out, stderr=err, no_color=True)
    try:
        command.run_from_argv(["manage.py", "read", *args])
    except SystemExit as exit_:
        return int(exit_.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("failure", "code", "line"),
    [
        ("domain", 1, "CommandError: No product mcm:1. [product_not_found]\n"),
        ("file", 1, "CommandError: guide.json: No such file or directory\n"),
        ("usage", 2, "UsageError: --sets needs a set code.\n"),
        ("partly", 3, "PartlyDone: 3 of 5 files imported.\n"),
        ("interrupt", 130, "CommandError: Interrupted.\n"),
        ("unprepared", 1, f"CommandError: {NOT_PREPARED}\n"),
    ],
)
def test_failure_is_one_line_and_an_exit_code(failure, code, line):
    assert _run("--fail", failure) == (code, "", line)


@pytest.mark.django_db
def test_unknown_option_is_usage(capsys):
    assert _run("--nope")[0] == 2


@pytest.mark.django_db
def test_result_is_text_or_one_json_object():
    assert _run()[1] == "3 rows read\n"
    assert json.loads(_run("--json")[1]) == {"rows": 3}


@pytest.mark.django_db
def test_progress_goes_to_standard_error_as_plain_lines():
    assert _run()[2] == "Reading: 3/3 done\n"


@pytest.mark.django_db
def test_call_command_raises_for_callers():
    with pytest.raises(CommandError) as caught:
        call_command(Command(), fail="partly")
    assert caught.value.returncode == 3


def test_progress_without_a_watcher_counts():
    progress = Progress()

    progress(2)
    progress()

    assert progress.done == 3


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.django_db
def test_progress_on_a_terminal_is_a_bar():
    command = Command(stdout=io.StringIO(), stderr=Terminal(), no_color=True)

    with command.progress("Reading", total=None) as progress:
        progress.set_total(3)
        progress(3, "NEO")

    shown = command.stderr._out.getvalue()  # type: ignore[attr-defined]
    assert "Reading" in shown
    assert "3/3" in shown
