"""What the database promises of the ledger, whoever writes."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from catalog.models import Product
from tests.trading.factories import NOW, as_if_committed, execute, make_box
from trading.choices import LedgerAccount
from trading.models import Execution, ExposureLimit, LedgerEntry, LedgerPosting

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(tess) -> Execution:
    return execute(make_box(), tess)


def _posting(execution: Execution, *amounts: tuple[str, str, str]) -> None:
    posting = LedgerPosting.objects.create(key="test", execution=execution, description="", posted_at=NOW)
    for account, currency, amount in amounts:
        LedgerEntry.objects.create(posting=posting, account=account, currency=currency, amount=Decimal(amount))
    as_if_committed()


UNBALANCED = {
    "one side": [("cash", "EUR", "1.00")],
    "a cent": [("cash", "EUR", "1.00"), ("inventory", "EUR", "-0.99")],
    "two currencies": [("cash", "EUR", "1.00"), ("inventory", "USD", "-1.00")],
    "no entries": [],
}


@pytest.mark.parametrize("case", UNBALANCED)
def test_a_posting_that_does_not_balance_is_refused_at_commit(bought, case):
    with pytest.raises(IntegrityError, match="ledger posting"), transaction.atomic():
        _posting(bought, *UNBALANCED[case])


def test_a_posting_that_balances_in_each_currency_is_accepted(bought):
    _posting(
        bought, ("cash", "EUR", "1.00"), ("fees", "EUR", "-1.00"), ("cash", "USD", "2.00"), ("fees", "USD", "-2.00")
    )

    assert LedgerPosting.objects.filter(key="test").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entries SET amount = amount * 2",
        "UPDATE ledger_entries SET account = 'fees'",
        "DELETE FROM ledger_entries",
        "UPDATE ledger_postings SET description = 'nicer'",
        "DELETE FROM ledger_postings",
        "SET LOCAL arbsite.refuse_truncate = 'on'; TRUNCATE ledger_entries",
        "SET LOCAL arbsite.refuse_truncate = 'on'; TRUNCATE ledger_postings CASCADE",
        "SET LOCAL arbsite.remove_demo = 'on'; DELETE FROM ledger_entries",
    ],
)
def test_what_is_booked_is_never_changed(bought, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_ledger_of_the_demo_market_goes_with_it_when_that_is_asked_for(bought):
    Product.objects.filter(pk=bought.product_id).update(is_demo=True)

    with connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("DELETE FROM ledger_entries")
        cursor.execute("SET LOCAL arbsite.remove_demo = 'on'")
        cursor.execute("DELETE FROM ledger_entries")
        cursor.execute("DELETE FROM ledger_postings")

    assert not LedgerEntry.objects.exists()


def test_the_same_cause_is_booked_once(bought):
    _posting(bought, (LedgerAccount.CASH, "EUR", "1.00"), (LedgerAccount.FEES, "EUR", "-1.00"))

    with pytest.raises(IntegrityError), transaction.atomic():
        _posting(bought, (LedgerAccount.CASH, "EUR", "1.00"), (LedgerAccount.FEES, "EUR", "-1.00"))


def test_limits_for_a_start_are_seeded():
    kept = ExposureLimit.objects.filter(currency="USD").order_by("scope").values_list("scope", "period", "amount")

    if not kept:
        pytest.skip("a flushed database has lost what was seeded")
    assert list(kept) == [("global", "open", 20_000), ("user", "day", 2_000)]
