"""A distributor's list by hand: upload, look, import."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.choices import VenueKind
from catalog.models import Venue
from pricing.models import CurrentPrice, DistributorOffer, PriceList, PriceSource
from tests.pricing.factories import make_product
from users.choices import Role
from users.models import User

pytestmark = pytest.mark.django_db

ADD = "admin:pricing_pricelist_add"
LIST = b"Code,Title,Boxes,Cost\nA2,Sun <b>Box</b>,6,480\n"


@pytest.fixture
def source() -> PriceSource:
    venue = Venue.objects.create(
        code="northern", name="Northern Games", kind=VenueKind.DISTRIBUTOR, currency="USD"
    )
    return PriceSource.objects.create(
        code="northern", venue=venue, currency="USD", identifier_source="northern", market_price_type="retail"
    )


def login(client, role: str):
    client.force_login(User.objects.create(username=f"{role}-bob", role=role, is_staff=True))
    return client


def upload(client, source, content: bytes = LIST, name: str = "list.csv"):
    return client.post(reverse(ADD), {"source": source.pk, "file": SimpleUploadedFile(name, content)})


def mapped(**changes: str) -> dict[str, str]:
    return {
        "cost_is_for": "case", "decimal_mark": ".", "column_sku": "Code", "column_name": "Title",
        "column_case_quantity": "Boxes", "column_cost": "Cost", **changes,
    }  # fmt: skip


def test_upload_preview_and_import(client, source):
    box = make_product("Sun Box", sealed=True, ids={"northern": "A2"})
    login(client, Role.OPERATOR)

    review = upload(client, source).url
    first = client.get(review)
    preview = client.post(review, mapped(preview="1"))

    assert b"Map the" in first.content or b"What an import would do" in first.content
    assert b"80.00" in preview.content
    assert b"Sun &lt;b&gt;Box" in preview.content
    assert not CurrentPrice.objects.exists()
    done = client.post(review, mapped(**{"import": "1"}))
    assert done.status_code == 302
    assert str(CurrentPrice.objects.get(product=box).price) == "80.00"
    assert DistributorOffer.objects.get().product == box
    listed = client.get(reverse("admin:pricing_pricelist_changelist"))
    assert b"1 stored, 0 held" in listed.content
    assert client.get(reverse("admin:pricing_distributoroffer_changelist")).status_code == 200


@pytest.mark.parametrize("content", [b"nothing here", b"", b"PK\x03\x04broken", b"SKU,Name,Cost\n"])
def test_files_that_are_no_lists_are_refused_in_words(client, source, content):
    login(client, Role.OPERATOR)

    answer = upload(client, source, content)

    assert answer.status_code == 200
    assert b'role="alert"' in answer.content
    assert not PriceList.objects.exists()


def test_a_mapping_without_cost_is_refused_in_words(client, source):
    login(client, Role.OPERATOR)
    review = upload(client, source).url

    answer = client.post(review, mapped(column_cost="", **{"import": "1"}))

    assert answer.status_code == 200
    assert b"Map a cost" in answer.content
    assert PriceList.objects.get().status == "draft"


def test_others_may_look_and_not_import(client, source):
    review = upload(login(client, Role.OPERATOR), source).url
    client.logout()
    login(client, Role.ANALYST)

    assert client.get(reverse(ADD)).status_code == 403
    assert client.get(review).status_code == 200
    assert client.post(review, mapped(**{"import": "1"})).status_code == 403
    assert PriceList.objects.get().status == "draft"


@pytest.mark.parametrize("name", ["abc", "9" * 20, "0"])
def test_a_list_that_does_not_exist_is_not_found(client, source, name):
    login(client, Role.OPERATOR)

    answer = client.get(f"/admin/pricing/pricelist/{name}/change/")

    assert answer.status_code in (302, 404)


def test_only_distributors_can_be_chosen(client, source):
    login(client, Role.OPERATOR)

    answer = upload(client, PriceSource.objects.get(code="cardmarket"))

    assert answer.status_code == 200
    assert not PriceList.objects.exists()
