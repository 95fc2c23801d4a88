"""COPY into staging tables."""

from decimal import Decimal

import psycopg
import pytest
from django.db import connection, transaction

from common.bulk import copy_rows, stage

pytestmark = pytest.mark.django_db


def test_rows_arrive_as_they_were_sent():
    rows = [(1, "tab\tand\\slash", Decimal("1.50")), (2, None, None), (3, "ünï", Decimal("-0.01"))]

    with transaction.atomic(), connection.cursor() as cursor:
        stage(cursor, "stage_test", "id int, name text, price numeric(10, 2)")
        count = copy_rows(cursor, "stage_test", ["id", "name", "price"], iter(rows))
        cursor.execute("SELECT * FROM stage_test ORDER BY id")

        assert (count, cursor.fetchall()) == (3, rows)


def test_one_bad_value_keeps_nothing():
    with transaction.atomic(), connection.cursor() as cursor:
        stage(cursor, "stage_test", "id int, name text")
        with pytest.raises(psycopg.DataError), transaction.atomic():
            copy_rows(cursor, "stage_test", ["id", "name"], [(1, "a"), (2, "nul\x00")])
        cursor.execute("SELECT count(*) FROM stage_test")

        assert cursor.fetchone() == (0,)
