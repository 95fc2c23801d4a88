"""Articles that sources sell and the catalogue does not know: suggestions to confirm, others to match."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.models import Product
from catalog.selectors import product_by_ident
from common.admin.base import BoundedPaginator
from common.clock import utc_now
from common.errors import DomainError
from pricing.errors import MatchRefused
from pricing.models import UnmatchedArticle
from pricing.services import confirm_match, ignore_unmatched, suggest_matches
from users.choices import Role

from .base import RoleAdmin, staff

MOST: Final = 200
_SCORES = {"strong": (0.9, 1.01), "fair": (0.75, 0.9), "weak": (0, 0.75)}


class ScoreFilter(admin.SimpleListFilter):
    """How sure the suggestion is."""

    title, parameter_name = "suggestion", "suggestion"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("strong", "0.90 and more"), ("fair", "0.75 to 0.89"), ("weak", "below 0.75"),
            ("none", "None found"), ("waiting", "Not looked for yet"),
        ]  # fmt: skip

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[UnmatchedArticle]
    ) -> QuerySet[UnmatchedArticle]:
        value = self.value()
        if value in _SCORES:
            least, below = _SCORES[value]
            return queryset.filter(suggestion_score__gte=least, suggestion_score__lt=below)
        if value == "none":
            return queryset.filter(suggestion=None).exclude(suggested_at=None)
        return queryset.filter(suggested_at=None) if value == "waiting" else queryset


class NameSpaceFilter(admin.SimpleListFilter):
    """Whose articles."""

    title, parameter_name = "source of the id", "name_space"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        spaces = UnmatchedArticle.objects.order_by("name_space").values_list("name_space", flat=True)
        return [(space, space) for space in spaces.distinct()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[UnmatchedArticle]
    ) -> QuerySet[UnmatchedArticle]:
        return queryset.filter(name_space=self.value()) if self.value() else queryset


class MatchForm(forms.Form):
    """The product each chosen article is. Empty leaves the article open."""

    def __init__(self, articles: list[UnmatchedArticle], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.articles = articles
        for article in articles:
            suggested = article.suggestion
            self.fields[self.name_of(article)] = forms.CharField(
                required=False,
                max_length=150,
                label=str(article),
                initial="" if suggested is None else str(suggested.pk),
                help_text=_help(article),
                widget=UnfoldAdminTextInputWidget,
            )

    @staticmethod
    def name_of(article: UnmatchedArticle) -> str:
        """Return the name of an article's field."""
        return f"product_{article.pk}"

    def clean(self) -> dict[str, Any]:
        """Find the products; one that is not there is an error of its field."""
        values = super().clean() or {}
        for article in self.articles:
            name = self.name_of(article)
            ident = values.get(name, "").strip()
            try:
                values[name] = product_by_ident(ident) if ident else None
            except DomainError as error:
                self.add_error(name, error.detail)
        return values

    def chosen(self) -> list[tuple[UnmatchedArticle, Product]]:
        """Return the articles that were given a product."""
        pairs = [(article, self.cleaned_data[self.name_of(article)]) for article in self.articles]
        return [(article, product) for article, product in pairs if product is not None]


def _help(article: UnmatchedArticle) -> str:
    if article.suggestion is None:
        return "No suggestion: enter a product id, or source:external id."
    reasons = ", ".join(article.suggestion_reasons)
    return f"{article.suggestion}, {article.suggestion.set_name}: {article.suggestion_score} ({reasons})"


@admin.register(UnmatchedArticle)
class UnmatchedArticleAdmin(RoleAdmin):
    """Best suggestions first. A match is confirmed by a person in a form, never made by the list itself."""

    write_role = Role.ANALYST

    list_display = (
        "external_id", "name_space", "name", "set_name", "number", "suggestion", "suggestion_score",
        "seen_count", "last_seen_at", "status",
    )  # fmt: skip
    list_filter = ("status", ScoreFilter, NameSpaceFilter, "category")
    list_select_related = ("suggestion",)
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    search_fields = ("name", "set_name", "=external_id")
    search_help_text = "Name, set or the whole outside id"
    actions = ("match_selected", "ignore_selected", "look_for_suggestions")
    readonly_fields = (
        "name_space", "external_id", "name", "set_name", "set_code", "number", "language", "product_type",
        "category", "seen_count", "first_seen_at", "last_seen_at", "suggestion", "suggestion_score",
        "reasons", "suggested_at", "status", "decided_by", "decided_at",
    )  # fmt: skip
    exclude = ("suggestion_reasons",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_ordering(self, request: HttpRequest) -> tuple[str | OrderBy, ...]:
        """Return best suggestions first, then what was seen most often."""
        return ("-status", F("suggestion_score").desc(nulls_last=True), "-seen_count", "id")

    @admin.display(description="why suggested")
    def reasons(self, article: UnmatchedArticle) -> str:
        """Return the reasons of the suggestion in words."""
        return "; ".join(article.suggestion_reasons) or "-"

    @admin.action(description="Match with a product …", permissions=["change"])
    def match_selected(
        self, request: HttpRequest, queryset: QuerySet[UnmatchedArticle]
    ) -> TemplateResponse | None:
        """Ask for the product of each selected article, then match them one by one."""
        articles = self._chosen(request, queryset)
        if articles is None:
            return None
        form = MatchForm(articles, request.POST if "apply" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, articles, form)
        now = utc_now()
        done = 0
        for article, product in form.chosen():
            done += self._try(
                request,
                article,
                lambda: confirm_match(
                    article=article,  # noqa: B023 - called at once
                    product=product,  # noqa: B023
                    actor=staff(request),
                    now=now,
                ),
            )
        if done:
            self.message_user(request, f"{done} articles matched.", messages.SUCCESS)
        return None

    @admin.action(description="Ignore: we do not trade it", permissions=["change"])
    def ignore_selected(self, request: HttpRequest, queryset: QuerySet[UnmatchedArticle]) -> None:
        """Ignore every selected article."""
        articles, now = self._chosen(request, queryset), utc_now()
        done = sum(
            self._try(
                request,
                article,
                lambda: ignore_unmatched(article=article, actor=staff(request), now=now),  # noqa: B023
            )
            for article in articles or ()
        )
        if done:
            self.message_user(request, f"{done} articles ignored.", messages.SUCCESS)

    @admin.action(description="Look for suggestions now", permissions=["change"])
    def look_for_suggestions(self, request: HttpRequest, queryset: QuerySet[UnmatchedArticle]) -> None:
        """Look for products of the articles that wait longest, whatever is selected."""
        report = suggest_matches(now=utc_now())
        self.message_user(
            request,
            f"{report.looked_at} articles looked at, {report.suggested} suggestions.",
            messages.SUCCESS,
        )

    def _chosen(
        self, request: HttpRequest, queryset: QuerySet[UnmatchedArticle]
    ) -> list[UnmatchedArticle] | None:
        rows = list(queryset.select_related("suggestion").order_by("id")[: MOST + 1])
        if len(rows) > MOST:
            self.message_user(request, f"Select at most {MOST} articles.", messages.ERROR)
            return None
        return rows

    def _try(self, request: HttpRequest, article: UnmatchedArticle, decide: Callable[[], object]) -> int:
        try:
            decide()
        except MatchRefused as error:
            self.message_user(request, f"{article}: {error.detail}", messages.WARNING)
            return 0
        return 1

    def _ask(
        self, request: HttpRequest, articles: list[UnmatchedArticle], form: MatchForm
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Match {len(articles)} articles",
            "opts": self.model._meta,
            "form": form,
            "rows": articles,
            "action": "match_selected",
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/pricing/unmatched/match.html", context)
