import gzip
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pricing.errors import PriceFileError, UnknownPriceSource
from pricing.models import CurrentPrice, PriceBatch, PriceRecord
from pricing.services import ImportOptions, import_price_files
from tests.pricing.factories import NOW, current, held, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide(files: Path) -> Path:
    return files / "guide.json"


@pytest.fixture
def products():
    return {
        name: make_product(name, sealed=sealed, ids={"mcm": mcm, "tcgplayer": tcgplayer})
        for name, sealed, mcm, tcgplayer in (
            ("ring", False, "101", "201"),
            ("box", True, "103", "202"),
            ("trap", True, "104", "999"),
        )
    }


def test_guide_is_imported_at_its_own_time(guide: Path, products):
    report = import_price_files([guide], file_format="cardmarket", now=NOW)

    assert report.recorded_at == datetime(2026, 11, 20, 1, 45, 36, tzinfo=UTC)
    assert (report.rows_read, report.prices_stored, report.prices_quarantined) == (9, 14, 1)
    assert report.quarantined == {"no_offers": 1, "too_small": 1}
    assert report.skipped["unmatched_articles"] == 4
    assert report.error_count == 2
    assert current(products["box"]) == Decimal("112.16")
    assert held(products["trap"]) == {"trend": {"no_offers", "too_small"}}


def test_batch_carries_provenance(guide: Path, products):
    import_price_files([guide], file_format="cardmarket", now=NOW)

    batch = PriceBatch.objects.get()

    assert (batch.source_url, batch.route, len(batch.content_sha256)) == ("guide.json", "file", 64)


def test_importing_twice_changes_nothing(guide: Path, products):
    first = import_price_files([guide], file_format="cardmarket", now=NOW)
    again = import_price_files([guide], file_format="cardmarket", now=NOW)

    assert (again.prices_stored, again.prices_known) == (0, first.prices_stored + first.prices_quarantined)
    assert again.quarantined == {}


def test_given_time_replaces_the_one_of_the_file(guide: Path, products):
    import_price_files([guide], file_format="cardmarket", now=NOW, options=ImportOptions(recorded_at=NOW))

    assert set(CurrentPrice.objects.values_list("recorded_at", flat=True)) == {NOW}


def test_given_time_replaces_the_one_of_every_line(files: Path, products):
    import_price_files(
        [files / "prices.csv"], file_format="csv", now=NOW, options=ImportOptions(recorded_at=NOW)
    )

    assert set(PriceRecord.objects.values_list("recorded_at", flat=True)) == {NOW}


@pytest.mark.parametrize(("hours", "is_stale"), [(72, False), (73, True)])
def test_old_prices_are_called_stale(guide: Path, products, hours: int, is_stale: bool, settings):
    settings.PRICE_MAX_AGE_HOURS = 72
    options = ImportOptions(recorded_at=NOW - timedelta(hours=hours))

    report = import_price_files([guide], file_format="cardmarket", now=NOW, options=options)

    assert report.is_stale is is_stale


def test_dry_run_reports_the_same_and_stores_nothing(guide: Path, products):
    dry = import_price_files(
        [guide], file_format="cardmarket", now=NOW, options=ImportOptions(is_dry_run=True)
    )

    assert (dry.prices_stored, dry.prices_quarantined, dry.quarantined) == (
        14,
        1,
        {"no_offers": 1, "too_small": 1},
    )
    assert dry.batch_ids == ()
    assert not PriceRecord.objects.exists()
    assert not PriceBatch.objects.exists()


def test_tcgcsv_pair_is_imported_for_its_source(files: Path, products):
    report = import_price_files(
        [files / "tcgcsv_products.json", files / "tcgcsv_prices.json"],
        file_format="tcgcsv",
        now=NOW,
        options=ImportOptions(recorded_at=NOW),
    )

    assert report.sources == ("tcgplayer",)
    assert (report.prices_stored, report.skipped["sub_type: Jumbo"]) == (9, 1)
    assert current(products["ring"], "direct_low", "foil") == Decimal("4.90")


def test_tcgcsv_folder_is_searched(tmp_path: Path, files: Path, products):
    group = tmp_path / "2026-11-19" / "1" / "7"
    group.mkdir(parents=True)
    (group / "prices").write_bytes((files / "tcgcsv_prices.json").read_bytes())
    (group / "notes.txt").write_text("not prices by name")

    report = import_price_files([tmp_path], file_format="tcgcsv", now=NOW)

    assert report.recorded_at == datetime(2026, 11, 19, 20, 0, tzinfo=UTC)


def test_price_list_of_several_sources_makes_a_batch_each(files: Path, products):
    report = import_price_files([files / "prices.csv"], file_format="csv", now=NOW)

    assert report.sources == ("cardmarket", "tcgplayer")
    assert PriceBatch.objects.count() == 2
    assert report.error_count == 12
    assert current(products["ring"], finish="foil") == Decimal("1200.50")


def test_one_unknown_source_stores_nothing_of_the_file(tmp_path: Path, products):
    path = tmp_path / "list.csv"
    path.write_text(
        "source,ident,price,currency,recorded_at\n"
        "cardmarket,mcm:101,1,EUR,2026-11-20T03:00:00Z\nnowhere,1,1,EUR,2026-11-20T03:00:00Z\n"
    )

    with pytest.raises(UnknownPriceSource, match=r"'nowhere'; there are .*cardkingdom, cardmarket"):
        import_price_files([path], file_format="csv", now=NOW)

    assert not PriceRecord.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (json.dumps({"priceGuides": [{"idProduct": 1, "trend": 1}]}), "give --recorded-at"),
        (json.dumps({"createdAt": "2026-11-20T02:45:36+0100", "priceGuides": []}), "no usable price"),
        (
            json.dumps({"createdAt": "2026-11-20T02:45:36+0100", "priceGuides": [{"idProduct": "x"}]}),
            "Row 1: Expected",
        ),
    ],
)
def test_files_without_anything_usable_are_refused_and_leave_nothing(
    tmp_path: Path, content: str, message: str
):
    path = tmp_path / "guide.json"
    path.write_text(content)

    with pytest.raises(PriceFileError, match=message):
        import_price_files([path], file_format="cardmarket", now=NOW)

    assert not PriceBatch.objects.exists()


def test_second_file_being_broken_stores_nothing_of_the_first(tmp_path: Path, guide: Path, products):
    broken = tmp_path / "broken.json.gz"
    broken.write_bytes(gzip.compress(guide.read_bytes())[:-30])

    with pytest.raises(PriceFileError, match="truncated"):
        import_price_files([guide, broken], file_format="cardmarket", now=NOW)

    assert not PriceRecord.objects.exists()


def test_empty_folder_and_unknown_format_are_refused(tmp_path: Path, guide: Path):
    with pytest.raises(PriceFileError, match="no tcgcsv price files"):
        import_price_files([tmp_path], file_format="tcgcsv", now=NOW)
    with pytest.raises(PriceFileError, match="Unknown format 'xml'"):
        import_price_files([guide], file_format="xml", now=NOW)


def test_progress_is_told_to_the_last_price(guide: Path, products):
    steps: list[int] = []

    report = import_price_files(
        [guide], file_format="cardmarket", now=NOW, options=ImportOptions(progress=steps.append)
    )

    assert sum(steps) == report.prices_read


class TestCardKingdom:
    @pytest.fixture
    def price_list(self, tmp_path: Path) -> Path:
        row = {
            "id": 501, "name": "Sol Ring", "is_foil": "false", "price_retail": "3.99", "qty_retail": 6,
            "price_buy": "2.10", "qty_buying": 14,
        }  # fmt: skip
        foil = {**row, "id": 502, "is_foil": "true", "qty_buying": 0}
        path = tmp_path / "pricelist.json"
        meta = {"created_at": f"{NOW:%Y-%m-%d %H:%M:%S}"}
        path.write_text(json.dumps({"meta": meta, "data": [row, foil]}))
        return path

    def test_buy_prices_are_stored_with_the_copies_wanted(self, price_list: Path):
        ring = make_product(ids={"ck/nonfoil": "501", "ck/foil": "502"})

        report = import_price_files([price_list], file_format="cardkingdom", now=NOW)

        stored = CurrentPrice.objects.filter(product=ring).values_list(
            "variant__price_type", "variant__finish", "variant__condition", "price", "available_quantity"
        )
        assert sorted(stored) == [
            ("buylist", "nonfoil", "near_mint", Decimal("2.10"), 14),
            ("retail", "foil", "near_mint", Decimal("3.99"), 6),
            ("retail", "nonfoil", "near_mint", Decimal("3.99"), 6),
        ]
        assert (report.recorded_at, report.skipped["not_buying"]) == (NOW, 1)

    def test_stock_lists_name_articles_by_sku_and_need_a_time(self, tmp_path: Path):
        ring = make_product(ids={"ck_sku/foil": "FTST-0001"})
        path = tmp_path / "stock.csv"
        path.write_text("sku,name,buy_usd,buy_qty,retail_usd,retail_qty\nFTST-0001,Sol Ring,1.5,4,3,2\n")

        with pytest.raises(PriceFileError) as caught:
            import_price_files([path], file_format="cardkingdom", now=NOW)
        import_price_files([path], file_format="cardkingdom", now=NOW, options=ImportOptions(recorded_at=NOW))

        assert caught.value.code == "price_time_missing"
        assert current(ring, "buylist", "foil") == Decimal("1.50")
