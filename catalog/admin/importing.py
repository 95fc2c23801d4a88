"""Files that staff load into the catalogue: previewed row by row, stored all or not at all."""

from datetime import datetime
from typing import Any, ClassVar, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from import_export.admin import ExportActionMixin, ImportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource
from tablib import Dataset  # type: ignore[import-untyped]
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from common.admin.confirming import chosen
from common.clock import utc_now
from common.errors import DomainError
from users.models import User

MAX_ROWS: Final = 5_000
MAX_EXPORTED: Final = 20_000
MAX_BYTES: Final = 5 * 2**20


class SizedImportForm(ImportForm):  # type: ignore[misc]  # untyped
    """Refuses a file that no catalogue has."""

    def clean_import_file(self) -> Any:
        """Return the file."""
        file = self.cleaned_data["import_file"]
        if file.size > MAX_BYTES:
            raise ValidationError(f"A file may have at most {MAX_BYTES // 2**20} MB.")
        return file


class StaffResource(ModelResource):  # type: ignore[misc]  # untyped
    """Rows of a file; who imports and when are the same for all of them."""

    actor: User | None = None
    now: datetime

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Remember who imports, and refuse a file that is too long or has columns nobody knows.

        Raises:
            ValidationError: nothing of the file is read then.
        """
        self.actor, self.now = kwargs.get("user"), utc_now()
        if len(dataset) > MAX_ROWS:
            raise ValidationError(f"A file may have at most {MAX_ROWS:,} rows, not {len(dataset):,}.")
        known = {field.column_name for field in self.get_import_fields()}
        unknown = [str(header) for header in dataset.headers or () if header and header not in known]
        if unknown:
            raise ValidationError(
                f"Unknown columns: {', '.join(unknown)}. Known are: {', '.join(sorted(known))}."
            )

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> Any:
        """Import one row; a refusal of the catalogue's own rules is an error of the row like any other."""
        result = super().import_row(row, instance_loader, **kwargs)
        for error in result.errors:
            if isinstance(error.error, DomainError):
                result.import_type = result.IMPORT_TYPE_INVALID
                result.validation_error = ValidationError(error.error.detail)
                result.errors = []
                break
        return result


class ImportPage(ImportMixin, ExportActionMixin):  # type: ignore[misc]  # untyped
    """Mixed into a staff page before `RoleAdmin`: import with preview for its role, export for all."""

    import_form_class = SizedImportForm
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    show_change_form_export = False
    export_form_class = ExportForm
    import_formats: ClassVar = [CSV, XLSX]
    export_formats: ClassVar = [CSV, XLSX]

    def get_import_formats(self) -> list[type[Any]]:
        """Return the formats a file may have."""
        return self.import_formats

    def get_export_formats(self) -> list[type[Any]]:
        """Return the formats a file can have."""
        return self.export_formats

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Return whether this member of staff may load files."""
        page: Any = self
        return bool(page.may_write(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Return whether this member of staff may take the list away."""
        page: Any = self
        return bool(page.has_view_permission(request))

    def export_admin_action(self, request: HttpRequest, queryset: "QuerySet[Any]") -> HttpResponse | None:
        """Ask for the format in which the selected rows are exported."""
        if chosen(self, request, queryset):
            answer: HttpResponse = super().export_admin_action(request, queryset)
            return answer
        return None

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[str]:
        """Return the selected keys that are keys; the base would read all of the table to compare."""
        page: Any = self
        return [key for key in request.POST.getlist("export_items") if _is_key(page.model, key)]

    def get_export_data(
        self, file_format: Any, request: HttpRequest, queryset: "QuerySet[Any]", **kwargs: Any
    ) -> Any:
        """Return the file's content, of at most as many rows as one is built for in memory."""
        if queryset.order_by()[: MAX_EXPORTED + 1].count() > MAX_EXPORTED:
            page: Any = self
            text = f"Only the first {MAX_EXPORTED:,} rows were exported: filter the list for the others."
            page.message_user(request, text, messages.WARNING)
        return super().get_export_data(file_format, request, queryset[:MAX_EXPORTED], **kwargs)


def _is_key(model: type[Model], text: str) -> bool:
    try:
        model._meta.pk.to_python(text)
    except ValidationError:
        return False
    return True
