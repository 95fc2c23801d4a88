from uuid import uuid4

import pytest
from django.db import connection
from rest_framework.test import APIClient

from catalog.models import Product
from common.models import AuditEvent
from tests.catalog.factories import (
    BoosterPackFactory,
    DeckFactory,
    IdentifierFactory,
    SealedProductFactory,
    SingleFactory,
)

pytestmark = pytest.mark.django_db
URL = "/api/v1/products/"
COLUMNS_OF_R002 = {
    "id", "name", "set_name", "product_type", "category", "tcg_product_id", "ebay_product_id", "amazon_asin",
    "description", "image_url", "is_active", "is_featured", "created_at", "updated_at",
}  # fmt: skip


@pytest.fixture
def api(alice):
    client = APIClient()
    client.force_authenticate(alice)
    return client


@pytest.fixture
def operator(bob):
    client = APIClient()
    client.force_authenticate(bob)
    return client


def names(response):
    assert response.status_code == 200, response.json()
    return [row["name"] for row in response.json()["results"]]


def test_article_has_every_column_of_the_requirement_and_its_outside_ids(api):
    bear = SingleFactory(name="Bear", number="7★", released_on="2024-02-09")
    IdentifierFactory(product=bear, source="mcm", external_id="12")

    row = api.get(f"{URL}{bear.id}/").json()

    assert set(row) >= COLUMNS_OF_R002
    assert (row["set_code"], row["number"], row["finishes"]) == ("TST", "7★", ["nonfoil", "foil"])
    assert (row["sealed_kind"], row["sealed_subtype"], row["is_demo"]) == ("", "", False)
    assert row["identifiers"] == [{"source": "mcm", "external_id": "12", "finish": ""}]
    assert (row["released_on"], row["tcg_product_id"]) == ("2024-02-09", None)
    assert row["created_at"].endswith("Z")


@pytest.mark.parametrize("slash", ["", "/"])
def test_paths_work_with_and_without_the_slash(slash, api):
    bear = SingleFactory()

    assert api.get(f"/api/v1/products{slash}").status_code == 200
    assert api.get(f"/api/v1/products/{bear.id}{slash}").status_code == 200
    assert api.get(f"/api/v1/products/{bear.id}/contents{slash}").status_code == 200


def test_list_is_an_envelope_ordered_by_name(api):
    for name in "CAB":
        SingleFactory(name=name)

    body = api.get(URL, {"page_size": 2}).json()

    assert (body["count"], body["previous"], [row["name"] for row in body["results"]]) == (
        3,
        None,
        ["A", "B"],
    )
    assert "page=2" in body["next"]


def test_number_of_queries_does_not_grow_with_the_page(api, django_assert_max_num_queries):
    for _ in range(12):
        IdentifierFactory()

    with django_assert_max_num_queries(3):
        assert len(api.get(URL).json()["results"]) == 12


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"product_type": "sealed"}, ["Box"]),
        ({"category": "pokemon"}, ["Pikachu"]),
        ({"set_code": "neo"}, ["Box"]),
        ({"sealed_kind": "bundle"}, ["Box"]),
        ({"is_featured": "true"}, ["Pikachu"]),
        ({"is_active": "false"}, ["Gone"]),
        ({"is_demo": "true"}, []),
        ({"ordering": "-name"}, ["Pikachu", "Box"]),
        ({}, ["Box", "Pikachu"]),
    ],
)
def test_filters_keep_what_they_say(query, expected, api):
    SealedProductFactory(name="Box", set_code="NEO", sealed_kind="bundle")
    SingleFactory(name="Pikachu", category="pokemon", is_featured=True)
    SingleFactory(name="Gone", is_active=False)

    assert names(api.get(URL, query)) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kami neon", True), ("NEON dyn", True), ("box booster", True), ("neo", True), ("12345", True),
        ("mcm:12345", True), ("ck:12345", False), ("1234", False), ("amigawa", False), ("kami dragon", False),
        ("  ", True), ("&|!():*'", False), ("kami'); drop", False),
    ],
)  # fmt: skip
def test_search_looks_at_beginnings_of_words_and_at_ids(text, found, api):
    box = SealedProductFactory(name="Kamigawa Neon Dynasty Draft Booster Box", set_code="NEO")
    IdentifierFactory(product=box, source="mcm", external_id="12345")

    assert bool(names(api.get(URL, {"search": text}))) is found


def test_search_has_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Product.objects.search("neon").explain()

    assert "products_search" in plan


@pytest.mark.parametrize(
    "query",
    [
        {"serch": "x"}, {"product_type": "car"}, {"category": "mtg2"}, {"ordering": "price"},
        {"page_size": "201"}, {"page": "0"}, {"search": "x" * 201},
    ],
)  # fmt: skip
def test_unknown_parameters_and_values_are_refused(query, api):
    response = api.get(URL, query)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_unknown_article_is_not_found(api):
    assert api.get(f"{URL}{uuid4()}/").status_code == 404
    assert api.get(f"{URL}x/").status_code == 404


def test_article_out_of_use_is_still_found_by_id(api):
    assert api.get(f"{URL}{SingleFactory(is_active=False).id}/").json()["is_active"] is False


BODY = {"name": "Base Set Booster Box", "product_type": "sealed", "category": "pokemon"}


def test_operator_makes_changes_and_retires_an_article(operator):
    made = operator.post(URL, {**BODY, "set_code": "base", "finishes": ["foil", "foil"]})
    assert made.status_code == 201, made.json()
    address = made["Location"]
    assert (made.json()["set_code"], made.json()["finishes"]) == ("BASE", ["foil"])

    changed = operator.patch(address, {"is_featured": True}, headers={"If-Match": made["ETag"]})
    assert (changed.status_code, changed.json()["is_featured"], changed.json()["name"]) == (
        200,
        True,
        BODY["name"],
    )
    box = operator.put(address, {**BODY, "name": "Box"}, headers={"If-Match": changed["ETag"]})
    assert box.json()["name"] == "Box"

    assert operator.delete(address, headers={"If-Match": box["ETag"]}).status_code == 204
    assert operator.delete(address, headers={"If-Match": "*"}).status_code == 204
    assert Product.objects.get().is_active is False
    assert AuditEvent.objects.filter(subject__startswith="product:").count() == 4


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""}, {"name": "x" * 256}, {"name": "a\x00b"}, {"product_type": "car"}, {"category": None},
        {"image_url": "javascript:alert(1)"}, {"finishes": ["plaid"]}, {"set_code": "<b>"},
        {"released_on": "soon"},
    ],
)  # fmt: skip
def test_senseless_article_is_refused(change, operator):
    assert operator.post(URL, {**BODY, **change}).status_code == 400
    assert not Product.objects.exists()


def test_taken_tcgplayer_id_is_a_conflict(operator):
    SingleFactory(tcg_product_id="77")

    response = operator.post(URL, {**BODY, "tcg_product_id": "77"})

    assert (response.status_code, response.json()["code"]) == (409, "duplicate_tcg_product_id")


def test_type_of_an_article_cannot_change(operator):
    address = f"{URL}{SingleFactory().id}/"

    response = operator.patch(address, {"product_type": "sealed"}, headers={"If-Match": "*"})

    assert (response.status_code, response.json()["code"]) == (409, "product_type_fixed")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_analyst_may_not_write(method, api):
    bear = SingleFactory()
    address = URL if method == "post" else f"{URL}{bear.id}/"

    assert getattr(api, method)(address, BODY).status_code == 403


def test_stranger_reads_only_what_is_public(settings):
    settings.API_PUBLIC_READ = False
    assert APIClient().get(URL).status_code == 401

    settings.API_PUBLIC_READ = True
    assert APIClient().get(URL).status_code == 200
    assert APIClient().post(URL, BODY).status_code == 401


def test_contents_name_what_they_refer_to(api, django_assert_max_num_queries):
    bear = SingleFactory(name="Bear")
    pack = SealedProductFactory(name="Pack", set_code="NEO")
    things = [
        (bear, 2),
        (pack, 36),
        (DeckFactory(name="Wild"), 1),
        (BoosterPackFactory(code="draft"), 3),
        ("Lost", 1),
    ]
    box = SealedProductFactory(contents=things)

    with django_assert_max_num_queries(7):
        body = api.get(f"{URL}{box.id}/contents/").json()

    assert (body["version"], body["source"], body["product_id"]) == (1, "demo", str(box.id))
    card, sealed, wild, draft, lost = body["lines"]
    assert (card["product_id"], card["quantity"], card["finish"]) == (str(bear.id), 2, "nonfoil")
    assert (sealed["product_id"], sealed["set_code"]) == (str(pack.id), "NEO")
    assert (wild["deck"], draft["pack"]) == ("Wild", "draft")
    assert (lost["resolved"], lost["name"], card["resolved"]) == (False, "Lost", True)


def test_contents_of_an_unknown_product_say_so(api):
    body = api.get(f"{URL}{SealedProductFactory(name='Mystery').id}/contents/").json()

    assert (body["version"], body["complete"], body["missing"]) == (
        None,
        False,
        ["Contents unknown: Mystery"],
    )


def test_choices_show_their_weights(api, bring_in, tiny):
    bring_in(tiny)
    drop = Product.objects.get(name="Test Drop")

    body = api.get(f"{URL}{drop.id}/contents/").json()

    [choice] = body["choices"]
    assert (choice["draws"], choice["with_replacement"]) == (1, False)
    assert [(a["weight"], a["lines"][0]["name"]) for a in choice["alternatives"]] == [
        (3, "Bear (TST 5)"), (1, "Forest (TST 1)"),
    ]  # fmt: skip
    assert len(body["lines"]) == 1
    assert body["complete"] is True
