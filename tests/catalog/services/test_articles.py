"""Articles of feeds: joined by identifier only, idempotent, and never over what others wrote."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importers.articles import Article, ArticleIdentifier
from catalog.importers.articles_cleaning import clean_article
from catalog.models import Product, ProductIdentifier
from catalog.services import import_articles
from common.models import AuditEvent
from tests.catalog.factories import IdentifierFactory, SealedProductFactory, SingleFactory

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def make_article(*ids: str, **facts: object) -> Article:
    """Make an article; an id is `source:external id`, with `:finish` if it is of one finish only."""
    identifiers = tuple(ArticleIdentifier(*text.split(":")) for text in ids)
    values: dict[str, object] = {
        "name": "Pyrolisk", "product_type": "single", "category": "pokemon", "set_name": "Ember Dawn",
        "set_code": "EMD", "number": "17", **facts,
    }  # fmt: skip
    return Article(identifiers=identifiers, **values)  # type: ignore[arg-type]


def bring(*articles: Article, source: str = "tcgdex", may_create: bool = True, now: datetime = NOW):
    return import_articles(articles, source=source, now=now, may_create=may_create)


def identifiers(product: Product) -> set[str]:
    return {
        ":".join(filter(None, row))
        for row in product.identifiers.values_list("source", "external_id", "finish")
    }


def everything() -> list[tuple[object, ...]]:
    return [
        *Product.objects.order_by("id").values_list(),
        *ProductIdentifier.objects.order_by("id").values_list(),
    ]


@pytest.mark.django_db
class TestCreating:
    def test_a_complete_article_becomes_a_product_with_all_its_identifiers(self):
        report = bring(
            make_article(
                "tcgdex:emd-17", "tcgplayer:9001", rarity="Rare", finishes=("nonfoil", "reverse"),
                released_on=date(2026, 3, 1), image_url="https://assets.example/emd/17.webp",
            )
        )  # fmt: skip

        product = Product.objects.get()
        assert (report.created, report.matched, report.identifiers_added) == (1, 0, 2)
        assert (product.name, product.set_code, product.number) == ("Pyrolisk", "EMD", "17")
        assert (product.category, product.product_type, product.rarity) == ("pokemon", "single", "Rare")
        assert product.finishes == ["nonfoil", "reverse"]
        assert product.released_on == date(2026, 3, 1)
        assert product.tcg_product_id == "9001"
        assert product.key > 0
        assert product.created_at == NOW
        assert not product.is_demo
        assert identifiers(product) == {"tcgdex:emd-17", "tcgplayer:9001"}

    def test_a_second_import_changes_nothing(self):
        articles = [
            make_article("tcgdex:emd-17", "tcgplayer:9001", "mcm:5:reverse", rarity="Rare"),
            make_article("tcgdex:emd-18", number="18", finishes=("foil",)),
            make_article("tcgplayer:77", product_type="sealed", name="Ember Dawn Booster Box", number=""),
        ]
        bring(*articles)
        before, events = everything(), AuditEvent.objects.count()

        report = bring(*articles, now=LATER)

        assert (report.created, report.matched, report.filled, report.identifiers_added) == (0, 3, 0, 0)
        assert report.conflict_count == 0
        assert not report.has_changed
        assert everything() == before
        assert AuditEvent.objects.count() == events

    def test_an_import_is_audited_once_with_its_counts(self):
        bring(make_article("tcgdex:emd-17"))

        event = AuditEvent.objects.get(verb="catalog.articles_imported")
        assert event.subject == "source:tcgdex"
        assert event.data["created"] == 1

    def test_the_same_name_in_two_feeds_stays_two_products(self):
        bring(make_article("tcgdex:emd-17"))

        report = bring(make_article("tcgplayer:9001"), source="tcgplayer")

        assert report.created == 1
        assert Product.objects.count() == 2

    @pytest.mark.parametrize(
        ("facts", "may_create"),
        [({"is_complete": False}, True), ({}, False), ({"category": "mtg"}, True)],
        ids=["too little is known", "not allowed", "Magic comes from MTGJSON"],
    )
    def test_an_article_that_may_not_be_created_is_handed_back(self, facts, may_create):
        article = make_article("tcgdex:emd-17", **facts)

        report = bring(article, may_create=may_create)

        assert report.unmatched == [article]
        assert not Product.objects.exists()
        assert not report.has_changed

    def test_two_new_articles_that_share_an_id_by_finish_are_two_products(self):
        report = bring(
            make_article("tcgdex:a", "tcgplayer:5:nonfoil"), make_article("tcgdex:b", "tcgplayer:5:foil")
        )

        assert (report.created, report.conflict_count) == (2, 0)
        assert sorted(filter(None, Product.objects.values_list("tcg_product_id", flat=True))) == ["5"]


@pytest.mark.django_db
class TestMatching:
    def test_any_known_identifier_finds_the_product_which_gains_the_others(self):
        product = SingleFactory()
        IdentifierFactory(product=product, source="mcm", external_id="42")

        report = bring(make_article("scryfall:ab-1", "mcm:42", category="mtg"), source="scryfall")

        assert (report.matched, report.identifiers_added, report.created) == (1, 1, 0)
        assert identifiers(product) == {"mcm:42", "scryfall:ab-1"}

    @pytest.mark.parametrize(
        ("column", "source"),
        [("tcg_product_id", "tcgplayer"), ("ebay_product_id", "ebay"), ("amazon_asin", "amazon")],
    )
    def test_the_ids_in_columns_count_and_become_identifiers(self, column, source):
        product = SingleFactory(category="pokemon", **{column: "X1"})

        report = bring(make_article(f"{source}:X1"))

        assert report.matched == 1
        assert identifiers(product) == {f"{source}:X1"}

    def test_an_id_of_one_finish_does_not_find_the_owner_of_another(self):
        IdentifierFactory(source="tcgplayer", external_id="5", finish="foil", product__category="pokemon")

        report = bring(make_article("tcgplayer:5:nonfoil"))

        assert (report.matched, report.created) == (0, 1)

    def test_blanks_are_filled_and_nothing_is_overwritten(self):
        product = SingleFactory(
            category="pokemon", name="Staff's name", rarity="Secret", number="", finishes=[], set_name="Ours"
        )
        IdentifierFactory(product=product, source="tcgdex", external_id="emd-17")

        report = bring(
            make_article(
                "tcgdex:emd-17", "tcgplayer:9", rarity="Common", finishes=("foil",),
                released_on=date(2026, 3, 1), image_url="https://assets.example/17.webp",
            ),
            now=LATER,
        )  # fmt: skip

        product.refresh_from_db()
        assert report.filled == 1
        assert (product.name, product.rarity, product.set_name) == ("Staff's name", "Secret", "Ours")
        assert (product.number, product.finishes) == ("17", ["foil"])
        assert product.released_on == date(2026, 3, 1)
        assert product.image_url == "https://assets.example/17.webp"
        assert product.tcg_product_id == "9"
        assert product.updated_at == LATER

    def test_a_magic_product_gains_its_picture_only(self):
        product = SingleFactory(rarity="", number="")
        IdentifierFactory(product=product, source="scryfall", external_id="s1")

        bring(
            make_article(
                "scryfall:s1",
                "tcgplayer:8",
                category="mtg",
                rarity="rare",
                image_url="https://x.example/1.jpg",
            )
        )

        product.refresh_from_db()
        assert (product.image_url, product.rarity, product.number) == ("https://x.example/1.jpg", "", "")
        assert product.tcg_product_id is None


@pytest.mark.django_db
class TestConflicts:
    def test_identifiers_of_two_products_are_a_conflict_and_nothing_is_written(self):
        IdentifierFactory(source="tcgdex", external_id="emd-17", product__category="pokemon")
        IdentifierFactory(source="tcgplayer", external_id="9", product__category="pokemon")
        before = everything()

        report = bring(make_article("tcgdex:emd-17", "tcgplayer:9", "mcm:3", rarity="Rare"))

        assert [row.reason for row in report.conflicts] == ["two_products"]
        assert (report.matched, report.conflict_count) == (0, 1)
        assert everything() == before

    def test_a_shared_id_is_settled_by_the_articles_own(self):
        plain = SingleFactory()
        IdentifierFactory(product=plain, source="tcgplayer", external_id="9", finish="nonfoil")
        IdentifierFactory(source="tcgplayer", external_id="9", finish="foil")
        IdentifierFactory(product=plain, source="scryfall", external_id="s1")

        settled = bring(make_article("scryfall:s1", "tcgplayer:9", "mcm:4", category="mtg"))
        unsettled = bring(make_article("tcgplayer:9", "mcm:6", category="mtg"))

        assert (settled.matched, settled.conflict_count) == (1, 0)
        assert "mcm:4" in identifiers(plain)
        assert [row.reason for row in unsettled.conflicts] == ["shared_id"]
        assert not ProductIdentifier.objects.filter(external_id="6").exists()

    def test_two_articles_of_one_feed_are_never_one_product(self):
        """Feeds have printed the same foreign id at two different cards."""
        articles = [
            make_article("tcgdex:ecard3-12", "mcm:275236", number="12"),
            make_article("tcgdex:ecard3-H11", "mcm:275236", number="H11"),
        ]

        first, second = bring(*articles), bring(*articles)

        assert (first.created, [row.reason for row in first.conflicts]) == (1, ["taken"])
        assert [row.reason for row in second.conflicts] == ["taken"]
        assert identifiers(Product.objects.get()) == {"tcgdex:ecard3-12", "mcm:275236"}

    def test_another_id_of_a_source_is_reported_and_only_that_one_is_left_out(self):
        product = SingleFactory(category="pokemon")
        IdentifierFactory(product=product, source="tcgdex", external_id="emd-17")
        IdentifierFactory(product=product, source="mcm", external_id="1")

        report = bring(make_article("tcgdex:emd-17", "mcm:2", "tcgplayer:3"))

        assert [(row.source, row.external_id, row.reason) for row in report.conflicts] == [
            ("mcm", "2", "different_id")
        ]
        assert identifiers(product) == {"tcgdex:emd-17", "mcm:1", "tcgplayer:3"}

    @pytest.mark.parametrize("facts", [{"category": "yugioh"}, {"product_type": "sealed"}])
    def test_a_product_of_another_kind_is_a_conflict(self, facts):
        IdentifierFactory(source="tcgplayer", external_id="9", product__category="pokemon")

        report = bring(make_article("tcgplayer:9", "mcm:1", **facts))

        assert [row.reason for row in report.conflicts] == ["other_kind"]
        assert not ProductIdentifier.objects.filter(source="mcm").exists()

    def test_a_sealed_product_is_matched_too(self):
        box = SealedProductFactory(category="yugioh")
        IdentifierFactory(product=box, source="tcgplayer", external_id="9")

        report = bring(make_article("tcgplayer:9", product_type="sealed", category="yugioh", number=""))

        assert report.matched == 1


@pytest.mark.django_db
class TestBadRows:
    @pytest.mark.parametrize(
        ("article", "reason"),
        [
            (make_article("tcgdex:1", name="  \x00 "), "no_name"),
            (make_article("tcgdex: "), "no_identifier"),
            (make_article("tcgdex:" + "9" * 101), "no_identifier"),
            (make_article("tcgdex:1\x00"), "no_identifier"),
            (make_article("tcgdex:1:shiny"), "no_identifier"),
            (make_article(), "no_identifier"),
            (make_article("tcgdex:1", category="chess"), "unknown_category"),
            (make_article("tcgdex:1", product_type="token"), "unknown_product_type"),
        ],
    )
    def test_an_unusable_article_is_counted_and_stops_nothing(self, article, reason):
        report = bring(article, make_article("tcgdex:good"))

        assert report.skipped == {reason: 1}
        assert report.created == 1

    def test_a_large_feed_is_looked_at_in_batches_that_know_of_each_other(self, monkeypatch):
        monkeypatch.setattr("catalog.services.articles.BATCH", 2)
        articles = [
            make_article("tcgdex:1"), make_article("tcgdex:2", "mcm:5"), make_article("tcgdex:3", "mcm:5"),
            make_article("tcgdex:1"), make_article("tcgdex:4"),
        ]  # fmt: skip

        first, second = bring(*articles), bring(*articles)

        assert (first.created, first.conflict_count, first.skipped) == (3, 1, {"repeated": 1})
        assert (second.created, second.matched, second.has_changed) == (0, 3, False)

    def test_a_feed_that_breaks_halfway_leaves_nothing(self, monkeypatch):
        monkeypatch.setattr("catalog.services.articles.BATCH", 1)

        def broken() -> Iterator[Article]:
            yield make_article("tcgdex:1")
            yield make_article("tcgdex:2")
            raise ConnectionError

        with pytest.raises(ConnectionError):
            import_articles(broken(), source="tcgdex", now=NOW)

        assert not Product.objects.exists()

    def test_a_repeated_article_is_counted(self):
        report = bring(make_article("tcgdex:1"), make_article("tcgdex:1", name="Again"))

        assert report.skipped == {"repeated": 1}
        assert Product.objects.get().name == "Pyrolisk"

    def test_text_is_cut_to_its_column_and_addresses_are_not(self):
        bring(
            make_article(
                "tcgdex:1", name="N" * 400, rarity="Quarter Century Secret Rare", set_code="S" * 30,
                image_url="https://x.example/" + "a" * 600, released_on=date(1, 1, 1),
            )
        )  # fmt: skip

        product = Product.objects.get()
        assert (len(product.name), product.rarity, len(product.set_code)) == (255, "Quarter Century Secr", 16)
        assert (product.image_url, product.released_on) == ("", None)

    def test_no_articles_at_all_is_no_import(self):
        report = bring()

        assert not report.has_changed
        assert report.as_data()["created"] == 0


class TestCleaning:
    any_text = st.text(max_size=300)

    @settings(max_examples=100)
    @given(any_text, any_text, any_text, st.lists(st.tuples(any_text, any_text, any_text), max_size=3))
    def test_whatever_a_feed_states_is_storable_or_refused(self, name, number, image_url, ids):
        article = make_article(
            name=name, number=number, image_url=image_url, rarity=name, language=number, finishes=(name,)
        )
        article = msgspec.structs.replace(
            article, identifiers=tuple(ArticleIdentifier(*parts) for parts in ids)
        )

        cleaned = clean_article(article)

        if isinstance(cleaned, str):
            return
        assert 0 < len(cleaned.name) <= 255
        assert len(cleaned.number) <= 20
        assert len(cleaned.language) <= 30
        for text in (cleaned.name, cleaned.number, *(row.external_id for row in cleaned.identifiers)):
            assert "\x00" not in text
            text.encode()
        assert clean_article(cleaned) == cleaned
