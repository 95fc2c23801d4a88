"""What was fetched last: single products, and the addresses of bulk feeds."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from common.admin.base import BoundedRoleAdmin, RoleReadOnlyAdmin
from common.admin.confirming import Question, ask, chosen, is_confirmed
from common.clock import utc_now
from scrapers.choices import FetchOutcome
from scrapers.models import FeedDownload, ProductFetch
from scrapers.services.downloads import forget_downloads
from users.acting import acting_user

_GOOD = (FetchOutcome.OK, FetchOutcome.UNCHANGED)
_QUIET = (FetchOutcome.NO_OFFER, FetchOutcome.NOT_LISTED)
OUTCOME_COLOURS = {
    outcome.label: "success" if outcome in _GOOD else "info" if outcome in _QUIET else "danger"
    for outcome in FetchOutcome
}


@admin.register(ProductFetch)
class ProductFetchAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """The last attempt at each product on each route; the scheduler writes and reads it."""

    list_display = ("product", "route", "outcome_badge", "detail", "attempted_at", "succeeded_at", "failures")
    list_filter = ("outcome", "route")
    list_select_related = ("product", "route")
    search_fields = ("product__name__istartswith", "product__set_code__iexact")
    search_help_text = "Beginning of a product's name, or a set code"
    ordering = ("-attempted_at", "id")

    @display(description="Outcome", ordering="outcome", label=OUTCOME_COLOURS)  # type: ignore[untyped-decorator]
    def outcome_badge(self, fetch: ProductFetch) -> str:
        return fetch.get_outcome_display()


@admin.register(FeedDownload)
class FeedDownloadAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """What is known of the addresses of bulk feeds; unchanged content is not loaded twice."""

    list_display = ("url", "route", "fetched_at", "etag", "last_modified", "short_digest")
    list_filter = ("route",)
    list_select_related = ("route",)
    search_fields = ("url",)
    ordering = ("-fetched_at", "id")
    actions = ("fetch_again",)

    @admin.display(description="Digest")
    def short_digest(self, download: FeedDownload) -> str:
        return download.sha256[:12]

    @admin.action(description="Fetch again next time…", permissions=["write"])
    def fetch_again(self, request: HttpRequest, queryset: QuerySet[FeedDownload]) -> HttpResponse | None:
        """Forget the addresses, so that the next run loads them whatever they hold."""
        rows = chosen(self, request, queryset.select_related("route"))
        if not rows:
            return None
        if not is_confirmed(request):
            question = Question(
                title="Fetch again next time",
                button="Forget what is known",
                lines=["The next run loads these addresses whether they changed or not."],
                headers=("Address", "Route", "Fetched"),
                rows=[(row.url, row.route, row.fetched_at) for row in rows],
                keys=[row.pk for row in rows],
            )
            return ask(self, request, question)
        ids = [row.pk for row in rows]
        count = forget_downloads(ids, actor=acting_user(request), now=utc_now())
        self.message_user(request, f"{count} addresses will be fetched again next time.", messages.SUCCESS)
        return None
