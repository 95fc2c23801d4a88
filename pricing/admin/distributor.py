"""Distributors for staff: upload a price list, map its columns, look at what an import would do, import."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from common.admin.base import OPERATOR, RoleAdmin, RoleReadOnlyAdmin
from common.clock import utc_now
from common.errors import DomainError
from pricing.importers.distributor import COLUMNS, Table, parse_price_list
from pricing.models import DistributorOffer, PriceList
from pricing.services.distributor import (
    PriceListReport,
    import_price_list,
    table_of,
    upload_price_list,
)
from users.models import User

from .distributor_forms import MappingForm, UploadForm, as_posted, initial_values

ROWS_SHOWN = 25


@admin.register(PriceList)
class PriceListAdmin(RoleAdmin):
    """Price lists, newest first. Adding one uploads it; its page maps, previews and imports it."""

    write_role: ClassVar[str] = OPERATOR
    list_display = ("file_name", "source", "status", "uploaded_at", "imported_at", "uploaded_by", "result")
    list_filter = ("status", "source")
    list_select_related = ("source", "uploaded_by")
    search_fields = ("file_name", "content_sha256")
    ordering = ("-uploaded_at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceList]:
        rows: QuerySet[PriceList] = super().get_queryset(request)
        return rows.defer("content")

    def get_urls(self) -> list[URLPattern]:
        review = path(
            "<int:list_id>/review/",
            self.admin_site.admin_view(self.review_view),
            name="pricing_pricelist_review",
        )
        return [review, *super().get_urls()]

    @admin.display(description="result")
    def result(self, price_list: PriceList) -> str:
        """Return what the import did, in a few words."""
        report = price_list.report
        if not report:
            return "not imported"
        return (
            f"{report['prices_stored']} stored, {report['prices_held']} held, "
            f"{report['unmatched']} unmatched, {report['problem_count']} unreadable"
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Upload a list and go on to its review."""
        if not self.has_add_permission(request):
            return HttpResponse(status=403)
        form = UploadForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                price_list = upload_price_list(
                    source=form.cleaned_data["source"],
                    file_name=file.name,
                    content=file.read(),
                    actor=cast(User, request.user),
                    now=utc_now(),
                )
            except DomainError as error:
                form.add_error("file", error.detail)
            else:
                return HttpResponseRedirect(_review_url(price_list))
        context = {**self.admin_site.each_context(request), "title": "Upload a price list", "form": form}
        return TemplateResponse(
            request, "admin/pricing/pricelist/upload.html", {**context, "opts": self.model._meta}
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A list's page is its review."""
        price_list = self.get_object(request, object_id)
        if price_list is None:
            raise Http404
        return HttpResponseRedirect(_review_url(price_list))

    def review_view(self, request: HttpRequest, list_id: int) -> HttpResponse:
        """Show the mapping, the rows it gives and what an import would do; import when asked to."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        price_list = get_object_or_404(PriceList.objects.select_related("source__venue"), pk=list_id)
        table = table_of(price_list)
        form = MappingForm(table, request.POST or None, initial=initial_values(price_list, table))
        is_import = "import" in request.POST
        if is_import and not self.may_write(request):
            return HttpResponse(status=403)
        report, rows, refusal = self._try(request, price_list, table, form, is_import=is_import)
        if is_import and report is not None:
            self.message_user(
                request,
                f"{report.prices_stored} prices stored, {report.prices_held} held for a decision, "
                f"{report.unmatched} articles without a known id (see Unmatched articles).",
                messages.SUCCESS,
            )
            return HttpResponseRedirect(reverse("admin:pricing_pricelist_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Review {price_list.file_name}",
            "price_list": price_list,
            "form": form,
            "columns": [form[f"column_{column}"] for column in COLUMNS],
            "report": report,
            "rows": rows[:ROWS_SHOWN],
            "row_count": len(rows),
            "refusal": refusal,
            "may_import": self.may_write(request),
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "admin/pricing/pricelist/review.html", context)

    def _try(
        self, request: HttpRequest, price_list: PriceList, table: Table, form: MappingForm, *, is_import: bool
    ) -> tuple[PriceListReport | None, list[Any], str]:
        """Return the report and the rows of an import or a dry run, or why there is none."""
        if not form.is_bound:
            form = MappingForm(table, as_posted(form))
        if not form.is_valid():
            return None, [], "" if request.POST else "Map the columns, then preview."
        options = form.options_for(price_list.source)
        try:
            rows = parse_price_list(table, mapping=form.mapping, options=options).rows
            report = import_price_list(
                price_list,
                mapping=form.mapping,
                options=options,
                actor=cast(User, request.user),
                now=utc_now(),
                is_dry_run=not is_import,
            )
        except DomainError as error:
            return None, [], error.detail
        return report, list(rows), ""


@admin.register(DistributorOffer)
class DistributorOfferAdmin(RoleReadOnlyAdmin):
    """What distributors offer now, matched to the catalogue or not."""

    list_display = (
        "sku", "name", "source", "product", "unit_cost", "case_cost", "case_quantity", "currency",
        "available_quantity", "released_on", "order_cutoff", "is_unit_clear", "recorded_at",
    )  # fmt: skip
    list_filter = ("source", "is_unit_clear", "category", ("product", admin.EmptyFieldListFilter))
    list_select_related = ("source", "product")
    search_fields = ("sku", "gtin", "name")
    ordering = ("name", "id")
    list_per_page = 50
    show_full_result_count = False


def _review_url(price_list: PriceList) -> str:
    return reverse("admin:pricing_pricelist_review", args=[price_list.pk])
