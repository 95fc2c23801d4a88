"""Query results as NumPy arrays: one binary array per column instead of a Python object per field."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray

_ARRAY_HEADER: Final = 20  # dimensions, null flag, element type, length, lower bound
BOOL, INT2, INT4, INT8, UUID16 = (np.dtype(name) for name in ("?", ">i2", ">i4", ">i8", "V16"))


def fetch_columns(
    query: str, parameters: Mapping[str, Any], **columns: np.dtype[Any]
) -> dict[str, NDArray[Any]]:
    """Run a query and return each of its columns as one array.

    Rows travel as one array value per column, which is several times faster than row by row. Columns must be
    of the fixed width given and hold no NULL.

    Args:
        query: a SELECT that names its columns as `columns` does; from code, never from input.
        parameters: values of its named placeholders.
        columns: big-endian type of each column, such as `INT4`.
    """
    names = ", ".join(f"array_agg({name})" for name in columns)
    with binary_cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM ({query}) AS q".encode(), dict(parameters), binary=True)  # noqa: S608
        result = cursor.pgresult
        if result is None:  # pragma: no cover - a SELECT has a result
            return {}
        values = [result.get_value(0, position) for position in range(len(columns))]
    return {name: _elements(value, kind) for (name, kind), value in zip(columns.items(), values, strict=True)}


def binary_cursor() -> psycopg.Cursor[tuple[Any, ...]]:
    """Return a cursor that binds on the server, which binary results need and Django's cursors do not do."""
    connection.ensure_connection()
    return psycopg.Cursor(connection.connection)


def _elements(value: bytes | None, kind: np.dtype[Any]) -> NDArray[Any]:
    native = kind.newbyteorder("=")
    if value is None:
        return np.empty(0, dtype=native)
    rows = np.frombuffer(value, dtype=np.dtype([("length", ">i4"), ("value", kind)]), offset=_ARRAY_HEADER)
    return rows["value"].astype(native)
