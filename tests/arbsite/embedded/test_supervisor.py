"""The embedded servers under real kills and races: never two supervisors, never an orphan, nothing lost."""

import os
import signal

import psycopg
import pytest
import redis

from arbsite.embedded import ServicesError
from arbsite.embedded.processes import Process

from .conftest import Site, until


def test_both_servers_answer_while_a_lease_is_held(site: Site) -> None:
    lease = site.acquire()

    assert site.sql("SELECT current_user") == "arbsite"
    assert redis.Redis(unix_socket_path=str(site.layout.redis_socket)).ping()
    lease.stop()


def test_our_role_cannot_switch_triggers_off(site: Site) -> None:
    lease = site.acquire()

    assert site.sql("SELECT rolsuper FROM pg_roles WHERE rolname = 'arbsite'") == "False"
    lease.stop()


def test_stop_with_the_last_lease_leaves_no_process(site: Site) -> None:
    lease = site.acquire()
    servers = [site.server("postgres"), site.server("redis-server")]

    lease.stop()

    assert not any(server.is_running() for server in servers)
    until(lambda: not site.supervisors())


def test_stop_while_another_process_holds_a_lease_keeps_the_servers(site: Site) -> None:
    with site.holder() as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        site.acquire().stop()

        assert site.sql("SELECT 1") == "1"
        other.kill()


def test_killed_client_releases_its_lease(site: Site) -> None:
    with site.holder() as other:
        assert other.stdout is not None
        other.stdout.readline()
        postgres = site.server("postgres")

        other.send_signal(signal.SIGKILL)
        other.wait()

        until(lambda: not site.supervisors())
        assert not postgres.is_running()


def test_many_processes_racing_to_start_get_one_supervisor(site: Site) -> None:
    racers = [site.holder() for _ in range(5)]

    said = [racer.stdout.readline() for racer in racers if racer.stdout is not None]

    assert said == ["held\n"] * 5
    assert len(site.supervisors()) == 1
    for racer in racers:
        racer.communicate("")


def test_killed_supervisor_takes_its_servers_along_and_is_replaced(site: Site) -> None:
    lease = site.acquire(durable=True)
    site.sql("CREATE TABLE IF NOT EXISTS kept (id int)")
    site.sql("INSERT INTO kept VALUES (1)")
    servers = [site.server("postgres"), site.server("redis-server")]

    os.kill(site.supervisors()[0], signal.SIGKILL)
    until(lease.is_lost)
    again = site.acquire()

    assert not any(server.is_running() for server in servers)
    assert len(site.supervisors()) == 1
    assert int(site.sql("SELECT count(*) FROM kept")) >= 1
    again.stop()


def test_killed_servers_are_started_again_with_all_that_was_acknowledged(site: Site) -> None:
    lease = site.acquire(durable=True)
    site.sql("CREATE TABLE IF NOT EXISTS crash (id int)")
    before = int(site.sql("SELECT count(*) FROM crash"))
    site.sql("INSERT INTO crash VALUES (1)")

    for name in ("postgres", "redis-server"):
        killed = site.server(name)
        os.kill(killed.pid, signal.SIGKILL)
        until(lambda gone=killed: not gone.is_running())  # type: ignore[misc]

    def both_answer() -> bool:
        try:
            redis.Redis(unix_socket_path=str(site.layout.redis_socket)).ping()
            return int(site.sql("SELECT count(*) FROM crash")) == before + 1
        except (OSError, redis.RedisError, psycopg.OperationalError):
            return False

    until(both_answer)
    lease.stop()


def test_stale_pid_file_naming_a_stranger_kills_nobody(site: Site) -> None:
    stranger = site.holder()  # any process of ours that is no database server
    assert stranger.stdout is not None
    stranger.stdout.readline()
    stranger_process = Process.of(stranger.pid)
    assert stranger_process is not None
    os.kill(site.supervisors()[0], signal.SIGKILL)
    until(lambda: not site.supervisors())
    pid_file = site.layout.postgres_home / "data" / "postmaster.pid"
    until(lambda: not pid_file.exists())
    pid_file.write_text(f"{stranger.pid}\n{site.layout.postgres_home / 'data'}\n0\n5432\n\n\n\nready\n")

    lease = site.acquire()

    assert site.sql("SELECT 1") == "1"
    assert stranger_process.is_running()
    lease.stop()
    stranger.communicate("")


def test_data_of_another_version_is_refused_with_the_remedy(site: Site) -> None:
    version = site.layout.postgres_home / "data" / "PG_VERSION"
    original = version.read_text()
    version.write_text("12\n")

    with pytest.raises(ServicesError, match=r"written by PostgreSQL 12; this Arbsite runs 18.*make reset"):
        site.acquire()

    version.write_text(original)


def test_unknown_service_is_refused(site: Site) -> None:
    with pytest.raises(ServicesError, match="no embedded service named 'mysql'"):
        site.acquire(services=["mysql"])


def test_server_that_cannot_start_is_quoted(site: Site) -> None:
    control = site.layout.postgres_home / "data" / "global" / "pg_control"
    hidden = control.with_name("hidden")
    control.rename(hidden)

    with pytest.raises(ServicesError, match=r"(?s)postgres did not start .*pg_control"):
        site.acquire()

    hidden.rename(control)
