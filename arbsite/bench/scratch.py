"""A database of our own for the measurements, beside the user's on the same server and gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from psycopg import sql

PREFIX = "arbsite_bench_"


@contextmanager
def scratch_database() -> Iterator[str]:
    """Point Django's connection at a fresh, migrated database; drop it and point back at the end.

    The user's database is only used to create and drop the other one.

    Raises:
        django.db.OperationalError: when the server cannot be reached.
        django.db.ProgrammingError: when the role may not create databases.
    """
    name = f"{PREFIX}{os.getpid()}"
    own_name = str(connection.settings_dict["NAME"])
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _execute("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", name)
    try:
        _switch(name)
        call_command("migrate", verbosity=0, interactive=False)
        yield name
    finally:
        _switch(own_name)
        _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _switch(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _execute(statement: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
