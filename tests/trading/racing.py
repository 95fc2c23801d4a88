"""Many at once, each with a connection of its own: threads where that is enough, else processes."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

from django.db import OperationalError, connection, connections

AT_ONCE = 25
"""Connections used by the threads of one test: the server has a hundred for everybody."""

FORK = multiprocessing.get_context("fork")


def connect(*, patience: float = 30) -> None:
    """Open this thread's or process' connection, and wait for a free place where the server has none."""
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def race(calls: Sequence[Callable[[], Any]], *, at_once: int = AT_ONCE) -> list[Any]:
    """Run calls in threads; return results and raised errors in the order of the calls."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            connect()
            return call()
        except Exception as error:  # noqa: BLE001 - what was raised is the result
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(run, calls))


@contextmanager
def forked(target: Callable[..., None], arguments: Sequence[tuple[Any, ...]]) -> Iterator[list[BaseProcess]]:
    """Run a function in processes of their own, one per argument tuple; kill what is left at the end.

    The parent's connection is closed first: a child that inherited it would speak on the same socket.
    """
    connection.close()
    children = [FORK.Process(target=_connected, args=(target, given), daemon=True) for given in arguments]
    for child in children:
        child.start()
    connect()
    try:
        yield list(children)
    finally:
        for child in children:
            child.kill()
            child.join(10)


def _connected(target: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    connect()
    target(*arguments)
