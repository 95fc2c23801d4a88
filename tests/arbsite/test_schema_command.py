"""`manage.py schema`: what is committed is what the API says."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from arbsite.management.commands import schema
from common.commands import EXIT_PARTLY_DONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(tmp_path: Path) -> schema.Command:
    """The command of a checkout without installed packages of the front end."""
    made = schema.Command()
    made.frontend = tmp_path
    return made


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generator has its own tests; it takes seconds."""

    def generate(target: Path) -> None:
        target.write_text(json.dumps({"openapi": "3.0.3", "paths": {"/api/v1/x/": {}}}, indent=1))

    monkeypatch.setattr(schema, "_generate", generate)


def run(command: Any, *arguments: str) -> tuple[dict[str, Any], int, str]:
    out = StringIO()
    code, text = 0, ""
    try:
        call_command(command, "--json", *arguments, stdout=out, stderr=StringIO())
    except CommandError as error:
        code, text = error.returncode, str(error)
    return (json.loads(out.getvalue()) if out.getvalue() else {}), code, text


def test_written_without_node_says_that_the_types_are_missing(command, tmp_path):
    facts, code, text = run(command)

    assert code == EXIT_PARTLY_DONE
    assert "make setup" in text
    assert facts["types"] is False
    assert json.loads((tmp_path / "openapi.json").read_text())["paths"]


def test_a_file_that_is_not_current_is_named_and_left_alone(command, tmp_path):
    committed = tmp_path / "openapi.json"
    committed.write_text('{\n "openapi": "3.0.3"\n}')

    facts, code, text = run(command, "--check")

    assert code == 1
    assert "OpenAPI file is not current" in text
    assert any("/api/v1/x/" in line for line in facts["differences"])
    assert committed.read_text() == '{\n "openapi": "3.0.3"\n}'


def test_current_file_and_types_are_well(command, tmp_path, monkeypatch):
    schema._generate(tmp_path / "openapi.json")
    monkeypatch.setattr(schema, "_npm", lambda frontend, script: None)

    facts, code, _ = run(command, "--check")

    assert code == 0
    assert facts == {"is_current": True, "types_are_current": True, "differences": []}


def test_types_that_are_not_current_fail_the_check(command, tmp_path, monkeypatch):
    schema._generate(tmp_path / "openapi.json")
    monkeypatch.setattr(schema, "_npm", lambda frontend, script: "src/api/schema.gen.ts is outdated")

    _, code, text = run(command, "--check")

    assert code == 1
    assert "generated types are not current" in text


def test_without_a_checkout_there_is_no_schema(command, tmp_path):
    command.frontend = tmp_path / "nowhere"

    _, code, text = run(command, "--check")

    assert code == 1
    assert "checkout" in text
