"""Scryfall's files: the hand-written sample to the right records, damaged ones to none or to the same."""

import gzip
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importers.articles import Article, ArticleIdentifier
from pricing.observations import Observation
from scrapers.errors import UnreadableAnswer
from scrapers.venues.scryfall import SOURCES, parse_articles, parse_index, parse_prices

SAMPLES = Path(__file__).parents[2] / "samples" / "scryfall"
LINES = (SAMPLES / "default_cards.jsonl").read_bytes()
FIRST, SECOND = (f"11111111-0000-4000-8000-00000000000{n}" for n in (1, 2))
TOKEN, FOIL = (f"11111111-0000-4000-8000-00000000000{n}" for n in (3, 5))


def usd(card: str, price: str, finish: str) -> Observation:
    return Observation(Decimal(price), "market", "USD", card, None, finish)


def eur(card: str, price: str, finish: str) -> Observation:
    return Observation(Decimal(price), "trend", "EUR", card, None, finish)


TCGPLAYER = [
    usd(FIRST, "1.29", "nonfoil"),
    usd(FIRST, "4.05", "foil"),
    usd(SECOND, "12.00", "nonfoil"),
    usd(SECOND, "25.5", "etched"),
    usd(TOKEN, "0.10", "nonfoil"),
]
CARDMARKET = [eur(FIRST, "0.95", "nonfoil"), eur(FIRST, "3.10", "foil")]
OBSERVED = datetime(2026, 11, 20, 22, 7, 45, 118_000, tzinfo=UTC)


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """The sample as Scryfall serves it."""
    return write(tmp_path, gzip.compress(LINES))


def write(folder: Path, content: bytes) -> Path:
    path = folder / "default-cards"
    path.write_bytes(content)
    return path


class TestIndex:
    def test_the_entry_of_the_default_cards_is_found(self):
        file = parse_index((SAMPLES / "bulk_data.json").read_bytes())

        assert file.uri.endswith("/default-cards/default-cards-20261120220745.jsonl.gz")
        assert file.updated_at == OBSERVED

    def test_the_older_address_of_an_array_is_taken_where_it_is_all_there_is(self):
        body = b'{"data":[{"type":"default_cards","updated_at":"2026-01-01T00:00:00Z","download_uri":"u"}]}'

        assert parse_index(body).uri == "u"

    @pytest.mark.parametrize(
        "body",
        [
            b"", b"[]", b"null", b'{"data":[]}', b'{"object":"error","status":404}', b"\xff\xfe",
            b'{"data":[{"type":"default_cards","updated_at":"2026-01-01T00:00:00Z"}]}',
            b'{"data":[{"type":"default_cards","download_uri":"u"}]}',
            b'{"data":[{"type":"default_cards","download_uri":"u","updated_at":"2026-01-01T00:00:00"}]}',
        ],
    )  # fmt: skip
    def test_a_list_without_a_usable_entry_is_unreadable(self, body):
        with pytest.raises(UnreadableAnswer):
            parse_index(body)


class TestPrices:
    def test_the_sample_gives_these_prices_of_tcgplayer(self, cards):
        parsed = parse_prices(cards, source="scryfall_tcgplayer", observed_at=OBSERVED)

        assert list(parsed.observations) == TCGPLAYER
        assert (parsed.source, parsed.recorded_at, parsed.rows_read) == ("scryfall_tcgplayer", OBSERVED, 5)
        assert parsed.skipped == {"no_price": 1, "unreadable_row": 1}
        assert [problem.row for problem in parsed.problems] == [5]

    def test_the_sample_gives_these_prices_of_cardmarket(self, cards):
        parsed = parse_prices(cards, source="scryfall_cardmarket")

        assert list(parsed.observations) == CARDMARKET
        assert parsed.skipped == {"no_price": 4}

    @pytest.mark.parametrize("wrap", [lambda rows: b"[\n" + b",\n".join(rows) + b"\n]\n",
                                      lambda rows: b"[" + b",".join(rows) + b"]"])  # fmt: skip
    def test_an_array_reads_the_same_as_lines(self, wrap, tmp_path):
        rows = [line for line in LINES.splitlines() if line]

        parsed = parse_prices(write(tmp_path, wrap(rows)), source="scryfall_tcgplayer")

        assert list(parsed.observations) == TCGPLAYER

    @pytest.mark.parametrize("price", ['"0.00"', '"-3.10"', '"NaN"', '"Infinity"', '"1e99"', "0", "null"])
    def test_what_is_no_amount_is_no_price(self, price, tmp_path):
        card = f'{{"id":"x","prices":{{"usd":{price},"usd_foil":"1.00"}}}}'

        parsed = parse_prices(write(tmp_path, card.encode()), source="scryfall_tcgplayer")

        assert [seen.price for seen in parsed.observations] == [Decimal("1.00")]
        assert parsed.skipped["no_price"] == 1

    @pytest.mark.parametrize(
        "content",
        [
            b"", b"\n\n", b"[]", b"[\n]", b"null", b"<html><body>Just a moment</body></html>",
            b'{"object":"error","code":"not_found","status":404}', b"[[[[", gzip.compress(LINES)[:-20],
            b"\x1f\x8b" + b"\x00" * 40,
        ],
    )  # fmt: skip
    def test_another_file_is_unreadable_and_never_empty(self, content, tmp_path):
        path = write(tmp_path, content)

        for source in SOURCES:
            with pytest.raises(UnreadableAnswer):
                list(parse_prices(path, source=source).observations)
        with pytest.raises(UnreadableAnswer):
            list(parse_articles(path, Counter()))


class TestArticles:
    def test_the_sample_gives_these_printings(self, cards):
        counts: Counter[str] = Counter()

        found = list(parse_articles(cards, counts))

        assert found[:2] == [
            Article(
                identifiers=(
                    ArticleIdentifier("scryfall", FIRST),
                    ArticleIdentifier("tcgplayer", "77001"),
                    ArticleIdentifier("mcm", "88001"),
                ),
                name="Tidewarden of Ys", product_type="single", category="mtg", set_name="Ys Drowned",
                set_code="YDR", number="42", rarity="rare", finishes=("nonfoil", "foil"),
                released_on=date(2026, 2, 6), is_complete=False,
            ),
            Article(
                identifiers=(
                    ArticleIdentifier("scryfall", SECOND),
                    ArticleIdentifier("tcgplayer", "77002"),
                    ArticleIdentifier("tcgplayer", "77003", "etched"),
                ),
                name="Bell of the Deep // Sunken Bell", product_type="single", category="mtg",
                set_name="Ys Drowned", set_code="YDR", number="301★", rarity="mythic",
                finishes=("nonfoil", "etched"), released_on=date(2026, 2, 6), is_complete=False,
            ),
        ]  # fmt: skip
        assert counts == {"rows": 5, "layout: token": 1, "digital": 1}
        assert len(found) == 3


class TestDamage:
    """Whatever happens to a file, a price that comes out is one that went in, of the same card."""

    true_prices = {(seen.external_id, seen.finish, seen.price) for seen in TCGPLAYER}

    @given(st.integers(0, len(LINES)))
    def test_a_cut_file_gives_no_other_prices(self, tmp_path_factory, end):
        assert self.read(LINES[:end], tmp_path_factory) <= self.true_prices

    @given(
        st.integers(0, len(LINES) - 1),
        st.sampled_from([b"\x00", b"}", b"\n", b"\xff", b'"', b"[[[", b"null"]),
    )
    def test_bytes_overwritten_by_rubbish_give_no_other_prices(self, tmp_path_factory, start, rubbish):
        damaged = LINES[:start] + rubbish + LINES[start + len(rubbish) :]

        found = self.read(damaged, tmp_path_factory)

        assert {row for row in found if row[0] in (FIRST, SECOND, TOKEN)} <= self.true_prices

    @given(st.binary(max_size=300))
    def test_any_bytes_are_refused_by_name(self, tmp_path_factory, content):
        assert self.read(content, tmp_path_factory) == set()

    def read(self, content: bytes, tmp_path_factory) -> set[tuple[str | None, str, Decimal]]:
        path = write(tmp_path_factory.getbasetemp(), content)
        try:
            observations = list(parse_prices(path, source="scryfall_tcgplayer").observations)
        except UnreadableAnswer:
            return set()
        return {(seen.external_id, seen.finish, seen.price) for seen in observations}
