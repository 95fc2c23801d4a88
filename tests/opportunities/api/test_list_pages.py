"""The list written by PostgreSQL: the same as the serializer's, by number and by cursor, and cached right."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from common.clock import utc_now
from opportunities.api.serializers import ITEM_FIELDS, OpportunitySerializer
from opportunities.models import Opportunity, Watch
from opportunities.selectors import opportunity_list
from opportunities.selectors.item_json import EXPRESSIONS
from opportunities.selectors.keyset import CursorInvalid, decode_cursor, encode_cursor
from opportunities.services.revisions import write_quotes
from tests.opportunities.factories import analyze, found, make_deck
from users.models import User

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/opportunities/"


def copies_of(row: Opportunity, number: int, **changes: object) -> list[Opportunity]:
    """Make more opportunities of the same product."""
    made = []
    for position in range(number):
        copy = Opportunity.objects.get(pk=row.pk)
        copy.pk, copy.fingerprint = None, f"copy-{position}-{len(changes)}"
        copy = Opportunity(
            **{
                field.attname: getattr(copy, field.attname)
                for field in Opportunity._meta.fields
                if field.attname != "id"
            }
        )
        for name, value in changes.items():
            setattr(copy, name, value)
        copy.save(force_insert=True)
        made.append(copy)
    write_quotes(made, now=utc_now())
    return made


@pytest.fixture
def row() -> Opportunity:
    now = utc_now()
    deck = make_deck(at=now, seller_count=4)
    analyze(deck.sealed, now=now)
    return found(deck)


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()["results"]]


class TestText:
    def test_every_field_has_an_expression(self):
        assert set(EXPRESSIONS) == set(ITEM_FIELDS)

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"probability_of_profit": None, "expires_at": None, "seller_count": None},
            {"flags": [], "needs_review": False},
            {"flags": ["single_seller", 'quo"te', "ünïcode\\"]},
            {"net_profit": Decimal("-0.01"), "margin_percentage": Decimal("99999999.99")},
            {"rank_score": Decimal(0), "confidence_score": Decimal(1), "coverage": Decimal("0.9501")},
            {"created_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)},
            {"created_at": datetime(2026, 1, 2, 3, 4, 5, 120, tzinfo=UTC)},
            {"updated_at": datetime(1999, 12, 31, 23, 59, 59, 999_990, tzinfo=UTC)},
        ],
        ids=["plain", "nulls", "no-flags", "texts", "negative", "whole", "second", "micro", "old"],
    )
    def test_it_says_what_the_serializer_says(
        self, api: APIClient, row: Opportunity, changes: dict[str, Any]
    ):
        Opportunity.objects.filter(pk=row.pk).update(**changes)
        names = {"name": 'A "box"\\ é\n☃', "set_name": "", "image_url": "https://example.org/a?b=1&c=<d>"}
        type(row.sealed_product).objects.filter(pk=row.sealed_product_id).update(**names)

        (item,) = api.get(ROOT).json()["results"]

        expected = OpportunitySerializer(opportunity_list(now=utc_now()).get()).data
        assert item == json.loads(JSONRenderer().render(expected))
        assert list(item) == list(ITEM_FIELDS)

    def test_only_the_fields_asked_for_are_written(self, api: APIClient, row: Opportunity):
        (item,) = api.get(ROOT, {"fields": "net_profit,id , sealed_product"}).json()["results"]

        assert list(item) == ["id", "sealed_product", "net_profit"]

    @pytest.mark.parametrize("fields", ["inputs", "id,,net_profit", "", "id; DROP TABLE users"])
    def test_unknown_fields_are_refused(self, api: APIClient, fields: str):
        assert api.get(ROOT, {"fields": fields}).status_code == 400

    def test_one_statement_reads_a_page_and_counts(self, api, row, django_assert_num_queries):
        copies_of(row, 5)

        with django_assert_num_queries(1):
            assert len(ids(api.get(ROOT))) == 6
        with django_assert_num_queries(1):
            assert len(ids(api.get(ROOT, {"pagination": "cursor"}))) == 6


class TestPages:
    def test_numbered_pages_link_to_each_other(self, api: APIClient, row: Opportunity):
        copies_of(row, 4)

        first = api.get(ROOT, {"page_size": "2"}).json()
        second = api.get(first["next"]).json()
        third = api.get(second["next"]).json()

        assert [len(page["results"]) for page in (first, second, third)] == [2, 2, 1]
        assert (first["previous"], third["next"], first["count"]) == (None, None, 5)
        again = api.get(second["previous"]).json()
        assert (again["results"], again["previous"], again["count"]) == (first["results"], None, 5)
        assert api.get(third["previous"]).json() == second

    def test_a_page_behind_the_last_is_a_404(self, api: APIClient, row: Opportunity):
        assert api.get(ROOT, {"page": 2}).status_code == 404
        assert api.get(ROOT, {"page": 999_999_999}).status_code == 404

    @pytest.mark.parametrize(
        "ordering", ["", "-net_profit", "margin_percentage,-updated_at", "expires_at", "-expires_at"]
    )
    def test_cursors_walk_every_row_once_and_back(self, api: APIClient, row: Opportunity, ordering: str):
        soon = utc_now() + timedelta(hours=3)
        copies_of(row, 3)
        copies_of(row, 2, net_profit=Decimal("20.00"), rank_score=Decimal("0.5"))
        copies_of(row, 2, expires_at=None, margin_percentage=Decimal("7.77"), policy="x")
        copies_of(row, 2, expires_at=soon, policy="y", kind="sealed_to_singles", lines_counted=1)
        query: dict[str, str] = {"ordering": ordering} if ordering else {}
        expected = ids(api.get(ROOT, {**query, "page_size": "200"}))

        page = api.get(ROOT, {**query, "page_size": "3", "pagination": "cursor"}).json()
        pages = [page]
        while page["next"]:
            page = api.get(page["next"]).json()
            pages.append(page)
        back = [page]
        while page["previous"]:
            page = api.get(page["previous"]).json()
            back.append(page)

        assert [item["id"] for page in pages for item in page["results"]] == expected
        assert [page["results"] for page in reversed(back)] == [page["results"] for page in pages]
        assert set(pages[0]) == {"next", "previous", "results"}

    def test_a_row_that_comes_between_moves_no_page(self, api: APIClient, row: Opportunity):
        copies_of(row, 3)
        first = api.get(ROOT, {"page_size": "2", "pagination": "cursor"}).json()
        rest = ids(api.get(first["next"]))
        copies_of(row, 1, rank_score=Decimal("0.9"), policy="new")

        assert ids(api.get(first["next"])) == rest

    @pytest.mark.parametrize(
        "query",
        [
            {"cursor": "x"},
            {"cursor": "AAAA" * 300},
            {"cursor": "W10"},
            {"cursor": "é"},
            {"pagination": "offset"},
            {"pagination": "cursor", "page": "1"},
            {"pagination": "page", "cursor": "x"},
        ],
    )
    def test_what_is_no_cursor_is_refused(self, api: APIClient, row: Opportunity, query: dict[str, str]):
        assert api.get(ROOT, query).status_code == 400

    def test_a_cursor_belongs_to_its_order(self, api: APIClient, row: Opportunity):
        copies_of(row, 3)
        cursor = (
            api.get(ROOT, {"page_size": "2", "pagination": "cursor"}).json()["next"].partition("cursor=")[2]
        )

        answer = api.get(f"{ROOT}?ordering=net_profit&cursor={cursor.partition('&')[0]}")

        assert answer.status_code == 400

    @pytest.mark.parametrize(
        "values", [["1", "x"], ["NaN", "x"], [None, "x"], [1, "x"], ["1e400", "x"], ["1", "nope"], ["1"]]
    )
    def test_values_that_no_row_has_are_refused(self, values):
        order = ("-rank_score", "id")
        text = encode_cursor(order, values, is_backward=False)

        with pytest.raises(CursorInvalid):
            decode_cursor(text, order)


class TestCaching:
    def test_the_same_list_is_not_sent_twice(self, api: APIClient, row: Opportunity):
        first = api.get(ROOT)

        again = api.get(ROOT, headers={"If-None-Match": first["ETag"]})

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])

    def test_any_change_is_sent(self, api: APIClient, row: Opportunity):
        etag = api.get(ROOT)["ETag"]
        type(row.sealed_product).objects.filter(pk=row.sealed_product_id).update(name="Renamed")

        again = api.get(ROOT, headers={"If-None-Match": etag})

        assert again.status_code == 200
        assert again.json()["results"][0]["sealed_product"]["name"] == "Renamed"

    def test_a_new_number_of_rows_is_sent_though_the_page_is_the_same(self, api: APIClient, row: Opportunity):
        copies_of(row, 1)
        first = api.get(ROOT, {"page_size": "1"})
        copies_of(row, 1, rank_score=Decimal(0), policy="z")

        again = api.get(ROOT, {"page_size": "1"}, headers={"If-None-Match": first["ETag"]})

        assert (again.status_code, again.json()["count"]) == (200, 3)
        assert again.json()["results"] == first.json()["results"]

    @pytest.mark.parametrize("tag", ['"l-0000000000000000.' + "0" * 32 + '"', "nonsense", '"' * 500, "*x"])
    def test_other_tags_get_the_list(self, api: APIClient, row: Opportunity, tag: str):
        assert len(ids(api.get(ROOT, headers={"If-None-Match": tag}))) == 1

    def test_a_kept_plan_still_sees_time_pass(self, api: APIClient, row: Opportunity):
        assert len(ids(api.get(ROOT))) == 1
        Opportunity.objects.update(expires_at=utc_now() - timedelta(seconds=1))

        assert ids(api.get(ROOT)) == []


class TestNewFilters:
    def test_age_and_ids(self, api: APIClient, row: Opportunity):
        before, after = (row.oldest_price_at + timedelta(minutes=step) for step in (-1, 1))
        other = copies_of(row, 1)[0]

        assert len(ids(api.get(ROOT, {"oldest_price_after": before.isoformat()}))) == 2
        assert ids(api.get(ROOT, {"oldest_price_after": after.isoformat()})) == []
        assert ids(api.get(ROOT, {"created_after": (utc_now() + timedelta(hours=1)).isoformat()})) == []
        assert len(ids(api.get(ROOT, {"updated_after": "2020-01-01T00:00:00Z"}))) == 2
        assert ids(api.get(ROOT, {"ids": str(other.pk)})) == [str(other.pk)]

    @pytest.mark.parametrize("value", ["x", "", ",".join(["01a1fcab-0000-7000-8000-000000000000"] * 201)])
    def test_bad_ids(self, api: APIClient, row: Opportunity, value: str):
        answer = api.get(ROOT, {"ids": value})

        assert answer.status_code == (200 if value == "" else 400)

    def test_watched_is_the_callers(self, api: APIClient, alice: User, bob: User, row: Opportunity, settings):
        Watch.objects.create(user=bob, product=row.sealed_product, created_at=utc_now())
        assert ids(api.get(ROOT, {"watched": "true"})) == []
        assert len(ids(api.get(ROOT, {"watched": "false"}))) == 1
        Watch.objects.create(user=alice, product=row.sealed_product, created_at=utc_now())
        assert len(ids(api.get(ROOT, {"watched": "true"}))) == 1

        settings.API_PUBLIC_READ = True
        assert APIClient().get(ROOT, {"watched": "true"}).status_code == 401


class TestExport:
    def test_it_is_exactly_the_view(self, api: APIClient, row: Opportunity):
        copies_of(row, 3)
        copies_of(row, 1, net_profit=Decimal("-1.00"), policy="loss")
        query = {"ordering": "net_profit", "profit_max": "16"}

        answer = api.get(f"{ROOT}export/", query)

        text = answer.getvalue().decode()
        header, *lines = [line.split(",") for line in text.splitlines()]
        assert header[:3] == ["id", "status", "product"]
        assert [line[0] for line in lines] == ids(api.get(ROOT, query))
        assert lines[0][header.index("net_profit")] == "-1.00"
        assert answer["Content-Type"].startswith("text/csv")
        assert "attachment" in answer["Content-Disposition"]

    @pytest.mark.parametrize("name", ["=1+1", "+A", "-B", "@C", "\tD"])
    def test_names_are_no_formulas(self, api: APIClient, row: Opportunity, name: str):
        type(row.sealed_product).objects.filter(pk=row.sealed_product_id).update(name=name)

        answer = api.get(f"{ROOT}export/", headers={"Accept": "text/csv"})

        assert f",'{name}," in answer.getvalue().decode()

    @pytest.mark.parametrize("query", [{"page": "1"}, {"margin_min": "x"}, {"colour": "red"}])
    def test_what_the_list_refuses_it_refuses(self, api: APIClient, query: dict[str, str]):
        assert api.get(f"{ROOT}export/", query).status_code == 400
