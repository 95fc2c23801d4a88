"""Many at once, each with a connection of its own: threads where that is enough, else processes."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from django.db import connection, connections

Result = TypeVar("Result")

AT_ONCE = 25
"""Connections used by the threads of one test: the server has a hundred for everybody."""

FORK = multiprocessing.get_context("fork")


def race(calls: Sequence[Callable[[], Result]], *, at_once: int = AT_ONCE) -> list[Result | Exception]:
    """Run calls in threads; return results and raised errors in the order of the calls."""

    def run(call: Callable[[], Result]) -> Result | Exception:
        try:
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
    children = [FORK.Process(target=target, args=given, daemon=True) for given in arguments]
    for child in children:
        child.start()
    try:
        yield list(children)
    finally:
        for child in children:
            child.kill()
            child.join(10)
