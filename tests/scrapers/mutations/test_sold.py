"""Sold pages hold no price to buy at, so no bounds judge them: sales must come out right or not at all."""

from collections import Counter
from pathlib import Path

from pricing.choices import Route
from scrapers.errors import FetchFailed
from scrapers.venues.ebay.asks import Asked
from scrapers.venues.ebay.identifiers import parse_identifier
from scrapers.venues.ebay.markets import find_market
from scrapers.venues.ebay.sold import parse_sales

from . import harmful, harmless
from .corpus import answer, rows_of
from .sample import Sample, seeded
from .test_corpus import tell

PAGE = Path(__file__).parents[1] / "samples" / "ebay" / "sold_mixed.html"
ASKED = Asked(parse_identifier("q:amber archive booster box"), find_market("EBAY_US"))
SEEDS = 16
MALFORMED = {
    "not_a_number", "null", "zero", "negative", "range", "percent", "foreign_digits", "price_removed",
    "truncated", "block_page",
}  # fmt: skip


def sales(body):
    record = parse_sales(answer(body), asked=ASKED)
    assert rows_of(record) == []
    return record.sales if record else ()


SAMPLE = Sample(
    name="ebay.sold", source="ebay", route=Route.PAGE, body=PAGE.read_bytes(), parse=lambda body: [],
    truth={}, currency="$", amounts=("451.25", "433.00", "1,048.50"),
)  # fmt: skip


def test_harmless_changes_leave_every_sale_as_it_was(capsys):
    truth, counts = sales(SAMPLE.body), Counter[str]()
    for kind in harmless.HTML_KINDS:
        for seed in range(SEEDS):
            body = kind(SAMPLE, seeded(SAMPLE.name, kind.__name__, seed))
            counts["right" if sales(body) == truth else kind.__name__] += 1

    tell(capsys, f"sold pages, harmless changes: {dict(counts)}")
    assert counts["right"] >= 0.98 * counts.total()


def test_harmful_changes_never_make_a_sale_of_a_malformed_price(capsys):
    truth = {sale.reference: sale.unit_price for sale in sales(SAMPLE.body)}
    counts = Counter[str]()
    for kind in harmful.KINDS:
        for seed in range(SEEDS):
            body = kind(SAMPLE, seeded(SAMPLE.name, kind.__name__, seed)) if _applies(kind) else None
            if body is None:
                continue
            try:
                found = sales(body)
            except FetchFailed:
                counts["refused"] += 1
                continue
            wrong = [sale for sale in found if sale.unit_price not in (None, truth.get(sale.reference))]
            counts["wrong" if wrong else "right or left out"] += 1
            assert not wrong, (kind.__name__, seed, wrong)

    tell(capsys, f"sold pages, malformed prices: {dict(counts)}")
    assert counts["wrong"] == 0


def _applies(kind):
    return kind.__name__ in MALFORMED
