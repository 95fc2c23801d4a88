import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pricing.models import CurrentPrice, FxRate, PriceRecord
from pricing.partitions import existing_months
from tests.pricing.factories import make_product, observe, record

pytestmark = pytest.mark.django_db


def run(*args: object) -> str:
    out = StringIO()
    call_command(*map(str, args), stdout=out, stderr=StringIO())
    return out.getvalue()


class TestImportPrices:
    def test_report_says_what_was_stored_held_and_unknown(self, tmp_path: Path):
        make_product(ids={"mcm": "1"})
        make_product("Trap", sealed=True, ids={"mcm": "2"})
        guide = tmp_path / "guide.json"
        rows = [
            {"idProduct": 1, "trend": 1.5, "low": 1},
            {"idProduct": 2, "trend": 0.02},
            {"idProduct": 3, "low": 9},
        ]
        guide.write_text(json.dumps({"priceGuides": rows}))

        text = run("import_prices", "cardmarket", guide, "--recorded-at", "now")

        assert "3 rows, 4 prices" in text
        assert (
            "Stored 2, already known 0, held for review 1 "
            "(nothing on offer 1, implausibly small for a sealed product 1)" in text
        )
        assert "Not in the catalogue: 1 articles with 1 prices." in text
        assert "stale" not in text

    def test_rows_that_are_wrong_make_it_partly_done(self, files: Path):
        make_product(ids={"mcm": "101"})

        with pytest.raises(
            CommandError, match=r"(?s)2 rows or prices were wrong.*  5: Expected `int`"
        ) as caught:
            run("import_prices", "cardmarket", files / "guide.json")

        assert caught.value.returncode == 3
        assert PriceRecord.objects.exists()

    def test_old_prices_are_announced_as_stale(self, tmp_path: Path):
        guide = tmp_path / "guide.json"
        guide.write_text(
            '{"createdAt": "2024-11-28T02:41:34+0100", "priceGuides": [{"idProduct": 1, "trend": 1}]}'
        )

        assert "stale: they are older than 72 hours and raise no opportunity" in run(
            "import_prices", "cardmarket", guide
        )

    def test_json_is_one_object(self, files: Path):
        make_product(ids={"tcgplayer": "201"})
        out = StringIO()

        with pytest.raises(CommandError):
            call_command(
                "import_prices", "tcgcsv", str(files / "tcgcsv_prices.json"),
                "--recorded-at", "2026-11-20T03:00:00Z", "--json", stdout=out, stderr=StringIO(),
            )  # fmt: skip

        facts = json.loads(out.getvalue())
        assert (facts["prices_stored"], facts["error_count"], facts["sources"]) == (7, 1, ["tcgplayer"])

    def test_dry_run_stores_nothing(self, tmp_path: Path):
        make_product(ids={"mcm": "1"})
        guide = tmp_path / "guide.json"
        guide.write_text('{"priceGuides": [{"idProduct": 1, "trend": 1}]}')

        assert "Dry run: nothing was stored." in run(
            "import_prices", "cardmarket", guide, "--recorded-at", "now", "--dry-run"
        )
        assert not CurrentPrice.objects.exists()

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("missing.json", None, "missing.json: cannot be read"),
            ("cut.json", '{"priceGuides": [{"idProd', "truncated or corrupt"),
            ("other.json", '{"products": []}', "not a Cardmarket price guide"),
        ],
    )
    def test_unreadable_files_fail_with_one_line(
        self, tmp_path: Path, name: str, content: str | None, message: str
    ):
        path = tmp_path / name
        if content is not None:
            path.write_text(content)

        with pytest.raises(CommandError, match=message) as caught:
            run("import_prices", "cardmarket", path, "--recorded-at", "now")

        assert caught.value.returncode == 1
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("time", ["yesterday", "2026-11-20T03:00:00"])
    def test_a_time_that_is_none_is_refused(self, files: Path, time: str):
        with pytest.raises(CommandError, match=r"neither `now` nor|no time zone"):
            run("import_prices", "cardmarket", files / "guide.json", "--recorded-at", time)


def test_import_fx_stores_rates_once(files: Path, tmp_path: Path):
    path = tmp_path / "rates.csv"
    path.write_text((files / "rates.csv").read_text().replace("2026-", "2024-"))

    first, again = run("import_fx", path), run("import_fx", path)

    assert (first.strip(), again.strip()) == (
        "Stored 3 rates, already known 0.",
        "Stored 0 rates, already known 3.",
    )
    assert FxRate.objects.count() == 3


class TestPartitions:
    def test_dry_run_changes_nothing(self):
        before = existing_months()

        facts = json.loads(run("partitions", "--ahead", "20", "--dry-run", "--json"))

        assert len(facts["created"]) >= 17
        assert existing_months() == before

    def test_months_ahead_are_made_once(self):
        json.loads(run("partitions", "--ahead", "5", "--json"))

        assert json.loads(run("partitions", "--ahead", "5", "--json"))["created"] == []

    def test_months_past_retention_are_dropped(self):
        record(observe(make_product(), "1"), at=datetime(2023, 5, 5, tzinfo=UTC))

        kept = json.loads(run("partitions", "--retain", "24m", "--json"))
        assert (kept["dropped"], "2023-05" in kept["past_retention"]) == ([], True)
        assert PriceRecord.objects.filter(recorded_at__year=2023).exists()

        assert "2023-05" in json.loads(run("partitions", "--retain", "24m", "--drop", "--json"))["dropped"]
        assert not PriceRecord.objects.filter(recorded_at__year=2023).exists()

    def test_months_past_retention_are_named_before_they_are_dropped(self):
        record(observe(make_product(), "1"), at=datetime(2023, 5, 5, tzinfo=UTC))

        assert "Add --drop" in run("partitions", "--retain", "24m")
        assert "Would drop: 2023-05" in run("partitions", "--retain", "24m", "--dry-run")

    @pytest.mark.parametrize("options", [("--ahead", "99"), ("--retain", "0m"), ("--drop",)])
    def test_numbers_out_of_range_are_a_usage_error(self, options: tuple[str, ...]):
        with pytest.raises(CommandError) as caught:
            run("partitions", *options)

        assert caught.value.returncode == 2

    def test_a_period_in_years_is_refused(self):
        with pytest.raises(CommandError, match="no number of months"):
            run("partitions", "--retain", "2y")


class TestCheckPrices:
    def test_prices_agree_after_recording(self):
        record(observe(make_product(), "1"))

        assert "Every current price is the newest in history." in run("check_prices")

    def test_a_current_price_that_was_lost_is_named(self):
        ring = make_product()
        record(observe(ring, "1"))
        CurrentPrice.objects.filter(product=ring).delete()

        with pytest.raises(
            CommandError, match=f"1 current prices disagree with history:\nproduct {ring.key}"
        ):
            run("check_prices")
