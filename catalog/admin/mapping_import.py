"""Lines of `product_singles` from a file: judged together with the lines a product has, then stored."""

from collections import defaultdict
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.widgets import Widget
from tablib import Dataset  # type: ignore[import-untyped]

from catalog.choices import Finish, MappingSource, PullBasis
from catalog.models import Product, ProductSingle
from catalog.selectors import product_by_ident
from catalog.services import MappingLine, already_in_contents, mapping_problems
from common.audit import NewEvent, record_events
from common.errors import DomainError

from .importing import StaffResource

_COLUMNS = (
    "sealed_product", "single_product", "quantity", "guaranteed", "finish", "slot", "pull_probability",
    "pull_basis", "packs_per_product",
)  # fmt: skip
_YES = {"1", "true", "yes", "y"}
_NO = {"0", "false", "no", "n"}
Key = tuple[object, ...]


class IdentWidget(Widget):  # type: ignore[misc]  # untyped
    """A product by its id, or by `source:external id`."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Product:
        """Return the product.

        Raises:
            ValueError: if there is none.
        """
        try:
            return product_by_ident(str(value or "").strip())
        except DomainError as error:
            raise ValueError(error.detail) from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Return its id."""
        return str(value.pk) if value else ""


class ProductSingleResource(StaffResource):
    """One staff line a row, found by product, card, finish and slot; the others of the product stay.

    Lines of one product are judged together (MATHS 1.1), those that are stored already too.
    """

    sealed_product = Field(attribute="sealed_product", column_name="sealed_product", widget=IdentWidget())
    single_product = Field(attribute="single_product", column_name="single_product", widget=IdentWidget())

    class Meta:
        model = ProductSingle
        fields = _COLUMNS
        export_order = _COLUMNS
        import_id_fields: ClassVar[list[str]] = []
        skip_unchanged = True
        report_skipped = True

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Read all rows once and find what contradicts what."""
        super().before_import(dataset, **kwargs)
        missing = {"sealed_product", "single_product"} - set(dataset.headers or ())
        if missing:
            raise ValidationError(f"Missing columns: {', '.join(sorted(missing))}.")
        self._problems: dict[int, str] = {}
        self._lines: dict[int, tuple[Product, MappingLine]] = {}
        self._written: dict[object, int] = defaultdict(int)
        self._known = _Products()
        for number, row in enumerate(dataset.dict, 1):
            try:
                self._lines[number] = self._known.line(row)
            except (ValueError, DomainError) as error:
                self._problems[number] = getattr(error, "detail", "") or str(error)
        self._judge()

    def get_instance(self, instance_loader: Any, row: Any) -> ProductSingle | None:
        """Return the staff line a row means; None for a new one."""
        sealed, line = self._lines[row["_number"]]
        found = ProductSingle.objects.select_related("sealed_product", "single_product").filter(
            sealed_product=sealed, single_product=line.single, guaranteed=line.guaranteed,
            finish=line.finish, slot=line.slot, source=MappingSource.STAFF,
        )  # fmt: skip
        return found.first()

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Refuse a row that cannot be read or contradicts another."""
        number = kwargs["row_number"]
        if number in self._problems:
            raise ValidationError(self._problems[number])
        row["_number"] = number

    def import_instance(self, instance: ProductSingle, row: Any, **kwargs: Any) -> None:
        """Set the line from what was read."""
        sealed, line = self._lines[row["_number"]]
        instance.sealed_product, instance.single_product = sealed, line.single
        instance.quantity, instance.guaranteed = line.quantity, line.guaranteed
        instance.finish, instance.slot = line.finish, line.slot
        instance.pull_probability, instance.pull_basis = line.probability, line.basis
        instance.packs_per_product = line.packs_per_product
        instance.source, instance.rarity = MappingSource.STAFF, line.single.rarity

    def after_save_instance(self, instance: ProductSingle, row: Any, **kwargs: Any) -> None:
        """Count the lines of each product for its audit event."""
        self._written[instance.sealed_product_id] += 1

    def after_import(self, dataset: Dataset, result: Any, **kwargs: Any) -> None:
        """Record one event for each product whose lines changed."""
        super().after_import(dataset, result, **kwargs)
        events = [
            NewEvent("product.mapping_imported", f"product:{key}", {"lines": count})
            for key, count in self._written.items()
        ]
        if events:
            record_events(events, actor=self.actor, now=self.now)

    def _judge(self) -> None:
        """Judge the lines of each product together: those of the file and those that stay."""
        rows: dict[object, list[int]] = defaultdict(list)
        for number, (sealed, _) in self._lines.items():
            rows[sealed.pk].append(number)
        stored: dict[object, list[ProductSingle]] = defaultdict(list)
        staff = ProductSingle.objects.filter(sealed_product__in=list(rows), source=MappingSource.STAFF)
        for found in staff.select_related("single_product"):
            stored[found.sealed_product_id].append(found)
        for key, numbers in rows.items():
            sealed = self._lines[numbers[0]][0]
            given = [self._lines[number][1] for number in numbers]
            replaced = {_key(line) for line in given}
            kept = [line for line in map(_stored_line, stored[key]) if _key(line) not in replaced]
            lines = [*given, *kept]
            for place, what in mapping_problems(sealed, lines) + already_in_contents(sealed, lines):
                number = numbers[place] if place is not None and place < len(numbers) else numbers[0]
                self._problems.setdefault(number, what)


class _Products:
    """Reads lines; each product of the file is looked up once."""

    def __init__(self) -> None:
        self._found: dict[str, Product] = {}

    def line(self, row: Any) -> tuple[Product, MappingLine]:
        """Return a row as a line of its sealed product.

        Raises:
            ValueError, DomainError: saying which column and why.
        """
        probability = _text(row, "pull_probability")
        return self._product(row, "sealed_product"), MappingLine(
            single=self._product(row, "single_product"),
            quantity=_whole(row, "quantity"),
            guaranteed=_truth(row, "guaranteed"),
            probability=_number(probability, "pull_probability") if probability else None,
            finish=_choice(row, "finish", Finish.values, Finish.NONFOIL.value),
            slot=_text(row, "slot"),
            basis=_choice(row, "pull_basis", PullBasis.values, PullBasis.PER_PRODUCT.value),
            packs_per_product=_whole(row, "packs_per_product"),
        )

    def _product(self, row: Any, column: str) -> Product:
        ident = _text(row, column)
        if not ident:
            raise ValueError(f"{column}: empty")
        if ident not in self._found:
            self._found[ident] = product_by_ident(ident)
        return self._found[ident]


def _key(line: MappingLine) -> Key:
    return (line.single.pk, line.guaranteed, line.finish, line.slot)


def _stored_line(row: ProductSingle) -> MappingLine:
    return MappingLine(
        single=row.single_product,
        quantity=row.quantity,
        guaranteed=row.guaranteed,
        probability=row.pull_probability,
        finish=row.finish,
        slot=row.slot,
        basis=row.pull_basis,
        packs_per_product=row.packs_per_product,
    )


def _text(row: Any, column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value).strip()


def _whole(row: Any, column: str) -> int:
    text = _text(row, column) or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(f"{column}: {text[:40]!r} is no whole number")
    return int(text)


def _number(text: str, column: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(f"{column}: {text[:40]!r} is no number")
    return number


def _truth(row: Any, column: str) -> bool:
    text = _text(row, column).lower() or "yes"
    if text not in _YES | _NO:
        raise ValueError(f"{column}: {text[:40]!r} is neither yes nor no")
    return text in _YES


def _choice(row: Any, column: str, allowed: list[str], default: str) -> str:
    text = _text(row, column).lower() or default
    if text not in allowed:
        raise ValueError(f"{column}: {text[:40]!r} is not one of {', '.join(allowed)}")
    return text
