"""What the parsers let through goes through `record_prices` with history: nothing wrong may be stored."""

from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

from catalog.models import Venue
from pricing.choices import Route
from pricing.errors import BatchRefused
from pricing.models import PriceRecord, PriceSource
from pricing.observations import BatchFacts, Observation
from pricing.services import record_prices
from scrapers.errors import FetchFailed
from scrapers.registry import SOURCES
from tests.pricing.factories import make_product

from .corpus import NOW, SAMPLES
from .harmful import other_id_of
from .naive import parse_naively
from .test_corpus import harmful_bodies, tell

pytestmark = pytest.mark.django_db
HISTORY_DAYS = 7
DATABASE_SEEDS, CONTROL_SEEDS = 5, 16
OTHER_FACTOR = 10  # the other article of the catalogue costs so much more


class Undone(Exception):
    """Ends a transaction that was only to be looked at."""


@contextmanager
def undone():
    """Take back what is stored inside."""
    with suppress(Undone), transaction.atomic():
        yield
        raise Undone


class Market:
    """A sample's article and another one, each with a week of true prices at the sample's source."""

    def __init__(self, sample):
        self.sample = sample
        self.source = price_source(sample.source)
        self.facts = sample.facts(sample.body)
        name_space = self.source.identifier_source
        self.other_id = sample.external_id.replace(sample.asked, other_id_of(sample))
        finishes = {"sealed": sample.is_sealed, "finishes": sample.finishes}
        self.article = make_product("Amber", ids={name_space: sample.external_id}, **finishes)
        self.other = make_product("Jade", ids={name_space: self.other_id}, **finishes)
        week = [NOW - timedelta(days=days + 1) for days in range(HISTORY_DAYS, 0, -1)]
        rows = [row for at in week for row in self._rows(at, self.article, 1)]
        rows += [row for at in week for row in self._rows(at, self.other, OTHER_FACTOR)]
        history = self.record(rows, at=week[-1], route=Route.FILE)
        assert history.prices_stored == len(rows)

    def record(self, rows, *, at, route=None):
        batch = BatchFacts(recorded_at=at, route=route or self.sample.route, fetched_at=at)
        return record_prices(source=self.source, observations=rows, batch=batch, now=at)

    def outcome_of(self, rows):
        """Record the rows of one answer, see what became of them, and undo it."""
        with undone():
            batch = self.record(rows, at=NOW)
            stored = PriceRecord.objects.filter(batch=batch).select_related("variant", "product")
            wrong = [row for row in stored if not self._is_true(row)]
        return wrong, batch.prices_quarantined, batch.prices_stored

    def _rows(self, at, product, factor):
        return [
            Observation(
                fact.price * factor, fact.price_type, fact.currency, product_key=product.key, recorded_at=at
            )
            for fact in self.facts
        ]

    def _is_true(self, row):
        factor = 1 if row.product == self.article else OTHER_FACTOR
        truth = {fact.price_type: (fact.price * factor, fact.currency) for fact in self.facts}
        stored = (row.price, row.variant.currency)
        is_other_ask = factor == 1 and str(row.price) in self.sample.other_asks
        is_opened = self.sample.is_sealed and row.variant.condition != "unopened"
        if is_opened or row.variant.finish != "nonfoil":
            return False
        return truth.get(row.variant.price_type) == stored or is_other_ask


def price_source(code):
    """Return a source of the registry."""
    (spec,) = [spec for source in SOURCES for spec in source.prices if spec.code == code]
    venue, _ = Venue.objects.get_or_create(
        code=spec.venue, defaults={"name": spec.venue.title(), "currency": spec.currency}
    )
    source, _ = PriceSource.objects.get_or_create(
        code=code,
        defaults={
            "venue": venue,
            "currency": spec.currency,
            "identifier_source": spec.identifier_source,
            "market_price_type": spec.market_price_type,
        },
    )
    return source


def run(sample, parse, *, seeds=DATABASE_SEEDS):
    """Record what `parse` makes of harmful mutations, each distinct result once; return the counts."""
    market, seen, wrong = Market(sample), set(), []
    counts: Counter[str] = Counter()
    for kind, body in harmful_bodies(sample, seeds=seeds):
        counts["mutations"] += 1
        try:
            rows = parse(body)
        except FetchFailed:
            counts["refused"] += 1
            continue
        key = tuple(sorted(map(repr, rows)))
        if not rows or key in seen:
            counts["recorded already" if rows else "no price"] += 1
            continue
        seen.add(key)
        try:
            found, held, stored = market.outcome_of(rows)
        except BatchRefused:  # as a whole, such as for a currency nobody knows
            counts["batches refused"] += 1
            continue
        counts.update({"recorded": 1, "prices held": held, "prices stored": stored})
        wrong += [f"{sample.name}: {kind}: {row.variant} {row.price}" for row in found]
    return counts, wrong


def test_no_harmful_change_stores_a_wrong_price(capsys):
    total: Counter[str] = Counter()
    wrong = []
    for sample in SAMPLES:
        with undone():
            counts, found = run(sample, sample.rows)
        total += counts
        wrong += found

    total["wrong stored prices"] = len(wrong)
    tell(capsys, f"mutations recorded: {dict(total)}")
    assert wrong == []
    assert total["recorded"] >= 150
    assert total["prices held"] >= 100


def test_negative_control_a_naive_parser_stores_wrong_prices(capsys):
    wrong = []
    for sample in [sample for sample in SAMPLES if sample.name in ("ebay.browse item", "amazon.page beside")]:
        with undone():
            parse = partial(parse_naively, sample)
            wrong += run(sample, parse, seeds=CONTROL_SEEDS)[1]

    tell(capsys, f"negative control: the naive parser stores {len(wrong)} wrong prices")
    assert len(wrong) >= 3


def test_amounts_are_changed_by_more_than_any_bound_forgives():
    for sample in SAMPLES:
        for amount in sample.truth.values():
            whole = amount.partition(".")[0]
            for place in range(len(whole)):
                left = Decimal((whole[:place] + whole[place + 1 :]) or "0")
                assert left * 4 < Decimal(whole), f"{sample.name}: {amount} without a digit is a price move"
