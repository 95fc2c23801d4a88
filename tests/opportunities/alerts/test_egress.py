"""While an alert is sent, no socket is opened but to public addresses and listed ones."""

import socket
import threading

import pytest

from opportunities.alerts.egress import EgressForbidden, guarded_sockets


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[:2]


def test_a_private_address_is_stopped_before_it_is_connected_to(listening):
    with guarded_sockets(ports={443, listening[1]}) as watch, pytest.raises(EgressForbidden):
        socket.create_connection(listening, timeout=1)

    assert watch.refused == [listening]


def test_a_listed_private_address_is_let_through(listening):
    with guarded_sockets(ports={443}, private={listening}) as watch:
        socket.create_connection(listening, timeout=1).close()

    assert watch.refused == []


@pytest.mark.parametrize(
    "address", [("127.1", 443), ("0x7f.1", 443), ("2130706433", 443), ("localhost", 443)]
)
def test_another_spelling_is_stopped_too(address):
    with guarded_sockets(ports={443}), pytest.raises(EgressForbidden):
        socket.create_connection(address, timeout=1)


def test_a_public_address_needs_an_allowed_port():
    with guarded_sockets(ports={443}) as watch, pytest.raises(EgressForbidden):
        watch.check(("8.8.8.8", 22))

    watch.check(("8.8.8.8", 443))
    assert watch.refused == [("8.8.8.8", 22)]


def test_unix_sockets_are_stopped(tmp_path):
    path = str(tmp_path / "s")
    with (
        socket.socket(socket.AF_UNIX) as server,
        socket.socket(socket.AF_UNIX) as client,
        guarded_sockets(ports={443}),
    ):
        server.bind(path)
        server.listen()
        with pytest.raises(EgressForbidden):
            client.connect(path)


def test_other_threads_and_later_calls_are_left_alone(listening):
    done: list[bool] = []

    def connect():
        socket.create_connection(listening, timeout=1).close()
        done.append(True)

    with guarded_sockets(ports={443}):
        thread = threading.Thread(target=connect)
        thread.start()
        thread.join()
    connect()

    assert done == [True, True]
