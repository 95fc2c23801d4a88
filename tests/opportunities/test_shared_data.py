"""Real boxes and decks through the real importers, against results of an independent script."""

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog.importers.mtgjson import import_mtgjson
from catalog.models import ProductIdentifier
from catalog.selectors import product_by_ident
from opportunities.models import Opportunity
from opportunities.services import analyze_products, differences
from opportunities.services.value_document import value_document
from opportunities.services.value_options import ValueOptions
from opportunities.services.valuing import value_product
from pricing.services import ImportOptions, import_price_files
from tests.pricing.factories import NOW

pytestmark = pytest.mark.django_db
ZERO, ONE, RATE = Decimal(0), Decimal(1), Decimal("0.05")
SETS = ("NEO", "NEC", "VOW", "VOC")


@pytest.fixture
def expected(shared_data: Path) -> dict[str, Any]:
    results: dict[str, Any] = json.loads((shared_data / "tcg/expected_shared.json").read_text())
    return results


@pytest.fixture
def market(shared_data: Path, expected: dict[str, Any], tmp_path: Path) -> None:
    """Import the sets of the expected results, and the part of the price guide that is about them."""
    import_mtgjson(shared_data / "tcg/mtgjson/AllPrintings.subset.json.xz", sets=SETS, now=NOW)
    guide = json.loads(
        gzip.decompress((shared_data / "tcg/cardmarket/price_guide_1_2024-11-28.json.gz").read_bytes())
    )
    known = set(ProductIdentifier.objects.filter(source="mcm").values_list("external_id", flat=True))
    guide["priceGuides"] = [row for row in guide["priceGuides"] if str(row["idProduct"]) in known]
    path = tmp_path / "price_guide_1.json"
    path.write_text(json.dumps(guide))
    import_price_files([path], file_format="cardmarket", now=NOW, options=ImportOptions(recorded_at=NOW))


def value(mcm_id: int, **options: object) -> dict[str, Any]:
    worth = value_product(
        product=product_by_ident(f"mcm:{mcm_id}"),
        options=ValueOptions(**options),  # type: ignore[arg-type]
        now=NOW,
    )
    return value_document(worth, now=NOW)


def near(wanted: float, tolerance: float) -> Any:
    return pytest.approx(wanted, abs=tolerance)


def test_values_agree_with_the_independent_results(market: None, expected: dict[str, Any]):
    for box in expected["boxes"]:
        check_box(box)
    for deck in expected["decks"]:
        check_deck(deck)
    report = analyze_products(now=NOW)
    assert report.failed == []
    for row in Opportunity.objects.all():
        assert differences(row) == {}


def check_box(box: dict[str, Any]) -> None:
    for rule in ("trend", "avg30", "low"):
        got = value(box["mcmId"], price_type=rule, floor=ZERO, fee_rate=ZERO)
        assert float(got["expected_value"]) == near(box[f"box_ev_{rule}"], 0.02)
        assert float(got["standard_deviation"]) == near(box[f"box_sd_{rule}"], 0.01 * box[f"box_sd_{rule}"])
        if rule == "trend":
            for p, wanted in box["mc_percentiles"].items():
                assert float(got["percentiles"][p]) == near(wanted, 0.02 * wanted)
            assert float(got["naive_margin_percentage"]) == near(box["gross_margin_pct_on_cost"], 0.05)
    taxed = value(box["mcmId"], price_type="trend", floor=ZERO, fee_rate=RATE)
    assert float(taxed["probability_of_profit"]) == near(box["p_profit_after_5pct_fee"], 0.02)
    dear = value(box["mcmId"], price_type="trend", floor=ONE, fee_rate=ZERO)
    assert float(dear["expected_value"]) == near(box["box_ev_trend_cards_ge_1eur"], 0.02)
    assert dear["executable"]["value"] == dear["expected_value"]


def check_deck(deck: dict[str, Any]) -> None:
    for rule in ("trend", "avg30", "low"):
        got = value(deck["mcmId"], price_type=rule, floor=ZERO, fee_rate=ZERO)
        assert float(got["expected_value"]) == near(deck["singles_eur"][rule], 0.005), (deck["deck"], rule)
        assert got["contents"]["complete"]
    for floor, name in (
        (ZERO, "net_margin_pct_after_5pct_fee"),
        (ONE, "net_margin_pct_5pct_fee_cards_ge_1eur"),
    ):
        got = value(deck["mcmId"], price_type="trend", floor=floor, fee_rate=RATE)
        assert float(got["executable"]["margin_percentage"]) == near(deck[name], 0.05)
    dear = value(deck["mcmId"], price_type="trend", floor=ONE, fee_rate=ZERO)
    assert float(dear["expected_value"]) == near(deck["singles_eur_trend_cards_ge_1eur"], 0.005)
