from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from arbsite.settings.celery import broker_url
from arbsite.settings.database import (
    EMBEDDED_DATABASE,
    checked_redis,
    external_database,
    with_statement_timeout,
)

CONNECTING = ("dbname", "user", "password", "host", "port")


def test_database_address_becomes_its_parts() -> None:
    found = external_database("postgres://arb:p%40ss@db.example.org:5433/market")

    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example.org", 5433, "market")
    assert (found["USER"], found["PASSWORD"]) == ("arb", "p@ss")


def test_socket_folder_in_the_query_becomes_the_host() -> None:
    found = external_database("postgresql://me@/market?host=/run/pg&sslmode=disable")

    assert found["HOST"] == "/run/pg"
    assert found["OPTIONS"] == {"sslmode": "disable"}


def test_a_statement_timeout_joins_what_the_address_asks_for() -> None:
    given = {"sslmode": "disable", "options": "-c search_path=market"}

    assert with_statement_timeout(given, 0) == given
    assert with_statement_timeout(given, 5_000) == {
        "sslmode": "disable",
        "options": "-c search_path=market -c statement_timeout=5000",
    }


def test_a_negative_statement_timeout_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_STATEMENT_TIMEOUT_MS"):
        with_statement_timeout({}, -1)


@pytest.mark.django_db(transaction=True)
def test_the_database_ends_a_statement_that_takes_too_long() -> None:
    parameters = connection.get_connection_params()
    allowed = {key: value for key, value in parameters.items() if key in CONNECTING}

    with (
        psycopg.connect(**with_statement_timeout(allowed, 50)) as own,
        pytest.raises(psycopg.errors.QueryCanceled),
    ):
        own.execute("SELECT pg_sleep(60)")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://a@b/c",
        "sqlite:///x",
        "postgres://host:5432/",
        "nonsense",
        "postgres://h:notaport/x",
        "postgres://[",
    ],
)
def test_wrong_database_address_names_the_variable_and_the_form(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL: .*expected postgres://USER"):
        external_database(url)


def test_error_about_an_address_does_not_repeat_its_password() -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        external_database("mysql://user:hunter2@host/db")

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://:pw@h:6379/3",
        "rediss://h/0",
        "unix:///run/r.sock",
        "unix:///r.sock?db=4",
    ],
)
def test_redis_addresses_that_work_are_accepted(url: str) -> None:
    assert checked_redis("REDIS_URL", url) == url


@pytest.mark.parametrize(
    "url",
    [
        "localhost:6379",
        "http://h",
        "redis://",
        "unix://",
        "redis://h:0",
        "redis://h:99999",
        "redis://h/x",
        "r",
    ],
)
def test_wrong_redis_address_names_the_variable(url: str) -> None:
    with pytest.raises(
        ImproperlyConfigured, match=r"^CACHE_REDIS_URL: not a Redis address, expected redis://"
    ):
        checked_redis("CACHE_REDIS_URL", url)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_a_clear_refusal(text: str) -> None:
    def outcome(check: Callable[[str], object]) -> str:
        try:
            check(text)
        except ImproperlyConfigured as error:
            return str(error)
        return "fine"

    assert outcome(external_database).startswith(("fine", "DATABASE_URL: "))
    assert outcome(lambda url: checked_redis("REDIS_URL", url)).startswith(("fine", "REDIS_URL: "))


def test_celery_spells_a_socket_its_own_way() -> None:
    assert broker_url("unix:///run/r.sock?db=3") == "redis+socket:///run/r.sock?virtual_host=3"
    assert broker_url("unix:///run/r.sock") == "redis+socket:///run/r.sock?virtual_host=0"
    assert broker_url("redis://h:6379/1") == "redis://h:6379/1"


def test_embedded_addresses_need_no_running_server() -> None:
    assert Path(EMBEDDED_DATABASE["HOST"]).is_absolute()
    assert len(EMBEDDED_DATABASE["HOST"]) < 80
