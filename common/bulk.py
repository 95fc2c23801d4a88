"""COPY into staging tables: the one fast way rows enter PostgreSQL here. Used by the importers."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg import sql


def stage(cursor: CursorWrapper, name: str, columns: str) -> None:
    """Create an empty temporary table that lives until the transaction ends.

    Args:
        cursor: a cursor inside `transaction.atomic()`.
        name: table name, unique within the transaction.
        columns: column definitions as written in CREATE TABLE, from code and never from input.
    """
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")


def copy_rows(
    cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Stream rows into a table with COPY.

    Args:
        cursor: a Django cursor on PostgreSQL.
        table: target table.
        columns: the columns each row gives, in order.
        rows: sequences of Python values as long as `columns`.

    Returns:
        How many rows were sent.

    Raises:
        psycopg.Error: as PostgreSQL refuses a value; nothing of the statement is kept. COPY does not pass
            through Django's cursor, so it is the driver's own exception.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    )
    count = 0
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count
