from decimal import Decimal
from typing import Any

import pytest

from opportunities.live.triangles import Triangles

from .makers import MS, NOW_NS, Heard


def around(fee: str = "0", **options: Any) -> tuple[Heard, Triangles]:
    """USD buys USDT at par, USDT buys BTC at 100, BTC sells at 101 USD."""
    heard = Heard({"kraken": Decimal(fee), "okx": Decimal(fee)}, **{"finds_triangles": True, **options})
    heard.tick("kraken", 0.999, 1.0, symbol="USDT/USD")
    heard.tick("kraken", 99.0, 100.0, symbol="BTC/USDT")
    heard.tick("kraken", 101.0, 102.0, symbol="BTC/USD")
    return heard, Triangles(heard.engine, add_signal=heard._add)


def test_cycle_that_pays_is_signalled_once_until_it_changes() -> None:
    heard, triangles = around()
    triangles.look(NOW_NS)
    triangles.look(NOW_NS + MS)

    (signal,) = heard.signals
    assert signal["symbol"] == "BTC>USD>USDT>BTC"
    assert (signal["action"], signal["net_bps"]) == ("CYCLE_KRAKEN", "100.0000")
    assert signal["flags"] == ["triangular"]
    heard.tick("kraken", 101.5, 102.0, symbol="BTC/USD")
    triangles.look(NOW_NS)
    assert len(heard.signals) == 2


@pytest.mark.parametrize(("fee", "count"), [("33", 1), ("34", 0)])
def test_fee_of_every_step_counts(fee: str, count: int) -> None:
    heard, triangles = around(fee)
    triangles.look(NOW_NS)

    assert len(heard.signals) == count


def test_stale_step_breaks_the_cycle() -> None:
    heard, triangles = around(max_age_ms=1_000)
    triangles.look(NOW_NS + 1_001 * MS)

    assert heard.signals == []


def test_cycles_are_of_one_exchange_and_only_when_asked_for() -> None:
    heard, triangles = around(finds_triangles=False)
    triangles.look(NOW_NS)
    other, across = around()
    other.tick("kraken", 99.0, 102.0, symbol="BTC/USD")
    other.tick("okx", 101.0, 102.0, symbol="BTC/USD")
    across.look(NOW_NS)

    assert heard.signals == other.signals == []
