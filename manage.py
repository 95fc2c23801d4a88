#!/usr/bin/env python
"""Entry point of every Arbsite command; starts the embedded servers when the command needs them."""

import os
import sys


def main() -> None:
    """Run a Django management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arbsite.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "Django is not installed for this Python. Run `make setup`, then use .venv/bin/python manage.py …"
        )
    from arbsite.commandline import explained, needs_services, services_for_command

    with explained():
        if sys.argv[1:2] == ["up"]:
            from arbsite.up.main import main as up

            sys.exit(up(sys.argv[2:]))
        # A command speaks for itself; its log is for servers and workers, unless somebody asks.
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        lease = services_for_command() if needs_services(sys.argv) else None
        execute_from_command_line(sys.argv)
        del lease  # kept until here: it holds the servers


if __name__ == "__main__":
    main()
