"""The catalogue's product page with what sources can do for it: refresh its prices, look at them, analyse."""

from datetime import timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action

from catalog.admin.product import ProductAdmin
from catalog.models import Product
from common.admin.base import may_write
from common.admin.confirming import Question, ask, chosen, is_confirmed
from common.clock import utc_now
from pricing.models import CurrentPrice
from scrapers.services import request_product_refresh
from scrapers.services.analysis import request_product_analysis
from users.acting import acting_user
from users.choices import Role

MOST: Final = 50  # a request of one is a job; whole catalogues are what the schedule is for
_PRICES_SHOWN: Final = 40


class StaleFilter(admin.SimpleListFilter):
    """Products without a price young enough to raise an opportunity."""

    title, parameter_name = "prices", "prices"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("stale", f"Older than {settings.PRICE_MAX_AGE_HOURS} h, or none"),
            ("none", "None at all"),
            ("fresh", f"Within {settings.PRICE_MAX_AGE_HOURS} h"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        prices = CurrentPrice.objects.filter(product=OuterRef("key"))
        young = prices.filter(recorded_at__gte=utc_now() - timedelta(hours=settings.PRICE_MAX_AGE_HOURS))
        match self.value():
            case "stale":
                return queryset.filter(~Exists(young))
            case "none":
                return queryset.filter(~Exists(prices))
            case "fresh":
                return queryset.filter(Exists(young))
            case _:
                return queryset


class RefreshableProductAdmin(ProductAdmin):
    """The same page; the catalogue lies below the sources and cannot offer this itself."""

    list_filter = (*ProductAdmin.list_filter, StaleFilter)
    actions = (*ProductAdmin.actions, "refresh_selected", "analyse_selected")
    actions_detail = ("refresh_prices",)
    readonly_fields: ClassVar[tuple[str, ...]] = (*ProductAdmin.readonly_fields, "last_prices")

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        """Show the newest prices of an article that exists."""
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, ("Last prices", {"fields": ("last_prices",)})] if obj else fieldsets

    def has_refresh_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Return whether this member of staff may ask for prices."""
        return may_write(request, Role.ANALYST)

    @admin.display(description="newest of each source and kind")
    def last_prices(self, product: Product) -> SafeString | str:
        prices = CurrentPrice.objects.filter(product__key=product.key).select_related("source", "variant")
        rows = [
            (
                price.source.code,
                price.variant.get_price_type_display(),
                price.variant.get_finish_display(),
                price.variant.get_condition_display(),
                f"{price.price:,} {price.variant.currency}",
                f"{price.recorded_at:%Y-%m-%d %H:%M} UTC",
            )
            for price in prices.order_by("-recorded_at", "source", "variant")[:_PRICES_SHOWN]
        ]
        if not rows:
            return "No source has a price."
        body = format_html_join(
            "", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", rows
        )
        head = "".join(
            f"<th>{name}</th>" for name in ("Source", "Kind", "Finish", "Condition", "Price", "Seen")
        )
        return format_html(
            '<table class="arb-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
            SafeString(head),
            body,
        )

    @action(description="Refresh prices now", permissions=["refresh"], icon="sync")  # type: ignore[untyped-decorator]
    def refresh_prices(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Say what will happen, then ask for the prices of this product."""
        product = get_object_or_404(Product, pk=object_id)
        back = reverse("admin:catalog_product_change", args=[product.pk])
        return self._refresh(request, [product], back=back) or redirect(back)

    @admin.action(description=f"Refresh prices now (at most {MOST})…", permissions=["refresh"])
    def refresh_selected(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse | None:
        """Ask for the prices of every selected product."""
        return self._refresh(request, chosen(self, request, queryset, most=MOST))

    @admin.action(description=f"Analyse now (at most {MOST})…", permissions=["refresh"])
    def analyse_selected(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse | None:
        """Ask for an analysis of the sealed ones among the selected products."""
        rows = chosen(self, request, queryset.sealed(), most=MOST)  # type: ignore[attr-defined]
        line = "Each sealed product is valued again from current prices, in the background."
        if not rows:
            return None
        if page := self._ask(request, rows, "Analyse now", line):
            return page
        now = utc_now()
        for product in rows:
            request_product_analysis(product, actor=acting_user(request), now=now)
        self.message_user(request, f"An analysis of {len(rows)} products was asked for.", messages.SUCCESS)
        return None

    def _refresh(
        self, request: HttpRequest, products: list[Product], *, back: str = ""
    ) -> HttpResponse | None:
        if not products:
            return None
        if not is_confirmed(request):
            question = Question(
                title=f"Refresh prices: {products[0] if len(products) == 1 else f'{len(products)} products'}",
                button="Refresh prices now",
                lines=[
                    "Every source that knows the product and is ready is asked for its price now, politely: "
                    "a few seconds each. It runs in the background, one job for each product."
                ],
                headers=("Article", "Set", "Game"),
                rows=[(one.name, one.set_name, one.get_category_display()) for one in products],
                back=back,
                keys=[one.pk for one in products],
            )
            return ask(self, request, question)
        now = utc_now()
        jobs = [request_product_refresh(one, actor=acting_user(request), now=now) for one in products]
        text = f"{jobs[0].label}: {jobs[0].get_state_display().lower()}."
        if len(jobs) > 1:
            text = f"The prices of {len(jobs)} products were asked for."
        self.message_user(request, text, messages.SUCCESS)
        return None


admin.site.unregister(Product)
admin.site.register(Product, RefreshableProductAdmin)
