"""Articles: found by name, number or outside id, edited by operators, never deleted."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from catalog.models import ContentsVersion, Product, ProductIdentifier
from catalog.services import (
    create_product,
    deactivate_product,
    rebuild_contents,
    restore_product,
    update_product,
)
from common.admin.confirming import Question, ask, chosen, is_confirmed
from common.audit import record_event
from common.clock import utc_now

from .base import CatalogueAdmin, ReadOnlyInline, StaffInline, staff_user
from .filters import OutsideIdsFilter
from .importing import ImportPage
from .mapping import ContentsMappingInline, StaffMappingInline
from .product_import import ProductResource

_SET_FIELDS = (("set_code", "set_name"), ("number", "rarity", "language"), "finishes", "released_on")
_OUTSIDE_FIELDS = (("tcg_product_id", "ebay_product_id", "amazon_asin"), "image_url", "description")


class ProductIdentifierInline(StaffInline):
    model = ProductIdentifier
    fields = ("source", "external_id", "finish")
    ordering = ("source", "id")


class ContentsVersionInline(ReadOnlyInline):
    model = ContentsVersion
    fields = ("version", "source", "source_date", "is_complete", "is_current", "created_at")
    readonly_fields = fields
    ordering = ("-version",)
    verbose_name_plural = "contents"


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """Type and game are stated once."""

    def clean_tcg_product_id(self) -> str | None:
        """Store an absent id as NULL: it is unique."""
        return self.cleaned_data["tcg_product_id"] or None


@admin.register(Product)
class ProductAdmin(ImportPage, CatalogueAdmin):
    form = ProductForm
    resource_classes: ClassVar = [ProductResource]
    list_display = (
        "named", "number", "product_type", "category", "sealed_kind", "is_active", "is_featured",
    )  # fmt: skip
    list_filter: ClassVar[tuple[Any, ...]] = (
        "category", "product_type", "is_active", "is_featured", OutsideIdsFilter, "is_demo",
        ("sealed_kind", admin.AllValuesFieldListFilter),
    )  # fmt: skip
    search_fields = ("name",)
    search_help_text = "Beginnings of words of name, set and number, or an outside id such as mcm:587698."
    ordering = ("name", "id")
    actions: ClassVar[tuple[str, ...]] = ("deactivate_selected", "restore_selected", "rebuild_selected")
    fieldsets = (
        (None, {"fields": ("name", "product_type", "category", ("is_active", "is_featured"))}),
        ("Set", {"fields": _SET_FIELDS}),
        ("Sealed", {"fields": (("sealed_kind", "sealed_subtype"),)}),
        ("Elsewhere", {"fields": _OUTSIDE_FIELDS}),
        ("Record", {"fields": (("id", "key", "is_demo"), ("created_at", "updated_at"))}),
    )
    readonly_fields: ClassVar[tuple[str, ...]] = ("id", "key", "is_demo", "created_at", "updated_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "product_type", "category") if obj else self.readonly_fields

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        """Leave the record's own facts out of the form for a new article: the database has not made them."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else [part for part in fieldsets if part[0] != "Record"]

    def get_inlines(self, request: HttpRequest, obj: Product | None) -> list[type[Any]]:
        if obj is None:
            return []
        if obj.product_type == "sealed":
            return [ProductIdentifierInline, StaffMappingInline, ContentsMappingInline, ContentsVersionInline]
        return [ProductIdentifierInline]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return queryset.search(search_term), False  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Product, form: ProductForm, change: bool) -> None:
        facts = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
        if change:
            update_product(product_id=obj.pk, facts=facts, actor=staff_user(request), now=utc_now())
            return
        made = create_product(facts={**form.cleaned_data}, actor=staff_user(request), now=utc_now())
        obj.pk, obj.key = made.pk, made.key
        obj._state.adding = False

    def save_related(self, request: HttpRequest, form: ProductForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        touched = [formset.prefix for formset in formsets if formset.has_changed()]
        if touched:
            record_event(
                actor=staff_user(request),
                verb="product.related_changed",
                subject=f"product:{form.instance.pk}",
                data={"related": touched},
                now=utc_now(),
            )

    @display(description="Name", ordering="name", header=True)  # type: ignore[untyped-decorator]
    def named(self, product: Product) -> tuple[str, str]:
        return product.name, " ".join(
            filter(None, (product.set_name, product.set_code and f"({product.set_code})"))
        )

    @admin.action(description="Take out of use…", permissions=["change"])
    def deactivate_selected(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse | None:
        """Hide the active ones among the selected articles."""
        rows = chosen(self, request, queryset.filter(is_active=True))
        line = (
            "They are hidden from lists and analysis. Prices, contents and history stay, and an article can "
            "be brought back."
        )
        if not rows:
            return None
        if page := self._ask(request, rows, "Take out of use", line):
            return page
        done = sum(
            deactivate_product(product_id=row.pk, actor=staff_user(request), now=utc_now()) for row in rows
        )
        self.message_user(request, f"{done} articles were taken out of use.", messages.SUCCESS)
        return None

    @admin.action(description="Bring back into use…", permissions=["change"])
    def restore_selected(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse | None:
        """Show those among the selected articles again that are out of use."""
        rows = chosen(self, request, queryset.filter(is_active=False))
        line = "They are listed and analysed again."
        if not rows:
            return None
        if page := self._ask(request, rows, "Bring back into use", line):
            return page
        done = sum(
            restore_product(product_id=row.pk, actor=staff_user(request), now=utc_now()) for row in rows
        )
        self.message_user(request, f"{done} articles are in use again.", messages.SUCCESS)
        return None

    @admin.action(description="Derive contents and mapping again…", permissions=["change"])
    def rebuild_selected(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse | None:
        """Rebuild the mapping of the sealed ones among the selected articles."""
        rows = chosen(self, request, queryset.filter(product_type="sealed"))
        line = "The lines derived from their contents are made again; lines of staff stay."
        if not rows:
            return None
        if page := self._ask(request, rows, "Derive again", line):
            return page
        keys = [row.pk for row in rows]
        changed = rebuild_contents(product_ids=keys, actor=staff_user(request), now=utc_now())
        self.message_user(request, f"{changed} lines changed in {len(keys)} products.", messages.SUCCESS)
        return None

    def _ask(
        self, request: HttpRequest, rows: list[Product], button: str, *lines: str
    ) -> HttpResponse | None:
        """Return the confirm page of an action on articles, or None once it was answered."""
        if is_confirmed(request):
            return None
        question = Question(
            title=f"{button}: {len(rows)} article{'s' if len(rows) > 1 else ''}",
            button=button,
            lines=lines,
            headers=("Article", "Set", "Game", "Type"),
            rows=[
                (row.name, row.set_name, row.get_category_display(), row.get_product_type_display())
                for row in rows
            ],
            keys=[row.pk for row in rows],
        )
        return ask(self, request, question)
