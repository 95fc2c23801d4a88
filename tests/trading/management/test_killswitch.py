import io
import json

import pytest
from django.core.management import CommandError, call_command

from trading.models import KillSwitch

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("killswitch", *arguments, stdout=out)
    return out.getvalue()


def test_trading_is_stopped_shown_and_started_again_by_two(tess, bob, olga):
    assert _run("status").strip() == "Nothing is stopped."

    made = json.loads(_run("engage", "--reason", "odd prices", "--as", "tess", "--json"))
    assert KillSwitch.objects.get().engaged_by == tess
    assert "odd prices" in _run("status")
    assert json.loads(_run("status", "--json"))["is_halted"] is True

    assert _run("release", made["id"], "--as", "bob").startswith("Release asked for")
    assert "release asked for" in _run("status")
    with pytest.raises(CommandError, match="second_person_needed"):
        _run("release", made["id"], "--as", "bob")
    assert _run("release", made["id"], "--as", "olga").startswith("Released")


def test_one_user_or_source_is_stopped(tess):
    _run("engage", "--user", "tess", "--reason", "leaves")
    _run("engage", "--source", "cardmarket", "--reason", "odd")

    assert set(KillSwitch.objects.values_list("scope", "subject")) == {
        ("user", "tess"),
        ("source", "cardmarket"),
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["engage", "--reason", "x", "--as", "charlie"], 2),
        (["engage", "--reason", "x", "--as", "nobody"], 2),
        (["engage", "--user", "nobody", "--reason", "x"], 1),
        (["release", "01a1fdf1-e95b-75b3-809b-21864d3678f6", "--as", "bob"], 1),
    ],
)
def test_what_cannot_be_done_ends_with_its_code(tess, bob, charlie, arguments, code):
    with pytest.raises(CommandError) as refused:
        _run(*arguments)
    assert refused.value.returncode == code
    assert not KillSwitch.objects.exists()


def test_a_dry_run_changes_nothing(bob):
    assert "Would stop" in _run("engage", "--reason", "x", "--dry-run")
    assert "Would release" in _run(
        "release", "01a1fdf1-e95b-75b3-809b-21864d3678f6", "--as", "bob", "--dry-run"
    )
    assert not KillSwitch.objects.exists()
