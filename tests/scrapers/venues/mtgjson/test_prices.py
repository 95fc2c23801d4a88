"""MTGJSON's price file: the hand-written sample to the right prices, damaged ones to none but these."""

import lzma
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.observations import Observation
from scrapers.errors import UnreadableAnswer
from scrapers.venues.mtgjson import SOURCES, parse_prices

SAMPLE = (Path(__file__).parents[2] / "samples" / "mtgjson" / "AllPricesToday.json").read_bytes()
A, B = (f"00000000-0000-5000-8000-00000000000{letter}" for letter in "ab")


def seen(uuid: str, price: str, finish: str, kind: str = "retail", currency: str = "USD", day: int = 20):
    at = datetime(2026, 11, day, tzinfo=UTC)
    return Observation(Decimal(price), kind, currency, uuid, None, finish, recorded_at=at)


TCGPLAYER = [seen(A, "4.87", "nonfoil"), seen(B, "0.55", "foil")]
GOLDEN = {
    "mtgjson_tcgplayer": (TCGPLAYER, {"finish: gilded": 1, "unreadable_row": 1}),
    "mtgjson_cardmarket": (
        [seen(A, "4.1", "nonfoil", currency="EUR"), seen(A, "8", "etched", currency="EUR", day=19)],
        {"no_price": 1},
    ),
    "mtgjson_cardkingdom": (
        [seen(A, "5.49", "nonfoil"), seen(A, "11.99", "foil"), seen(A, "3.25", "nonfoil", "buylist")],
        {"no_price": 1, "no_currency": 1},
    ),
}


def write(folder: Path, content: bytes) -> Path:
    path = folder / "mtgjson-prices"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("pack", [bytes, lzma.compress], ids=["plain", "xz"])
def test_the_sample_gives_these_prices(source, pack, tmp_path):
    parsed = parse_prices(write(tmp_path, pack(SAMPLE)), source=source)

    assert (list(parsed.observations), dict(parsed.skipped)) == GOLDEN[source]
    assert parsed.rows_read == 4


def test_a_card_that_cannot_be_read_is_named(tmp_path):
    parsed = parse_prices(write(tmp_path, SAMPLE), source="mtgjson_tcgplayer")

    list(parsed.observations)

    assert [problem.row for problem in parsed.problems] == [4]


@pytest.mark.parametrize("card", ["null", "[]", "7", '{"paper":[]}', '{"paper":{"tcgplayer":[]}}',
                                  '{"paper":{"tcgplayer":{"currency":"USD","retail":{"normal":4}}}}',
                                  '{"paper":{"tcgplayer":{"currency":"USD","retail":{"normal":{"soon":4}}}}}',
                                  '{"paper":{"tcgplayer":{"currency":"USD","retail":{"normal":{"2026-11-20":true}}}}}'])  # fmt: skip  # noqa: E501
def test_a_card_of_another_shape_is_one_problem(card, tmp_path):
    content = f'{{"data":{{"{A}":{card},"{B}":{{"paper":{{}}}}}}}}'

    parsed = parse_prices(write(tmp_path, content.encode()), source="mtgjson_tcgplayer")

    assert list(parsed.observations) == []
    assert parsed.skipped == {"unreadable_row": 1}
    assert parsed.rows_read == 2


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]", b'{"data":{}}', b'{"data":[]}', b"<html></html>", SAMPLE[:-3], SAMPLE[:200],
        lzma.compress(SAMPLE)[:-9], b'{"data":{"a":' + b"[" * 100_000, b"\xfd7zXZ\x00rubbish",
        SAMPLE.replace(b"4.87", b"NaN"),
    ],
)  # fmt: skip
def test_another_file_is_unreadable_and_never_empty(content, tmp_path):
    with pytest.raises(UnreadableAnswer):
        list(parse_prices(write(tmp_path, content), source="mtgjson_tcgplayer").observations)


class TestDamage:
    truth = {(row.external_id, row.finish, row.price) for row in TCGPLAYER}

    @given(st.integers(0, len(SAMPLE)))
    def test_a_cut_file_gives_no_other_prices(self, tmp_path_factory, end):
        assert self.read(SAMPLE[:end], tmp_path_factory) <= self.truth

    @given(
        st.integers(0, len(SAMPLE) - 1), st.sampled_from([b"\x00", b"}", b"{", b"\xff", b'"', b",", b"null"])
    )
    def test_bytes_overwritten_by_rubbish_give_no_other_prices(self, tmp_path_factory, start, rubbish):
        found = self.read(SAMPLE[:start] + rubbish + SAMPLE[start + len(rubbish) :], tmp_path_factory)

        assert {row for row in found if row[0] in (A, B) and row[1] in ("nonfoil", "foil")} <= self.truth

    @given(st.binary(max_size=200))
    def test_any_bytes_are_refused_by_name(self, tmp_path_factory, content):
        assert self.read(content, tmp_path_factory) == set()

    def read(self, content: bytes, tmp_path_factory) -> set[tuple[str | None, str, Decimal]]:
        path = write(tmp_path_factory.getbasetemp(), content)
        found = set()
        try:
            for row in parse_prices(path, source="mtgjson_tcgplayer").observations:
                found.add((row.external_id, row.finish, row.price))
        except UnreadableAnswer:
            pass
        return found
