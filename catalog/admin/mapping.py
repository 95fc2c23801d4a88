"""The flattened mapping inside a product's page: staff lines to edit, graph lines to see."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from catalog.choices import MappingSource
from catalog.models import ProductSingle
from catalog.services import MappingLine, already_in_contents, mapping_problems

from .base import ReadOnlyInline, StaffInline

_MAX_SHOWN = 200


class StaffMappingForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """One line; the formset judges the lines together."""

    def save(self, commit: bool = True) -> ProductSingle:
        """Save the line as staff's, with the card's rarity."""
        self.instance.source = MappingSource.STAFF
        self.instance.rarity = self.instance.single_product.rarity
        saved: ProductSingle = super().save(commit)
        return saved


class StaffMappingFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # as above
    """Refuses lines that contradict themselves or each other (MATHS 1.1)."""

    def clean(self) -> None:
        """Judge all remaining lines at once."""
        super().clean()
        kept = [
            form
            for form in self.forms
            if form not in self.deleted_forms and form.has_changed() | bool(form.instance.pk)
        ]
        if any(form.errors for form in kept):
            return
        lines = [_line(form.cleaned_data) for form in kept if form.cleaned_data]
        problems = mapping_problems(self.instance, lines) + already_in_contents(self.instance, lines)
        for position, what in problems:
            if position is not None:
                kept[position].add_error(None, what)
        if problems:
            raise ValidationError([what for position, what in problems if position is None] or problems[0][1])


class StaffMappingInline(StaffInline):
    model = ProductSingle
    form = StaffMappingForm
    formset = StaffMappingFormSet
    fk_name = "sealed_product"
    fields = (
        "single_product", "quantity", "guaranteed", "finish", "slot", "pull_probability", "pull_basis",
        "packs_per_product",
    )  # fmt: skip
    autocomplete_fields = ("single_product",)
    ordering = ("slot", "id")
    verbose_name_plural = "singles entered by staff"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductSingle]:
        rows: QuerySet[ProductSingle] = super().get_queryset(request)
        return rows.filter(source=MappingSource.STAFF).select_related("single_product")


class ContentsMappingInline(ReadOnlyInline):
    model = ProductSingle
    fk_name = "sealed_product"
    fields = ("single_product", "quantity", "guaranteed", "finish", "slot", "pull_probability")
    verbose_name_plural = f"singles from the contents (first {_MAX_SHOWN})"
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductSingle]:
        return self.rows()

    @staticmethod
    def rows() -> QuerySet[ProductSingle]:
        """Return the lines the contents graph gave."""
        return ProductSingle.objects.filter(source=MappingSource.CONTENTS).select_related("single_product")

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, formset=_FirstRows, **kwargs)


class _FirstRows(BaseInlineFormSet):  # type: ignore[type-arg]  # as above
    """Shows the first lines only: a case of boosters has over a thousand."""

    def get_queryset(self) -> QuerySet[ProductSingle]:
        """Return the first lines, sure ones first."""
        if not hasattr(self, "_shown"):
            rows = ContentsMappingInline.rows().filter(sealed_product=self.instance)
            ordered = rows.order_by("-guaranteed", "slot", "id")
            self._shown = ordered[:_MAX_SHOWN]
        return self._shown


def _line(data: dict[str, Any]) -> MappingLine:
    return MappingLine(
        single=data["single_product"],
        quantity=data["quantity"],
        guaranteed=data["guaranteed"],
        probability=data["pull_probability"],
        finish=data["finish"],
        slot=data["slot"],
        basis=data["pull_basis"],
        packs_per_product=data["packs_per_product"],
    )
