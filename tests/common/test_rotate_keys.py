"""`manage.py rotate_keys`: batches that commit, a run that was killed goes on, what is unreadable stays."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection

from common.commands import PartlyDone, UsageError
from common.models import AuditEvent
from common.secrets import Secret, current_prefix, decrypt, encrypt, encrypted_columns
from opportunities.models import AlertChannel
from tests.pricing.factories import NOW, make_user

OLD, NEW = "o" * 40, "n" * 40
ROOT = Path(__file__).resolve().parents[2]


def column():
    (found,) = (entry for entry in encrypted_columns() if entry.name == "alert_channels.url")
    return found


def make_channels(count: int) -> list[AlertChannel]:
    user = make_user("alice")
    channels = []
    for index in range(count):
        channel = AlertChannel(user=user, name=str(index), url_hint="https://example.org", created_at=NOW)
        channel.url = encrypt(Secret(f"https://example.org/{index}"), context=column().context(channel.pk))
        channels.append(channel)
    return AlertChannel.objects.bulk_create(channels)


def rotate(*args: str) -> dict[str, object]:
    out = io.StringIO()
    call_command("rotate_keys", "--json", *args, stdout=out, stderr=io.StringIO())
    facts: dict[str, object] = json.loads(out.getvalue())
    return facts


def under_the_new_key() -> int:
    return AlertChannel.objects.filter(url__startswith=current_prefix()).count()


def readable() -> set[str]:
    return {decrypt(row.url, context=column().context(row.pk)).reveal() for row in AlertChannel.objects.all()}


def database_url() -> str:
    """Return the address of the test database, for a process of its own."""
    facts = connection.settings_dict
    login = quote(facts["USER"] or "") + (f":{quote(facts['PASSWORD'])}" if facts["PASSWORD"] else "")
    host = str(facts["HOST"] or "")
    if host.startswith("/"):
        return f"postgres://{login}@/{facts['NAME']}?host={quote(host)}"
    return f"postgres://{login}@{host}:{facts['PORT'] or 5432}/{facts['NAME']}"


@pytest.mark.django_db
def test_every_row_is_brought_under_the_new_key(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    make_channels(7)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]

    assert rotate("--batch", "3")["rotated"] == 7
    assert rotate()["rotated"] == 0

    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert readable() == {f"https://example.org/{index}" for index in range(7)}
    counts = [event.data["count"] for event in AuditEvent.objects.filter(verb="secrets.rotated")]
    assert counts == [3, 3, 1]


@pytest.mark.django_db
def test_a_dry_run_counts_and_changes_nothing(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    make_channels(2)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]

    assert rotate("--dry-run")["rotated"] == 2
    assert under_the_new_key() == 0


@pytest.mark.django_db
def test_what_cannot_be_read_stays_and_is_counted(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    first, second, third = make_channels(3)
    AlertChannel.objects.filter(pk=first.pk).update(url=second.url)  # swapped rows
    AlertChannel.objects.filter(pk=third.pk).update(url="plain text")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]

    with pytest.raises(PartlyDone):
        rotate("--batch", "1")

    assert under_the_new_key() == 1
    assert set(AlertChannel.objects.exclude(pk=second.pk).values_list("url", flat=True)) == {
        second.url,
        "plain text",
    }


@pytest.mark.django_db
def test_an_impossible_batch_is_a_usage_error():
    with pytest.raises(UsageError):
        rotate("--batch", "0")


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_killed_in_the_middle_is_continued(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    make_channels(400)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    child = subprocess.Popen(
        [sys.executable, "manage.py", "rotate_keys", "--batch", "1", "--json"],
        cwd=ROOT,
        env={**os.environ, "FIELD_ENCRYPTION_KEYS": f"{NEW},{OLD}", "DATABASE_URL": database_url()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while under_the_new_key() < 5 and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()

    done = under_the_new_key()
    assert 5 <= done < 400, "the run was killed in the middle"
    assert len(readable()) == 400
    assert rotate()["rotated"] == 400 - done
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert len(readable()) == 400
