"""The catalogue's product page with what sources can do for it: refresh its prices now."""

from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from unfold.decorators import action

from catalog.admin.product import ProductAdmin
from catalog.models import Product
from common.admin.base import may_write
from common.clock import utc_now
from scrapers.services import request_product_refresh
from users.acting import acting_user
from users.choices import Role

from .confirming import confirm_page, is_confirmed

_MOST = 50  # a request of one is a job; whole catalogues are what the schedule is for


class RefreshableProductAdmin(ProductAdmin):
    """The same page; the catalogue lies below the sources and cannot offer this itself."""

    actions = (*ProductAdmin.actions, "refresh_selected")  # type: ignore[assignment]  # one more than the base
    actions_detail = ("refresh_prices",)

    def has_refresh_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Return whether this member of staff may ask for prices."""
        return may_write(request, Role.ANALYST)

    @action(description="Refresh prices now", permissions=["refresh"], icon="sync")  # type: ignore[untyped-decorator]
    def refresh_prices(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Say what will happen, then ask for the prices of this product."""
        product = get_object_or_404(Product, pk=object_id)
        if not is_confirmed(request):
            context = {
                "lines": [
                    "Every source that knows this product and is ready is asked for its price now, politely: "
                    "a few seconds each. It runs in the background."
                ],
                "button": "Refresh prices now",
                "back": reverse("admin:catalog_product_change", args=[product.pk]),
            }
            return confirm_page(
                self, request, "confirm.html", title=f"Refresh prices: {product}", context=context
            )
        job = request_product_refresh(product, actor=acting_user(request), now=utc_now())
        self.message_user(request, f"{job.label}: {job.get_state_display().lower()}.", messages.SUCCESS)
        return redirect("admin:catalog_product_change", product.pk)

    @admin.action(description=f"Refresh prices now (at most {_MOST})", permissions=["refresh"])
    def refresh_selected(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        """Ask for the prices of every selected product."""
        products = list(queryset.order_by("name", "id")[: _MOST + 1])
        if len(products) > _MOST:
            self.message_user(
                request, f"Select at most {_MOST} products; nothing was asked for.", messages.WARNING
            )
            return
        now = utc_now()
        for product in products:
            request_product_refresh(product, actor=acting_user(request), now=now)
        self.message_user(
            request, f"The prices of {len(products)} products were asked for.", messages.SUCCESS
        )


admin.site.unregister(Product)
admin.site.register(Product, RefreshableProductAdmin)
