import pytest

from catalog.models import BoosterPack, ContentsVersion, Deck, Product, ProductSingle, Venue
from common.models import AuditEvent
from tests.catalog.factories import (
    IdentifierFactory,
    ProductSingleFactory,
    SealedProductFactory,
    SingleFactory,
)

pytestmark = pytest.mark.django_db
PRODUCTS = "/admin/catalog/product/"


@pytest.fixture
def staff(client, bob):
    client.force_login(bob)
    return client


@pytest.fixture
def catalogue(bring_in, tiny):
    bring_in(tiny)


@pytest.mark.parametrize("model", [Product, Deck, BoosterPack, ContentsVersion, Venue])
def test_every_list_and_page_opens(model, staff, catalogue):
    base = f"/admin/catalog/{model._meta.model_name}/"

    assert staff.get(base).status_code == 200
    for row in model.objects.all():
        assert staff.get(f"{base}{row.pk}/change/").status_code == 200


@pytest.mark.parametrize("model", [Deck, BoosterPack, ContentsVersion])
def test_what_sources_state_is_read_only(model, staff, catalogue):
    base = f"/admin/catalog/{model._meta.model_name}/"

    assert staff.get(f"{base}add/").status_code == 403
    assert staff.post(f"{base}{model.objects.first().pk}/change/", {}).status_code == 403


@pytest.mark.parametrize("model", [Product, Deck, BoosterPack, ContentsVersion, Venue])
def test_nothing_can_be_deleted(model, staff, catalogue):
    row = model.objects.first()

    assert (
        staff.post(f"/admin/catalog/{model._meta.model_name}/{row.pk}/delete/", {"post": "yes"}).status_code
        == 403
    )
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("query", ["?q=wolf", "?q=mcm:1003", "?q=1003", "?q=wol+man"])
def test_products_are_found_by_word_and_id(query, staff, catalogue):
    page = staff.get(PRODUCTS + query).content.decode()

    assert "Wolf // Man" in page
    assert "Etched Dragon" not in page


@pytest.mark.parametrize(
    "query",
    [
        "?is_active__exact=1", "?category__exact=mtg", "?product_type__exact=single", "?is_featured__exact=0",
        "?is_demo__exact=0", "?set_code=TST",
    ],
)  # fmt: skip
def test_filters_open(query, staff, catalogue):
    assert staff.get(PRODUCTS + query).status_code == 200


def test_autocomplete_finds_a_single_for_a_mapping_line(staff, catalogue):
    found = staff.get(
        "/admin/autocomplete/",
        {
            "term": "wolf",
            "app_label": "catalog",
            "model_name": "productsingle",
            "field_name": "single_product",
        },
    ).json()

    assert [row["text"] for row in found["results"]] == ["Wolf // Man (TST 3)"]


@pytest.mark.parametrize(("answer", "name"), [("yes", "Known Box"), ("no", "Unknown Box")])
def test_articles_without_outside_ids_are_found(staff, answer, name):
    IdentifierFactory(product=SealedProductFactory(name="Known Box"))
    SealedProductFactory(name="Unknown Box", tcg_product_id=None)

    page = staff.get(f"{PRODUCTS}?outside_ids={answer}").content.decode()

    assert name in page
    assert page.count("Known Box") + page.count("Unknown Box") == page.count(name)


def test_articles_are_brought_back(staff):
    box = SealedProductFactory(is_active=False)
    form = {"action": "restore_selected", "_selected_action": [str(box.pk)], "confirmed": "yes"}

    staff.post(PRODUCTS, form)

    box.refresh_from_db()
    assert box.is_active
    assert AuditEvent.objects.filter(verb="product.restored").count() == 1


def test_list_of_many_products_needs_few_queries(staff, django_assert_max_num_queries):
    for _ in range(30):
        IdentifierFactory()

    with django_assert_max_num_queries(12):
        assert staff.get(PRODUCTS).status_code == 200


def formset(prefix, rows, initial=0):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data.update({f"{prefix}-{number}-{name}": value for name, value in row.items()})
    return data


def product_form(product, **changes):
    return {
        "name": product.name, "set_code": product.set_code, "set_name": product.set_name,
        "number": product.number,
        "rarity": product.rarity, "language": product.language, "finishes": ",".join(product.finishes),
        "sealed_kind": product.sealed_kind, "sealed_subtype": product.sealed_subtype, "released_on": "",
        "tcg_product_id": "", "ebay_product_id": "", "amazon_asin": "", "image_url": "", "description": "",
        "is_active": "on", **formset("identifiers", []), **formset("single_mappings", []),
        **formset("single_mappings-2", []), **formset("contents_versions", []), **changes,
    }  # fmt: skip


def line(single, **changes):
    return {
        "single_product": str(single.pk), "quantity": 1, "guaranteed": "on", "finish": "nonfoil", "slot": "",
        "pull_probability": "", "pull_basis": "per_product", "packs_per_product": 1, **changes,
    }  # fmt: skip


def test_operator_edits_a_product_and_it_is_recorded(staff):
    box = SealedProductFactory(name="Box")

    response = staff.post(f"{PRODUCTS}{box.pk}/change/", product_form(box, name="Crate"))

    assert response.status_code == 302, response.content.decode()[-3000:]
    box.refresh_from_db()
    assert (box.name, box.tcg_product_id) == ("Crate", None)
    assert AuditEvent.objects.filter(verb="product.updated", subject=f"product:{box.pk}").count() == 1


def test_operator_makes_a_product(staff):
    blank = Product(name="Base Set Booster Box")
    form = product_form(blank, product_type="sealed", category="pokemon")

    response = staff.post(f"{PRODUCTS}add/", form)

    assert response.status_code == 302, response.content.decode()[-3000:]
    made = Product.objects.get()
    assert (made.name, made.category) == ("Base Set Booster Box", "pokemon")
    assert AuditEvent.objects.filter(verb="product.created").count() == 1


def test_operator_enters_mapping_lines_and_ids(staff):
    box, bear = SealedProductFactory(), SingleFactory(rarity="rare")
    lines = [line(bear, quantity=2), {**line(bear, slot="rare", pull_probability="0.25"), "guaranteed": ""}]
    ids = [{"source": "mcm", "external_id": "12", "finish": ""}]

    response = staff.post(
        f"{PRODUCTS}{box.pk}/change/",
        product_form(box, **formset("single_mappings", lines), **formset("identifiers", ids)),
    )

    assert response.status_code == 302, response.content.decode()[-3000:]
    assert ProductSingle.objects.filter(sealed_product=box, source="staff", rarity="rare").count() == 2
    assert box.identifiers.get().external_id == "12"
    assert AuditEvent.objects.get(verb="product.related_changed").data["related"] == [
        "identifiers",
        "single_mappings",
    ]


def test_line_the_contents_have_already_is_refused(staff):
    box, bear = SealedProductFactory(), SingleFactory()
    ProductSingleFactory(sealed_product=box, single_product=bear, source="contents")

    form = product_form(box, **formset("single_mappings", [line(bear)]))
    response = staff.post(f"{PRODUCTS}{box.pk}/change/", form)

    assert "already have this card" in response.content.decode()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"pull_probability": "0.5"}], "no probability, or 1"),
        ([{"guaranteed": ""}], "a random line needs one"),
        ([{"guaranteed": "", "slot": "r", "pull_probability": "0.6"}] * 2, "more than 1"),
        ([{"quantity": 0}], "Counts are whole numbers"),
        ([{"finish": "etched"}], "does not exist"),
    ],
)  # fmt: skip
def test_contradicting_lines_are_refused(rows, message, staff):
    box = SealedProductFactory()
    lines = [line(SingleFactory(), **row) for row in rows]

    response = staff.post(
        f"{PRODUCTS}{box.pk}/change/", product_form(box, **formset("single_mappings", lines))
    )

    assert response.status_code == 200
    assert message in response.content.decode()
    assert not ProductSingle.objects.exists()


def test_articles_are_taken_out_of_use_only_after_asking_again(staff):
    bear = SingleFactory(name="Bear")
    action = {"action": "deactivate_selected", "_selected_action": [str(bear.pk)]}

    asked = staff.post(PRODUCTS, action)
    assert "Bear" in asked.content.decode()
    assert Product.objects.get().is_active is True

    assert staff.post(PRODUCTS, {**action, "confirmed": "yes"}).status_code == 302
    assert Product.objects.get().is_active is False
    assert AuditEvent.objects.filter(verb="product.deactivated").count() == 1


def test_contents_are_derived_again_on_demand(staff):
    box = SealedProductFactory(contents=[(SingleFactory(), 2)])

    form = {"action": "rebuild_selected", "_selected_action": [str(box.pk)]}

    staff.post(PRODUCTS, form)
    assert not ProductSingle.objects.exists()
    staff.post(PRODUCTS, {**form, "confirmed": "yes"})

    assert ProductSingle.objects.get().quantity == 2


def test_page_of_a_box_with_many_lines_shows_the_first(staff, django_assert_max_num_queries):
    box = SealedProductFactory()
    for _ in range(210):
        ProductSingleFactory(sealed_product=box, source="contents")

    with django_assert_max_num_queries(30):
        page = staff.get(f"{PRODUCTS}{box.pk}/change/")

    assert page.status_code == 200


def test_analyst_looks_and_does_not_touch(client, alice):
    client.force_login(alice)
    box = SealedProductFactory(name="Box")

    assert client.get(f"{PRODUCTS}{box.pk}/change/").status_code == 200
    assert client.post(f"{PRODUCTS}{box.pk}/change/", product_form(box, name="Mine")).status_code == 403
    client.post(
        PRODUCTS, {"action": "deactivate_selected", "_selected_action": [str(box.pk)], "confirmed": "yes"}
    )
    box.refresh_from_db()
    assert (box.name, box.is_active) == ("Box", True)
