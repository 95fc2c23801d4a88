"""Versions, repetition and what may be written of an article."""

import pytest
from rest_framework.test import APIClient

from catalog.models import Product
from common.models import AuditEvent
from tests.catalog.factories import IdentifierFactory, SealedProductFactory, SingleFactory

pytestmark = pytest.mark.django_db
URL = "/api/v1/products/"
BODY = {"name": "Base Set Booster Box", "product_type": "sealed", "category": "pokemon"}
COMPUTED = {"id", "key", "created_at", "updated_at", "is_demo", "identifiers"}


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


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_change_needs_the_version_read(operator, method):
    address = f"{URL}{SealedProductFactory(**BODY).id}/"
    body = None if method == "delete" else BODY

    answer = getattr(operator, method)(address, body)

    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_an_outdated_version_changes_nothing(operator, method):
    box = SealedProductFactory(**BODY)
    address = f"{URL}{box.id}/"
    old = operator.get(address)["ETag"]
    assert operator.patch(address, {"name": "Newer"}, headers={"If-Match": old}).status_code == 200
    body = None if method == "delete" else {**BODY, "name": "Lost update"}

    answer = getattr(operator, method)(address, body, headers={"If-Match": old})

    box.refresh_from_db()
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert (box.name, box.is_active) == ("Newer", True)


def test_the_same_article_list_and_contents_are_not_sent_twice(api):
    box = SealedProductFactory()
    for path in ("", f"{box.id}/", f"{box.id}/contents/"):
        first = api.get(URL + path)
        again = api.get(URL + path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path


def test_a_new_outside_id_is_sent_though_the_article_is_the_same(api):
    box = SealedProductFactory()
    etag = api.get(f"{URL}{box.id}/")["ETag"]
    IdentifierFactory(product=box)

    again = api.get(f"{URL}{box.id}/", headers={"If-None-Match": etag})

    assert (again.status_code, len(again.json()["identifiers"])) == (200, 1)


def test_one_key_makes_one_article(operator):
    answers = [operator.post(URL, BODY, headers={"Idempotency-Key": "a"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotent-Replay"] == "true"
    assert Product.objects.count() == 1
    assert operator.post(URL, {**BODY, "name": "B"}, headers={"Idempotency-Key": "a"}).status_code == 422


def test_no_computed_column_can_be_written(operator):
    card = SingleFactory()
    before = Product.objects.filter(pk=card.pk).values().get()
    columns = {field.name for field in Product._meta.get_fields()} | COMPUTED
    writable = set(operator.get(f"{URL}{card.id}/").json()) - COMPUTED

    for name in sorted(columns - writable):
        body = {"description": "x", name: str(before.get(name, "1"))}
        answer = operator.patch(f"{URL}{card.id}/", body, headers={"If-Match": "*"})
        assert answer.status_code == 400, name
        assert operator.post(URL, {**BODY, name: "1"}).status_code == 400, name

    assert Product.objects.filter(pk=card.pk).values().get() == before
    assert Product.objects.count() == 1
    assert not AuditEvent.objects.filter(verb__startswith="product.").exists()
