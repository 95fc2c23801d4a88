"""The two forms of a price list: upload, and mapping."""

from typing import Any, cast

from django import forms
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
)

from catalog.choices import VenueKind
from pricing.importers.distributor import (
    COLUMNS,
    MAX_FILE_BYTES,
    CostIsFor,
    ListOptions,
    Table,
    guess_decimal_mark,
)
from pricing.models import PriceList, PriceSource

TITLES = {"gtin": "UPC / EAN", "sku": "SKU", "msrp": "MSRP"}


class UploadForm(forms.Form):
    """Whose list, and the file."""

    source = forms.ModelChoiceField(
        PriceSource.objects.none(),
        widget=UnfoldAdminSelectWidget,
        help_text="Price sources whose venue is a distributor. Add the venue and its source first.",
    )
    file = forms.FileField(
        widget=UnfoldAdminFileFieldWidget, help_text=f"CSV or XLSX, at most {MAX_FILE_BYTES // 1_000_000} MB."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        distributors = PriceSource.objects.filter(venue__kind=VenueKind.DISTRIBUTOR, is_enabled=True)
        chosen = cast("forms.ModelChoiceField[PriceSource]", self.fields["source"])
        chosen.queryset = distributors.order_by("code")

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(f"The file is larger than {MAX_FILE_BYTES // 1_000_000} MB.")
        return file


class MappingForm(forms.Form):
    """Which header is which of our columns, and what the list does not say."""

    cost_is_for = forms.ChoiceField(
        choices=[
            (CostIsFor.UNKNOWN, "Not known: hold these prices"),
            (CostIsFor.UNIT, "One box (unit)"),
            (CostIsFor.CASE, "A whole case"),
        ],
        widget=UnfoldAdminSelectWidget,
        label="A plain cost is for",
    )
    decimal_mark = forms.ChoiceField(
        choices=[(".", "1,234.50"), (",", "1.234,50")],
        widget=UnfoldAdminSelectWidget,
        label="Amounts look like",
    )
    recorded_at = forms.SplitDateTimeField(
        required=False,
        widget=UnfoldAdminSplitDateTimeWidget,
        label="List made at (UTC)",
        help_text="Empty: now.",
    )

    def __init__(self, table: Table, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headers = [("", "—"), *((header, header) for header in table.headers)]
        for column in COLUMNS:
            self.fields[f"column_{column}"] = forms.ChoiceField(
                choices=headers,
                required=False,
                widget=UnfoldAdminSelectWidget,
                label=TITLES.get(column, column.replace("_", " ").capitalize()),
            )

    @property
    def mapping(self) -> dict[str, str]:
        """Our column -> the list's header."""
        return {column: self.cleaned_data[f"column_{column}"] for column in COLUMNS}

    def options_for(self, source: PriceSource) -> ListOptions:
        """Return the stated options; amounts without a currency are in the source's."""
        return ListOptions(
            currency=source.currency,
            decimal_mark=self.cleaned_data["decimal_mark"],
            cost_is_for=CostIsFor(self.cleaned_data["cost_is_for"]),
            recorded_at=self.cleaned_data["recorded_at"],
        )


def initial_values(price_list: PriceList, table: Table) -> dict[str, Any]:
    """Return what the mapping form starts with: the stored mapping and options, or guesses."""
    options = price_list.options
    columns = {f"column_{column}": header for column, header in price_list.mapping.items()}
    return {
        "decimal_mark": options.get("decimal_mark") or guess_decimal_mark(table),
        "cost_is_for": options.get("cost_is_for") or CostIsFor.UNKNOWN,
        **columns,
    }


def as_posted(form: MappingForm) -> dict[str, Any]:
    """Return the form's initial values as if they had been sent, for the first preview."""
    return {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
