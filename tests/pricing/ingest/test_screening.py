"""Large batches are stored like small ones, only without staging what nobody knows."""

from decimal import Decimal

import pytest

from pricing.ingest import screening
from pricing.models import PriceRecord
from tests.pricing.factories import current, make_product, observe, record

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[1, 1000])
def limit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(screening, "SMALL_BATCH", request.param)
    return int(request.param)


def test_counts_and_prices_do_not_depend_on_the_size_of_the_batch(limit: int):
    ring, box = make_product(ids={"mcm": "101"}), make_product(ids={"tcgplayer": "7"})

    batch = record(
        observe("101", "1"), observe("900", "2"), observe("900", "3", "low"), observe("901", "4"),
        observe("101", "5", "low"), observe("7", "6", name_space="tcgplayer"), observe(box, "7", "low"),
        observe("8", "9", name_space="tcgplayer"),
    )  # fmt: skip

    assert (batch.prices_read, batch.prices_stored) == (8, 4)
    assert batch.skipped == {"unmatched": 4, "unmatched_articles": 3}
    assert (current(ring), current(box), current(box, "low")) == (Decimal(1), Decimal(6), Decimal(7))


def test_an_unknown_article_is_unmatched_whatever_its_price(limit: int):
    batch = record(observe("900", "-1"), observe("901", "NaN"), observe("902", "0"))

    assert batch.skipped == {"unmatched": 3, "unmatched_articles": 3}
    assert not PriceRecord.objects.exists()
