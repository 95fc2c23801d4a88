"""Articles from a file: known ones are updated, others are made, through the catalogue's own services."""

from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.widgets import CharWidget, Widget

from catalog.models import Product
from catalog.services import create_product, update_product
from catalog.services.products import EDITABLE_FIELDS

from .importing import StaffResource

_COLUMNS = (
    "id", "name", "set_name", "set_code", "product_type", "category", "sealed_kind", "sealed_subtype",
    "number", "rarity", "language", "finishes", "released_on", "tcg_product_id", "ebay_product_id",
    "amazon_asin", "description", "image_url", "is_active", "is_featured",
)  # fmt: skip


class ListWidget(Widget):  # type: ignore[misc]  # untyped
    """Words separated by commas or blanks, as a list."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        """Return the words."""
        return str(value or "").replace(",", " ").split()

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Return the words in one cell."""
        return " ".join(value or ())


class ProductResource(StaffResource):
    """One article a row, found by `id`, else by `tcg_product_id`, else new.

    A column that is not in the file stays as it is.
    """

    finishes = Field(attribute="finishes", column_name="finishes", widget=ListWidget())
    tcg_product_id = Field(
        attribute="tcg_product_id", column_name="tcg_product_id", widget=CharWidget(allow_blank=False)
    )

    class Meta:
        model = Product
        fields = _COLUMNS
        export_order = _COLUMNS
        import_id_fields: ClassVar[list[str]] = []
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def get_instance(self, instance_loader: Any, row: Any) -> Product | None:
        """Return the article a row means; None for a new one.

        Raises:
            ValidationError: if it names an id there is not.
        """
        ident = str(row.get("id") or "").strip()
        if ident:
            try:
                found = Product.objects.filter(pk=UUID(ident)).first()
            except ValueError:
                found = None
            if found is None:
                raise ValidationError({"id": f"There is no article {ident}. Leave it empty for a new one."})
            return found
        tcg_id = str(row.get("tcg_product_id") or "").strip()
        return Product.objects.filter(tcg_product_id=tcg_id).first() if tcg_id else None

    def import_field(self, field: Any, instance: Product, row: Any, *args: Any, **kwargs: Any) -> None:
        """Leave the id alone: it says which article is meant, and new ones get their own."""
        if field.column_name != "id":
            super().import_field(field, instance, row, *args, **kwargs)

    def save_instance(self, instance: Product, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Store through the services, each with its audit event; the preview is rolled back."""
        given = [name for name in row if name in EDITABLE_FIELDS]
        facts = {name: getattr(instance, name) for name in given}
        if is_create:
            made = create_product(facts=facts, actor=self.actor, now=self.now)
            instance.pk, instance.key = made.pk, made.key
        else:
            update_product(product_id=instance.pk, facts=facts, actor=self.actor, now=self.now)
