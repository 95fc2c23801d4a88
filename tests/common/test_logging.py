"""Log lines: one handler, structured, without secrets."""

import io
import json
import logging
from typing import Any

import pytest
import structlog
from django.conf import settings
from redis import Redis

from common.logging import hide_in, hide_in_text, redact
from opportunities.alerts.sending import _HEARD

CANARY = "canary-5f2c"


@pytest.mark.parametrize(
    "text",
    [
        f"GET /api/v1/things/?token={CANARY}&page=1",
        f"postgres://arb:{CANARY}@db/arb is down",
        f"Authorization: Bearer {CANARY}",
        f'body was {{"password": "{CANARY}", "a": 1}}',
        f"DJANGO_SECRET_KEY={CANARY}",
        f"api_key='{CANARY}'",
        f"MKT_X_API_KEY: {CANARY}",
    ],
)
def test_secret_in_text_is_hidden(text):
    assert CANARY not in hide_in_text(text)
    assert "***" in hide_in_text(text)


@pytest.mark.parametrize(
    "name", ["password", "new_password", "csrftoken", "Authorization", "api-key", "Cookie", "client_secret"]
)
def test_field_named_like_a_secret_is_hidden_at_any_depth(name):
    event = redact(None, "info", {"event": "x", "outer": {"inner": [{name: CANARY}]}, name: CANARY})

    assert CANARY not in json.dumps(event)


@pytest.mark.parametrize(
    "text", ["page=2&ordering=-margin", "price.released 12", "https://example.org/a?b=c"]
)
def test_ordinary_text_stays_as_it_is(text):
    assert hide_in_text(text) == text


def test_counts_of_secret_sounding_things_stay():
    assert redact(None, "info", {"event": "x", "token_count": 3})["token_count"] == 3
    assert hide_in({"tokens": 3}, 2) == {"tokens": 3}


@pytest.fixture
def lines():
    """What the product's formatter writes, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    configuration: Any = settings.LOGGING
    formatter = {**configuration["formatters"]["lines"]}
    make = formatter.pop("()")
    formatter["processors"] = [*formatter["processors"][:-1], structlog.processors.JSONRenderer()]
    handler.setFormatter(make(**formatter))
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


def test_standard_library_extra_and_structlog_come_out_alike(lines):
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        logging.getLogger("catalog").warning("import.finished", extra={"rows": 3, "password": CANARY})
        structlog.get_logger("catalog").warning("import.finished", rows=3, password=CANARY)

    first, second = lines()
    for line in (first, second):
        line.pop("timestamp")
    assert first == second
    assert first == {
        "event": "import.finished", "level": "warning", "logger": "catalog", "request_id": "r-1",
        "rows": 3, "password": "***",
    }  # fmt: skip


def test_secret_in_a_traceback_is_hidden(lines):
    try:
        raise RuntimeError(f"cannot reach redis://x:{CANARY}@host")
    except RuntimeError:
        logging.getLogger("catalog").exception("broken")

    assert "RuntimeError" in lines()[0]["exception"]
    assert CANARY not in json.dumps(lines())


def test_only_the_root_logger_writes():
    silent = (logging.NullHandler, type(_HEARD))
    extra = [
        f"{name}: {handler}"
        for name, logger in logging.root.manager.loggerDict.items()
        for handler in getattr(logger, "handlers", ())
        # pytest hangs its own on every logger that does not propagate
        if not isinstance(handler, silent) and type(handler).__module__ != "_pytest.logging"
    ]

    assert extra == []


def test_redis_hangs_no_handler_of_its_own_on_what_it_is_told():
    with Redis().pubsub():
        assert logging.getLogger("push_response").handlers == []
