"""docs/commands.md names every command and every option there is, and nothing else.

`UPDATE_COMMAND_DOCS=1 pytest tests/arbsite/test_command_docs.py` writes the table anew.
"""

import argparse
import os
import re
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from common.commands import ArbsiteCommand

DOCUMENT: Final = Path(settings.BASE_DIR) / "docs" / "commands.md"
OUR_APPS: Final = {
    "arbsite", "catalog", "common", "jobs", "opportunities", "pricing", "scrapers", "trading", "users"
}  # fmt: skip
BEGIN: Final = "<!-- begin of the generated table -->"
END: Final = "<!-- end of the generated table -->"
NOT_OURS: Final = {"up"}
"""Runs until it is stopped; its output is the processes' own."""
_OF_DJANGO: Final = {
    "--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color",
    "--force-color", "--skip-checks", "--json",
}  # fmt: skip


def _commands() -> dict[str, Any]:
    names = sorted(name for name, app in get_commands().items() if app in OUR_APPS)
    return {name: load_command_class(get_commands()[name], name) for name in names}


def _words(action: argparse.Action) -> str:
    """Return an option or argument as it is typed."""
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "")
    if isinstance(value, tuple):
        value = " ".join(value)
    if not action.option_strings:
        return str(value or action.dest)
    option = next((one for one in action.option_strings if one.startswith("--")), action.option_strings[0])
    return option if action.nargs == 0 else f"{option} {value or action.dest.upper()}"


def _usage(parser: argparse.ArgumentParser) -> list[str]:
    """Return what follows the command's name: one line, or one for each subcommand."""
    own, subs = [], []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            subs = [(name, sub) for name, sub in action.choices.items()]
        elif not _OF_DJANGO & set(action.option_strings):
            own.append(_words(action))
    if not subs:
        return [" ".join(own)]
    return [" ".join([name, *own, *_usage(sub)[:1]]).strip() for name, sub in subs]


def _table() -> str:
    rows = ["| Command | Arguments | What it does |", "|---|---|---|"]
    for name, command in _commands().items():
        lines = _usage(command.create_parser("manage.py", name))
        cells = "<br>".join(f"`{line}`".replace("|", "\\|") for line in lines if line) or "–"
        text = " ".join(str(command.help).split())
        rows.append(f"| `{name}` | {cells} | {text.replace('|', chr(92) + '|')} |")
    return "\n".join(rows)


def test_the_table_is_that_of_the_code() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    fresh = f"{BEGIN}\n{_table()}\n{END}"
    if os.environ.get("UPDATE_COMMAND_DOCS"):
        text = re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: fresh, text, flags=re.DOTALL)
        DOCUMENT.write_text(text, encoding="utf-8")

    assert fresh in text, "run UPDATE_COMMAND_DOCS=1 pytest tests/arbsite/test_command_docs.py"


@pytest.mark.parametrize("name", sorted(_commands()))
def test_every_command_speaks_json_and_says_what_it_does(name: str) -> None:
    command = _commands()[name]

    assert name in NOT_OURS or isinstance(command, ArbsiteCommand)
    assert len(command.help) > 20
    assert command.help.rstrip().endswith((".", ")", "!"))
