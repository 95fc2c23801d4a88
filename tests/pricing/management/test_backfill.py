import json
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pricing.models import CurrentPrice, PriceBatch, PriceRecord, QuarantinedPrice
from pricing.partitions import existing_months
from tests.pricing.factories import make_product, observe, record

pytestmark = pytest.mark.django_db
HEADER = "source,ident,price,currency,price_type,recorded_at"


def run(*args: object) -> str:
    out = StringIO()
    call_command("backfill", *map(str, args), stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def history(tmp_path: Path) -> Path:
    file = tmp_path / "old.csv"
    days = [("2024-03-01", "10.00"), ("2024-04-01", "11.00"), ("2024-05-01", "12.00")]
    lines = [f"cardmarket,mcm:1,{price},EUR,trend,{day}T03:00:00Z" for day, price in days]
    file.write_text("\n".join([HEADER, *lines]))
    return file


def days() -> list[str]:
    return sorted(f"{row.recorded_at:%Y-%m-%d}" for row in PriceRecord.objects.all())


def test_prices_of_a_period_enter_history_and_leave_newer_ones_alone(history):
    product = make_product(ids={"mcm": "1"})
    record(observe(product, "99.00"))

    text = run("--source", history, "--from", "2024-03-01", "--to", "2024-05-01")

    assert days()[:2] == ["2024-03-01", "2024-04-01"]
    assert "outside period 1" in text
    assert CurrentPrice.objects.get(product__key=product.key).price == Decimal("99.00")
    assert datetime(2024, 4, 1, tzinfo=UTC).date() in existing_months()


def test_again_it_changes_nothing(history):
    make_product(ids={"mcm": "1"})
    run("--source", history)

    text = run("--source", history)

    assert len(days()) == 3
    assert "already known 3" in text


def test_dry_run_stores_nothing(history):
    make_product(ids={"mcm": "1"})

    report = json.loads(run("--source", history, "--dry-run", "--json"))

    assert report["prices_read"] == 3
    assert report["is_dry_run"] is True
    assert not PriceRecord.objects.exists()
    assert not PriceBatch.objects.exists()


def test_prices_pass_the_same_gates(history):
    make_product("Trap", sealed=True, ids={"mcm": "1"})
    history.write_text(f"{HEADER}\ncardmarket,mcm:1,0.01,EUR,trend,2024-03-01T03:00:00Z")

    run("--source", history)

    assert not PriceRecord.objects.exists()
    assert QuarantinedPrice.objects.count() == 1


def test_lines_that_are_wrong_make_it_partly_done(history):
    make_product(ids={"mcm": "1"})
    history.write_text(f"{history.read_text()}\ncardmarket,mcm:1,ten,EUR,trend,2024-03-02T03:00:00Z")

    with pytest.raises(CommandError, match="1 rows or prices were wrong") as caught:
        run("--source", history)

    assert caught.value.returncode == 3
    assert len(days()) == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--from", "2024-05-01", "--to", "2024-03-01"], 2),
        (["--price-source", "nowhere"], 2),
        (["--price-source", ""], 2),
        (["--from", "2025-01-01"], 1),
        (["--price-source", "tcgplayer"], 1),
    ],
)
def test_bad_requests_store_nothing(history, arguments, code):
    make_product(ids={"mcm": "1"})

    with pytest.raises(CommandError) as caught:
        run("--source", history, *arguments)

    assert caught.value.returncode == code
    assert not PriceRecord.objects.exists()


@pytest.mark.parametrize(
    "text", ["yesterday", "2024-13-01", "2024-05-01T10:00:00", "", "0001-01-01T00:00:00+14:00"]
)
def test_times_that_are_none_are_usage_errors(history, text):
    with pytest.raises(CommandError, match="--from"):
        run("--source", history, "--from", text)


def test_lines_without_a_time_belong_to_no_period(history):
    make_product(ids={"mcm": "1"})
    history.write_text("source,ident,price,currency\ncardmarket,mcm:1,5.00,EUR")

    with pytest.raises(CommandError, match="nothing_in_period"):
        run("--source", history)
