"""The form of a live market: checked by the rules of the environment, its token written and never shown."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldBooleanWidget

from common.secrets import Secret
from quant.spreads.symbols import brand_slug
from scrapers.choices import LiveAdapter, MarketSide
from scrapers.giftcards.rules import ADAPTERS, MarketFacts, market_problems
from scrapers.models import LiveMarket
from scrapers.selectors.live_markets import OTHER_HOST, takes_token_elsewhere

TYPED: Final = (
    "code", "adapter", "side", "is_enabled", "url", "order_url", "token_header", "poll_ms", "timeout_ms",
    "fee_bps", "slippage_bps", "fixed_fee", "currency", "region", "brands", "network", "items_path",
    "field_map",
)  # fmt: skip


class LiveMarketForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What staff declare; `facts` is the result."""

    new_token = forms.CharField(
        required=False,
        max_length=4_000,
        label="Token",
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text="Empty: the stored one stays. Reloadly: client_id:client_secret.",
    )
    remove_token = forms.BooleanField(
        required=False, label="Remove the stored token", widget=UnfoldBooleanWidget()
    )

    class Meta:
        model = LiveMarket
        fields = TYPED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "adapter" in self.fields:
            offered = {*ADAPTERS, self.instance.adapter}
            self.fields["adapter"].choices = [  # type: ignore[attr-defined]
                choice for choice in LiveAdapter.choices if choice[0] in offered
            ]
        for name in ("currency", "region"):
            if name in self.fields:
                self.fields[name].required = True
        for name, value in (("currency", "USD"), ("region", "US")):
            if name in self.fields and self.instance.pk is None:
                self.fields[name].initial = value

    def clean_brands(self) -> list[str]:
        """Return brands as they stand in symbols."""
        try:
            return list(dict.fromkeys(brand_slug(name) for name in self.cleaned_data["brands"] or []))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean_currency(self) -> str:
        """Return the code in capitals."""
        return str(self.cleaned_data["currency"]).upper()

    def clean_region(self) -> str:
        """Return the code in capitals."""
        return str(self.cleaned_data["region"]).upper()

    def clean_field_map(self) -> dict[str, Any]:
        """Refuse anything but an object."""
        value = self.cleaned_data["field_map"] or {}
        if not isinstance(value, dict):
            raise ValidationError('Write an object such as {"price": "cost.amount"}.')
        return value

    def clean(self) -> dict[str, Any]:
        """Check everything together, as for markets of the environment."""
        found = super().clean() or self.cleaned_data
        if found.get("new_token") and found.get("remove_token"):
            self.add_error("remove_token", "Either a new token or none.")
        if not self.errors:
            for problem in market_problems(self.facts()):
                name = "new_token" if problem.field == "token" else problem.field
                self.add_error(name if name in self.fields else None, problem.text)
        if not self.errors and self.keeps_token and takes_token_elsewhere(self.instance, self.facts()):
            self.add_error("new_token", f"The stored one {OTHER_HOST}.")
        return found

    def facts(self) -> MarketFacts:
        """Return what was typed in."""
        given = self.cleaned_data
        code = given.get("code") or self.instance.code
        return MarketFacts(
            code=code,
            name=code.replace("_", " ").replace("-", " ").title(),
            adapter=LiveAdapter(given["adapter"]),
            side=MarketSide(given["side"]),
            token=Secret(given.get("new_token", "")),
            brands=tuple(given["brands"]),
            field_map=given["field_map"],
            **{
                name: given[name]
                for name in (
                    "url", "order_url", "token_header", "poll_ms", "timeout_ms", "fee_bps", "slippage_bps",
                    "fixed_fee", "currency", "region", "network", "items_path",
                )
            },
        )  # fmt: skip

    @property
    def keeps_token(self) -> bool:
        """Whether the stored token stays."""
        return not self.cleaned_data.get("new_token") and not self.cleaned_data.get("remove_token")

    def changes(self) -> list[tuple[str, str, str]]:
        """Return what will change: field, before and after; of a token only what happens to it."""
        rows = []
        for name in TYPED:
            if name not in self.fields:
                continue
            before, after = self.initial.get(name), self.cleaned_data[name]
            if self.instance.pk is None or _differs(before, after):
                shown = "" if self.instance.pk is None else _shown(before)
                rows.append((str(self.fields[name].label or name), shown, _shown(after)))
        if self.cleaned_data.get("new_token"):
            rows.append(("Token", "", "a new one"))
        elif self.cleaned_data.get("remove_token"):
            rows.append(("Token", "", "removed"))
        return rows


def _differs(before: Any, after: Any) -> bool:
    return (before or None) != (after or None) if not isinstance(after, bool) else bool(before) != after


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value)
