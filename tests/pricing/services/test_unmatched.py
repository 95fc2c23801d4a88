"""What the catalogue does not know is listed with how often it was seen, named, and decided by people."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.importers.articles import Article, ArticleIdentifier
from catalog.models import ProductIdentifier
from common.models import AuditEvent
from pricing.errors import MatchRefused
from pricing.models import UnmatchedArticle
from pricing.services import confirm_match, ignore_unmatched, name_unmatched, note_unmatched
from pricing.services.unmatched import settle_matched
from tests.pricing.factories import NOW, current, make_product, observe, record

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def noted(external_id: str = "77", name_space: str = "mcm") -> UnmatchedArticle:
    return UnmatchedArticle.objects.get(name_space=name_space, external_id=external_id)


def listed(external_id: str, name: str, **facts) -> Article:
    return Article((ArticleIdentifier("mcm", external_id),), name, "single", "mtg", **facts)


class TestNoting:
    def test_every_unknown_article_of_a_batch_is_listed_once_in_its_name_space(self):
        make_product(ids={"mcm": "1"})

        record(
            observe("1", "5"), observe("77", "5"), observe("77", "6", "avg"),
            observe("88", "5", name_space="tcgplayer"),
        )  # fmt: skip

        rows = UnmatchedArticle.objects.order_by("name_space")
        assert [(row.name_space, row.external_id, row.seen_count) for row in rows] == [
            ("mcm", "77", 1),
            ("tcgplayer", "88", 1),
        ]

    def test_each_batch_counts_once_and_moves_the_time(self):
        for moment in (NOW, LATER):
            record(observe("77", "5"), observe("77", "6", "low"), at=moment)

        row = noted()
        assert (row.seen_count, row.first_seen_at, row.last_seen_at) == (2, NOW, LATER)

    def test_articles_left_out_before_staging_are_listed_too(self):
        make_product(ids={"mcm": "1"})

        batch = record(*(observe(str(number), "5") for number in range(1, 2_502)))

        assert batch.skipped["unmatched_articles"] == 2_500
        assert UnmatchedArticle.objects.filter(status="open").count() == 2_500

    def test_products_named_by_their_own_key_are_no_outside_articles(self):
        record(observe("00000000-0000-0000-0000-000000000000", "5", name_space="id"))

        assert not UnmatchedArticle.objects.exists()

    def test_nothing_is_noted_of_a_batch_that_fails(self):
        with pytest.raises(Exception, match="Unknown price type"):
            record(observe("77", "5"), observe("78", "5", "guess"))

        assert not UnmatchedArticle.objects.exists()

    def test_ids_that_cannot_be_stored_are_left_out(self):
        assert note_unmatched("mcm", ["", "9" * 101, "a\x00b", "5"], now=NOW) == 1

    def test_an_ignored_article_stays_ignored_and_a_matched_one_is_open_again(self, bob):
        record(observe("77", "5"), observe("78", "5"))
        ignore_unmatched(article=noted("77"), actor=bob, now=NOW)
        confirm_match(article=noted("78"), product=make_product(), actor=bob, now=NOW)
        ProductIdentifier.objects.all().delete()

        record(observe("77", "5"), observe("78", "5"), at=LATER)

        assert (noted("77").status, noted("78").status) == ("ignored", "open")
        assert (noted("77").seen_count, noted("78").seen_count) == (2, 2)


class TestNaming:
    def test_a_product_list_names_what_was_noted_and_lists_what_was_not(self):
        record(observe("77", "5"))

        changed = name_unmatched(
            [
                listed("77", "Sol Ring", set_name="Kaldheim Commander", set_code="KHC", number="87"),
                listed("78", "Mana Vault"),
            ],
            now=LATER,
        )

        row = noted("77")
        assert changed == 2
        assert (row.name, row.set_name, row.set_code, row.number) == (
            "Sol Ring", "Kaldheim Commander", "KHC", "87",
        )  # fmt: skip
        assert (row.seen_count, noted("78").seen_count) == (1, 0)

    def test_naming_again_changes_nothing_and_a_new_name_asks_for_a_new_suggestion(self):
        name_unmatched([listed("77", "Sol Ring")], now=NOW)
        UnmatchedArticle.objects.update(suggested_at=NOW)

        assert name_unmatched([listed("77", "Sol Ring")], now=LATER) == 0
        assert noted().suggested_at == NOW
        assert name_unmatched([listed("77", "Sol Talisman")], now=LATER) == 1
        assert noted().suggested_at is None

    def test_matched_articles_are_not_listed(self):
        make_product(ids={"mcm": "77"})

        assert name_unmatched([listed("77", "Sol Ring")], now=NOW) == 0

    def test_long_and_nameless_entries_do_no_harm(self):
        articles = [listed("77", "x" * 400, set_name="y" * 400), listed("78", " "), listed("", "No id")]

        assert name_unmatched(articles, now=NOW) == 1
        assert len(noted().name) == 255

    def test_the_id_of_the_wanted_name_space_is_taken(self):
        article = Article(
            (ArticleIdentifier("mtgjson", "u"), ArticleIdentifier("mcm", "77")), "Sol Ring", "single", "mtg"
        )

        name_unmatched([article], now=NOW, name_space="mcm")

        assert noted("77").name == "Sol Ring"


class TestDeciding:
    def test_a_confirmed_match_is_an_identifier_and_the_next_prices_are_stored(self, bob):
        ring = make_product()
        record(observe("77", "5"))

        confirm_match(article=noted(), product=ring, actor=bob, now=LATER)

        record(observe("77", "6"), at=LATER)
        assert (noted().status, noted().decided_by, noted().decided_at) == ("matched", bob, LATER)
        assert current(ring) == 6
        event = AuditEvent.objects.get(verb="article.matched")
        assert (event.actor_id, event.data["product_id"]) == (bob.pk, str(ring.id))

    def test_confirming_twice_is_confirming_once(self, bob):
        ring = make_product()
        record(observe("77", "5"))

        for _ in range(2):
            confirm_match(article=noted(), product=ring, actor=bob, now=LATER)

        assert ProductIdentifier.objects.filter(external_id="77").count() == 1
        assert AuditEvent.objects.filter(verb="article.matched").count() == 1

    def test_an_id_of_another_product_is_refused_and_nothing_changes(self, bob):
        record(observe("77", "5"))
        make_product(ids={"mcm/foil": "77"})

        with pytest.raises(MatchRefused) as refused:
            confirm_match(article=noted(), product=make_product(), actor=bob, now=LATER)

        assert (refused.value.code, noted().status) == ("identifier_taken", "open")

    @pytest.mark.parametrize(("finish", "is_active"), [("shiny", True), ("", False)])
    def test_what_cannot_be_meant_is_refused(self, bob, finish: str, is_active: bool):
        record(observe("77", "5"))
        ring = make_product()
        ring.is_active = is_active

        with pytest.raises(MatchRefused):
            confirm_match(article=noted(), product=ring, actor=bob, now=LATER, finish=finish)

    def test_a_match_may_be_for_one_finish_only(self, bob):
        ring = make_product()
        record(observe("77", "5"))

        confirm_match(article=noted(), product=ring, actor=bob, now=LATER, finish="foil")

        record(observe("77", "6", finish="foil"), at=LATER)
        assert (current(ring), current(ring, finish="foil")) == (None, Decimal(6))

    def test_ignoring_is_audited_once_and_a_matched_article_cannot_be_ignored(self, bob):
        record(observe("77", "5"), observe("78", "5"))
        confirm_match(article=noted("78"), product=make_product(), actor=bob, now=NOW)

        assert ignore_unmatched(article=noted("77"), actor=bob, now=LATER)
        assert not ignore_unmatched(article=noted("77"), actor=bob, now=LATER)
        with pytest.raises(MatchRefused):
            ignore_unmatched(article=noted("78"), actor=bob, now=LATER)

        assert AuditEvent.objects.filter(verb="article.ignored").count() == 1

    def test_what_the_catalogue_learned_by_itself_is_settled(self):
        record(observe("77", "5"), observe("78", "5"))
        make_product(ids={"mcm": "77"})

        assert settle_matched(now=LATER) == 1
        assert (noted("77").status, noted("78").status) == ("matched", "open")
