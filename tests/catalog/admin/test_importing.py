import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.admin import importing
from catalog.models import Product, ProductSingle
from common.models import AuditEvent
from tests.catalog.factories import ProductSingleFactory, SealedProductFactory, SingleFactory

pytestmark = pytest.mark.django_db
PRODUCTS = "/admin/catalog/product/"
SINGLES = "/admin/catalog/productsingle/"
CSV, XLSX = "0", "1"


@pytest.fixture
def staff(client, bob):
    client.force_login(bob)
    return client


def csv_file(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("rows.csv", "\n".join(lines).encode())


def preview(client, base, file, file_format=CSV):
    return client.post(f"{base}import/", {"import_file": file, "format": file_format, "resource": ""})


def confirm(client, base, page):
    """Press the button of a preview."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    assert fields.get("import_file_name"), "the preview offers no confirmation"
    fields.pop("csrfmiddlewaretoken", None)
    return client.post(f"{base}process_import/", fields)


def test_new_and_known_articles_are_previewed_and_then_stored(staff):
    known = SealedProductFactory(name="Old name", category="mtg", tcg_product_id="77")
    file = csv_file(
        "name,product_type,category,tcg_product_id,set_name",
        "New name,sealed,mtg,77,Alpha",
        "Fresh Box,sealed,pokemon,78,Base",
    )

    page = preview(staff, PRODUCTS, file)
    assert Product.objects.count() == 1
    assert not AuditEvent.objects.exists()
    answer = confirm(staff, PRODUCTS, page)

    assert answer.status_code == 302
    known.refresh_from_db()
    assert (known.name, known.set_name) == ("New name", "Alpha")
    assert Product.objects.get(tcg_product_id="78").category == "pokemon"
    verbs = AuditEvent.objects.values_list("verb", flat=True)
    assert {"product.created", "product.updated"} <= set(verbs)


def test_spreadsheets_are_read_too(staff):
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["name", "product_type", "category", "finishes"])
    sheet.append(["Wolf", "single", "mtg", "foil nonfoil"])
    content = io.BytesIO()
    book.save(content)

    page = preview(staff, PRODUCTS, SimpleUploadedFile("rows.xlsx", content.getvalue()), XLSX)
    confirm(staff, PRODUCTS, page)

    assert Product.objects.get().finishes == ["foil", "nonfoil"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",sealed,mtg,", "cannot be blank"),
        ("Box,carton,mtg,", "not a valid choice"),
        ("Box,single,mtg,77", "cannot change"),
        ("X" * 300 + ",sealed,mtg,", "at most 255 characters"),
    ],
)
def test_one_bad_row_is_named_and_nothing_is_stored(staff, row, reason):
    SealedProductFactory(name="Known", category="mtg", tcg_product_id="77")

    page = preview(
        staff, PRODUCTS, csv_file("name,product_type,category,tcg_product_id", "Good,sealed,mtg,", row)
    )
    text = page.content.decode()

    assert reason in text
    assert 'name="import_file_name"' not in text
    assert Product.objects.count() == 1


def test_unknown_ids_and_columns_are_refused(staff):
    unknown_id = preview(
        staff, PRODUCTS, csv_file("id,name", "01a1fdcc-8e8f-7a37-8228-cfe582046184,Box")
    ).content.decode()
    unknown_column = preview(staff, PRODUCTS, csv_file("name,nmae", "Box,Box")).content.decode()

    assert "There is no article" in unknown_id
    assert "Unknown columns: nmae" in unknown_column


def test_file_that_is_too_long_is_refused(staff, monkeypatch):
    monkeypatch.setattr(importing, "MAX_ROWS", 1)

    text = preview(
        staff, PRODUCTS, csv_file("name,product_type,category", "A,sealed,mtg", "B,sealed,mtg")
    ).content.decode()

    assert "at most 1 rows" in text
    assert not Product.objects.exists()


def test_who_may_only_look_imports_nothing(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("vera", role="viewer", is_staff=True))

    assert client.get(f"{PRODUCTS}import/").status_code == 403
    assert client.get(f"{PRODUCTS}export/").status_code == 200


def test_export_cannot_inject_formulae(staff):
    SealedProductFactory(name="=cmd()")
    key = str(Product.objects.get().pk)

    answer = staff.post(PRODUCTS, {"action": "export_admin_action", "_selected_action": [key]})
    assert answer.status_code == 200
    file = staff.post(
        f"{PRODUCTS}export/", {"format": CSV, "resource": "", "export_items": [key]}
    ).content.decode()

    assert "cmd()" in file
    assert "=cmd()" not in file


def single_rows(*rows: str) -> SimpleUploadedFile:
    return csv_file("sealed_product,single_product,quantity,guaranteed,slot,pull_probability", *rows)


def test_lines_are_previewed_and_then_stored(staff):
    box, bear, wolf = SealedProductFactory(), SingleFactory(rarity="rare"), SingleFactory()
    ProductSingleFactory(sealed_product=box, single_product=bear, quantity=1)
    file = single_rows(f"{box.pk},{bear.pk},4,yes,,", f"{box.pk},{wolf.pk},10,no,rare,0.25")

    page = preview(staff, SINGLES, file)
    assert ProductSingle.objects.count() == 1
    confirm(staff, SINGLES, page)

    lines = {line.single_product_id: line for line in ProductSingle.objects.all()}
    assert lines[bear.pk].quantity == 4
    assert (lines[wolf.pk].guaranteed, str(lines[wolf.pk].pull_probability)) == (False, "0.2500000000")
    event = AuditEvent.objects.get(verb="product.mapping_imported")
    assert event.data == {"lines": 2}
    assert event.subject == f"product:{box.pk}"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{box},{bear},0,yes,,", "Counts are from 1"),
        ("{box},{bear},many,yes,,", "is no whole number"),
        ("{box},{box},1,yes,,", "cannot hold itself"),
        ("{box},nonsense,1,yes,,", "nonsense"),
        ("{box},{bear},1,perhaps,,", "neither yes nor no"),
        ("{box},{bear},1,no,rare,", "needs a probability"),
        ("{box},{bear},1,no,rare,NaN", "is no number"),
        ("{box},{wolf},1,yes,,", "twice"),
        ("{box},{bear},10,no,rare,0.9", "more than 1"),
    ],
)
def test_a_line_that_cannot_be_stops_all(staff, row, reason):
    box, bear, wolf = SealedProductFactory(), SingleFactory(), SingleFactory()
    first = f"{box.pk},{wolf.pk},1,yes,,"
    second = f"{box.pk},{wolf.pk},10,no,rare,0.9"

    page = preview(
        staff, SINGLES, single_rows(first, second, row.format(box=box.pk, bear=bear.pk, wolf=wolf.pk))
    )
    text = page.content.decode()

    assert reason in text
    assert 'name="import_file_name"' not in text
    assert not ProductSingle.objects.exists()


def test_the_same_file_again_changes_and_records_nothing(staff):
    box, bear = SealedProductFactory(), SingleFactory()
    rows = [f"{box.pk},{bear.pk},4,yes,,"]
    confirm(staff, SINGLES, preview(staff, SINGLES, single_rows(*rows)))
    AuditEvents = AuditEvent.objects.filter(verb="product.mapping_imported")  # noqa: N806

    confirm(staff, SINGLES, preview(staff, SINGLES, single_rows(*rows)))

    assert ProductSingle.objects.count() == 1
    assert AuditEvents.count() == 1
