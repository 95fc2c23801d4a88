"""The base of every Arbsite command: one line per error, typed exit codes, readable progress."""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import ProgrammingError
from psycopg.errors import UndefinedTable

from common.errors import DomainError

EXIT_FAILURE: Final = 1
EXIT_USAGE: Final = 2
EXIT_PARTLY_DONE: Final = 3
EXIT_INTERRUPTED: Final = 130
NOT_PREPARED: Final = (
    "The database is not prepared yet: run `manage.py prepare` first (with --no-demo for real data)."
)
_PLAIN_SECONDS: Final = 5.0


class UsageError(CommandError):
    """The command line asks for something impossible (exit code 2)."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=EXIT_USAGE)


class PartlyDone(CommandError):
    """Some of the work was done and committed, the rest was refused or failed (exit code 3)."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=EXIT_PARTLY_DONE)


class ArbsiteCommand(BaseCommand):
    """A management command with `--json`, typed exit codes and readable progress.

    Subclasses write `handle` as usual: call one service, then `self.emit(facts, text)`. Expected refusals
    (`DomainError`, missing files) become one line on standard error and exit code 1; raise `UsageError` for
    2 and `PartlyDone` for 3. Ctrl+C ends with 130, after open transactions rolled back.
    """

    is_json = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Add `--json` to the parser of every command."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        if not any("--json" in action.option_strings for action in parser._actions):
            parser.add_argument("--json", action="store_true", help="Print one JSON object instead of text.")
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command, turning expected failures into one line and an exit code."""
        self.is_json = bool(options.get("json"))
        try:
            return super().execute(*args, **options)
        except DomainError as error:
            raise CommandError(f"{error.detail} [{error.code}]", returncode=EXIT_FAILURE) from error
        except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
            reason = error.strerror or str(error)
            raise CommandError(f"{error.filename}: {reason}", returncode=EXIT_FAILURE) from error
        except ProgrammingError as error:
            if not isinstance(error.__cause__, UndefinedTable):
                raise
            raise CommandError(NOT_PREPARED, returncode=EXIT_FAILURE) from error
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted.", returncode=EXIT_INTERRUPTED) from error

    def emit(self, facts: Mapping[str, Any], text: str) -> None:
        """Print the result: `facts` as one JSON object with `--json`, else `text`."""
        if self.is_json:
            self.stdout.write(json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False))
        elif text:
            self.stdout.write(text)

    @contextmanager
    def progress(self, description: str, *, total: int | None = None) -> Iterator["Progress"]:
        """Show how far the work is, on standard error: a bar on a terminal, else a line every few seconds.

        Yields:
            A callable: `progress(3)` or `progress(1, "NEO")` moves it on. Pass it to services as their
            `progress`.
        """
        stream: TextIO = getattr(self.stderr, "_out", sys.stderr)
        if stream.isatty():
            with _bar(description, total, stream) as bar:
                yield bar
        else:
            plain = _PlainProgress(description, total, stream)
            yield plain
            plain.finish()


class Progress:
    """Counts steps; the base says nothing and is what a service gets when nobody watches."""

    def __init__(self, total: int | None = None) -> None:
        self.total = total
        self.done = 0

    def __call__(self, steps: int = 1, note: str = "") -> None:
        """Move on by `steps`; `note` names what is being worked on."""
        self.done += steps
        self.show(note)

    def set_total(self, total: int) -> None:
        """Tell how many steps there are, once that is known."""
        self.total = total

    def show(self, note: str) -> None:
        """Show the state."""


class _PlainProgress(Progress):
    """One line every few seconds, for logs and pipes."""

    def __init__(self, description: str, total: int | None, stream: TextIO) -> None:
        super().__init__(total)
        self._description = description
        self._stream = stream
        self._shown_at = time.monotonic()

    def show(self, note: str) -> None:
        """Write a line if the last one is old enough."""
        now = time.monotonic()
        if now - self._shown_at >= _PLAIN_SECONDS:
            self._shown_at = now
            self._write(f"{self._count()}{f' {note}' if note else ''}")

    def finish(self) -> None:
        """Write the last line."""
        self._write(f"{self._count()} done")

    def _count(self) -> str:
        return f"{self.done:,}" if self.total is None else f"{self.done:,}/{self.total:,}"

    def _write(self, text: str) -> None:
        self._stream.write(f"{self._description}: {text}\n")
        self._stream.flush()


@contextmanager
def _bar(description: str, total: int | None, stream: TextIO) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )  # fmt: skip
    with RichProgress(*columns, console=Console(file=stream)) as rich:
        task = rich.add_task(description, total=total, note="")

        class Bar(Progress):
            def set_total(self, total: int) -> None:
                super().set_total(total)
                rich.update(task, total=total)

            def show(self, note: str) -> None:
                rich.update(task, completed=self.done, note=note)

        yield Bar(total)
