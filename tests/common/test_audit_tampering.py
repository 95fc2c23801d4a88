"""Tampering with the audit trail as its owner or a superuser can: the verifier finds it."""

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from common.audit import Anchor, app_role_statements, current_anchor, record_event, verify_chains
from common.errors import InvalidInput
from common.models import AuditEvent, AuditVerification

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def trail() -> list[AuditEvent]:
    """Five events of one subject, hence of one chain."""
    return [
        record_event(
            actor=None, verb="order.filled", subject="order:1", data={"price": f"{number}.00"}, now=NOW
        )
        for number in range(5)
    ]


def _tamper(*statements: str) -> None:
    """Do what the tables' owner can: switch the triggers off, change, switch them on again."""
    with connection.cursor() as cursor:
        for state in ("DISABLE", "ENABLE"):
            for table in ("audit_events", "audit_heads"):
                cursor.execute(f"ALTER TABLE {table} {state} TRIGGER USER")
            if state == "DISABLE":
                for statement in statements:
                    cursor.execute(statement)


@pytest.fixture(scope="module")
def superuser(django_db_setup, django_db_blocker) -> Iterator[psycopg.Connection]:
    """A connection of the cluster's superuser; the embedded server trusts it, a developer's may not."""
    facts = connection.settings_dict
    for user in (facts["USER"], "postgres"):
        try:
            found = psycopg.connect(
                host=facts["HOST"], port=facts["PORT"] or None, dbname=facts["NAME"], user=user,
                password=facts["PASSWORD"] or None, autocommit=True,
            )  # fmt: skip
        except psycopg.OperationalError:
            continue
        with found:
            if found.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (
                True,
            ):
                yield found
                return
    pytest.skip("no superuser of the test database server is reachable")


@pytest.mark.django_db(transaction=True)
def test_what_a_superuser_changes_with_all_triggers_off_is_found(superuser):
    with transaction.atomic():
        record_event(actor=None, verb="order.filled", subject="order:1", data={"price": "1.00"}, now=NOW)

    superuser.execute("SET session_replication_role = replica")
    superuser.execute('UPDATE audit_events SET data = \'{"price": "9.00"}\'')
    superuser.execute("SET session_replication_role = DEFAULT")

    assert [item.reason for item in verify_chains(now=NOW).breaks] == ["edited"]


_REHASH_FROM_3 = """
DO $$ DECLARE row audit_events; previous bytea; BEGIN
    SELECT hash INTO previous FROM audit_events WHERE seq = 2;
    FOR row IN SELECT * FROM audit_events WHERE seq > 2 ORDER BY seq LOOP
        UPDATE audit_events SET previous_hash = previous,
            hash = sha256(previous || convert_to(jsonb_build_object('id', id, 'stream', stream, 'seq', seq,
            'verb', verb, 'subject', subject, 'actor_id', actor_id, 'data', data, 'request_id', request_id,
            'recorded_at', to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
        )::text, 'UTF8')) WHERE id = row.id RETURNING hash INTO previous;
    END LOOP;
    UPDATE audit_heads SET hash = previous;
END $$
"""

TAMPERINGS = {
    "edited data": (
        ["UPDATE audit_events SET data = '{\"price\": \"9.99\"}' WHERE seq = 3"],
        {"edited"},
    ),
    "edited time": (["UPDATE audit_events SET recorded_at = now() WHERE seq = 3"], {"edited"}),
    "edited actor": (["UPDATE audit_events SET actor_id = gen_random_uuid() WHERE seq = 5"], {"edited"}),
    "edited request": (["UPDATE audit_events SET request_id = 'x' WHERE seq = 1"], {"edited"}),
    "moved to another subject": (["UPDATE audit_events SET subject = 'order:2' WHERE seq = 3"], {"edited"}),
    "edited hash": (["UPDATE audit_events SET hash = sha256('x') WHERE seq = 3"], {"edited", "relinked"}),
    "deleted in the middle": (["DELETE FROM audit_events WHERE seq = 3"], {"missing_before"}),
    "deleted first": (["DELETE FROM audit_events WHERE seq = 1"], {"missing_before"}),
    "cut tail": (["DELETE FROM audit_events WHERE seq > 3"], {"tail_cut"}),
    "deleted all": (["DELETE FROM audit_events"], {"tail_cut"}),
    "deleted head": (["DELETE FROM audit_heads"], {"head_missing"}),
    "altered head": (["UPDATE audit_heads SET hash = sha256('x')"], {"head_altered"}),
    "head turned back": (["UPDATE audit_heads SET seq = 3"], {"head_behind"}),
    "two events swapped": (
        ["UPDATE audit_events SET seq = 9 WHERE seq = 2", "UPDATE audit_events SET seq = 2 WHERE seq = 3",
         "UPDATE audit_events SET seq = 3 WHERE seq = 9"],
        {"edited"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(trail, name):
    statements, reasons = TAMPERINGS[name]

    _tamper(*statements)

    assert reasons <= {item.reason for item in verify_chains(now=NOW).breaks}


@pytest.mark.parametrize(
    "statements",
    [
        [
            "DELETE FROM audit_events WHERE seq > 3",
            "UPDATE audit_heads SET seq = 3, hash = (SELECT hash FROM audit_events WHERE seq = 3)",
        ],
        ["UPDATE audit_events SET verb = 'order.voided' WHERE seq = 3", _REHASH_FROM_3],
        ["DELETE FROM audit_events", "DELETE FROM audit_heads"],
    ],
    ids=["tail cut with its head", "rewritten to the end", "everything gone"],
)
def test_only_an_outside_anchor_finds_a_consistently_rewritten_chain(trail, statements):
    anchor = current_anchor()

    _tamper(*statements)

    assert verify_chains(now=NOW).is_intact
    assert {item.reason for item in verify_chains(now=NOW, anchor=anchor).breaks} == {"anchor"}


def test_untouched_chains_verify_and_an_older_anchor_still_holds(trail):
    anchor = Anchor.from_json(json.loads(json.dumps(current_anchor().as_json())))
    record_event(actor=None, verb="order.voided", subject="order:1", data={}, now=NOW)

    report = verify_chains(now=NOW, anchor=anchor)

    assert (report.is_intact, report.events, report.streams) == (True, 6, 1)
    assert anchor.digest != current_anchor().digest
    assert AuditVerification.objects.get().break_count == 0


@pytest.mark.parametrize("data", [[], {"a": 1}, {"a": [1]}, "x", {"a": ["x", "y"]}])
def test_malformed_anchor_is_refused(data):
    with pytest.raises(InvalidInput):
        Anchor.from_json(data)


def test_event_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(transaction.TransactionManagementError):
        record_event(actor=None, verb="order.filled", subject="order:1", data={}, now=NOW)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verb", "filled"),
        ("verb", "Order.Filled"),
        ("verb", "order.filled; drop"),
        ("subject", "order"),
        ("subject", "order: 1"),
        ("subject", "order:" + "1" * 200),
        ("data", {"x": "y" * 40_000}),
        ("data", {"x": float("nan")}),
        ("now", datetime(2026, 11, 21)),  # noqa: DTZ001 - the fault under test
    ],
)
def test_malformed_event_is_refused(field, value):
    event = {"verb": "order.filled", "subject": "order:1", "data": {}, "now": NOW, field: value}

    with pytest.raises(ValueError, match=r".+"):
        record_event(actor=None, **event)


@pytest.fixture(scope="module")
def runtime_role(superuser) -> Iterator[str]:
    """A role with exactly the documented rights; the test's own user may act as it."""
    role = f"arbsite_app_{secrets.token_hex(4)}"
    superuser.execute(f"CREATE ROLE {role}")
    superuser.execute(f'GRANT {role} TO "{connection.settings_dict["USER"]}"')
    for statement in app_role_statements(role):
        superuser.execute(statement)
    yield role
    superuser.execute(f"DROP OWNED BY {role}")
    superuser.execute(f"DROP ROLE {role}")


@pytest.fixture
def app_role(runtime_role, db):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {runtime_role}")
        yield cursor
        cursor.execute("RESET ROLE")


def test_runtime_role_may_record_and_read(app_role):
    event = record_event(actor=None, verb="order.filled", subject="order:1", data={}, now=NOW)

    assert AuditEvent.objects.get().hash == event.hash


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET verb = 'x.y'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "UPDATE audit_heads SET seq = 0",
        "INSERT INTO audit_heads VALUES ('x.0', 1, '')",
        "ALTER TABLE audit_events DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_events_seal ON audit_events",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION audit_seal_event() RETURNS trigger LANGUAGE sql AS ''",
    ],
)
def test_runtime_role_may_do_nothing_else(app_role, statement):
    record_event(actor=None, verb="order.filled", subject="order:1", data={}, now=NOW)

    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        app_role.execute(statement)


def test_runtime_role_must_be_a_plain_name():
    with pytest.raises(ValueError, match="plain"):
        app_role_statements("app; DROP TABLE users")


def test_verify_command_reports_and_fails_on_a_break(trail, capsys):
    call_command("audit", "verify", "--json")
    assert json.loads(capsys.readouterr().out)["is_intact"] is True

    _tamper("DELETE FROM audit_events WHERE seq = 3")

    with pytest.raises(CommandError, match="1 breaks"):
        call_command("audit", "verify")
    assert "missing_before" in capsys.readouterr().out


def test_export_and_anchor_commands_write_files(trail, tmp_path, capsys):
    day = ["--from", "2026-11-21", "--to", "2026-11-22T00:00:00Z"]
    call_command("audit", "export", *day, "--output", tmp_path / "a")
    call_command("audit", "anchor", "--output", tmp_path / "anchor")
    call_command("audit", "verify", "--anchor", tmp_path / "anchor")

    lines = [json.loads(line) for line in (tmp_path / "a").read_text().splitlines()]
    assert [line["seq"] for line in lines] == [1, 2, 3, 4, 5]
    assert lines[1]["previous_hash"] == lines[0]["hash"]


@pytest.mark.parametrize(
    "arguments", [["export", "--from", "yesterday"], ["export", "--to", "2026-13-45"], ["grants", "x;"]]
)
def test_unusable_option_is_a_usage_error(arguments):
    with pytest.raises(CommandError) as caught:
        call_command("audit", *arguments)
    assert caught.value.returncode == 2
