"""`manage.py apikey`."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from common.models import AuditEvent
from users.choices import Role
from users.models import ApiKey

from .browser import AUTH, make_user

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command("apikey", *arguments, stdout=out)
    return out.getvalue()


def _create(*more: str) -> dict[str, Any]:
    text = _run("create", "--user", "ivy", "--name", "Nightly", "--json", *more)
    return dict(json.loads(text))


@pytest.fixture(autouse=True)
def ivy():
    return make_user("ivy", Role.TRADER)


def test_a_key_is_made_works_and_is_taken_back():
    made = _create("--scope", "trade", "--days", "30")
    program = Client(headers={"X-API-Key": made["key"]})

    assert program.get(f"{AUTH}me/").json()["user"]["username"] == "ivy"
    assert made["scopes"] == ["trade"]
    assert made["expires_at"] is not None
    assert AuditEvent.objects.get(verb="api_key.created").actor_id is None

    assert json.loads(_run("revoke", made["prefix"], "--json"))["changed"] is True
    assert json.loads(_run("revoke", made["key"], "--json"))["changed"] is False
    assert program.get(f"{AUTH}me/").status_code == 401


def test_text_says_the_key_once_and_the_list_never():
    text = _run("create", "--user", "ivy", "--name", "Nightly")
    key = text.splitlines()[0]

    assert key.startswith("arb_")
    assert "does not expire" in text
    assert ApiKey.objects.get().scopes == ["read"]
    assert key not in _run("list")
    assert "Nightly" in _run("list", "--user", "ivy")


def test_the_list_leaves_out_what_no_longer_counts():
    _run("revoke", _create()["prefix"])

    assert _run("list").strip() == "No API keys."
    assert len(json.loads(_run("list", "--all", "--json"))["keys"]) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("create", "--user", "nobody", "--name", "x"), 1),
        (("create", "--user", "ivy", "--name", "x", "--scope", "ops"), 1),
        (("create", "--user", "ivy", "--name", " "), 2),
        (("create", "--user", "ivy", "--name", "x" * 81), 2),
        (("create", "--user", "ivy", "--name", "x", "--days", "0"), 2),
        (("revoke", "zzzzzzzz"), 1),
        (("list", "--user", "nobody"), 1),
    ],
)
def test_what_cannot_be_done_is_one_line_and_an_exit_code(arguments, code):
    with pytest.raises(CommandError) as caught:
        _run(*arguments)

    assert caught.value.returncode == code
    assert "\n" not in str(caught.value)
    assert not ApiKey.objects.exists()
