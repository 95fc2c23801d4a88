"""Entry point of the supervisor: `python -m arbsite.embedded --var DIR --lock FD`; only the client starts it.

It returns when the supervisor listens, which by then runs in the background; errors before that go to
standard error.
"""

import argparse
import os
import shutil
import socket
import sys
from pathlib import Path

from .errors import ServicesError
from .layout import Layout
from .supervisor import Supervisor, _log


def main() -> int:
    """Bind the socket, go to the background, serve; the inherited lock is held until the very end."""
    parser = argparse.ArgumentParser(prog="arbsite.embedded")
    parser.add_argument("--var", type=Path, required=True)
    parser.add_argument("--lock", type=int, required=True)
    parser.add_argument("--linger", type=float, default=5.0)
    parser.add_argument("--no-durability", action="store_true")
    options = parser.parse_args()
    layout = Layout(options.var)
    layout.make_folders()
    listener = _listen(layout)
    if os.fork():
        return 0
    os.setsid()
    _redirect(layout)
    os.set_inheritable(options.lock, False)
    supervisor = Supervisor(layout, linger=options.linger, durable=not options.no_durability)
    status = 0
    try:
        supervisor.serve(listener)
    except (ServicesError, OSError) as error:
        _log(f"giving up: {error}")
        status = 1
    finally:
        layout.supervisor_socket.unlink(missing_ok=True)
        supervisor.stop_all()
        shutil.rmtree(layout.runtime, ignore_errors=True)  # no-one else uses it while we hold the lock
    return status


def _listen(layout: Layout) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    layout.supervisor_socket.unlink(missing_ok=True)  # ours to remove: we hold the lock
    before = os.umask(0o177)
    listener.bind(str(layout.supervisor_socket))
    os.umask(before)
    listener.listen(128)
    return listener


def _redirect(layout: Layout) -> None:
    """Leave the starter's terminal and folder."""
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    log = os.open(layout.logs / "supervisor.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for target, source in ((0, null), (1, log), (2, log)):
        os.dup2(source, target)
    os.close(null)
    os.close(log)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ServicesError, OSError) as error:
        sys.exit(str(error))
