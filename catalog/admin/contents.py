"""Versions of contents, with their lines and what they lack."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from catalog.models import ContentChoice, ContentsVersion, SealedContent

from .base import ReadOnlyAdmin, ReadOnlyInline


class SealedContentInline(ReadOnlyInline):
    model = SealedContent
    fields = ("quantity", "kind", "name", "finish", "single", "sealed", "deck", "pack", "alternative")
    ordering = ("position",)
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[SealedContent]:
        rows: QuerySet[SealedContent] = super().get_queryset(request)
        return rows.select_related("single", "sealed", "deck", "pack", "alternative")


class ContentChoiceInline(ReadOnlyInline):
    model = ContentChoice
    fields = ("position", "draws", "with_replacement", "weights")
    readonly_fields = ("weights",)
    ordering = ("position",)
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContentChoice]:
        rows: QuerySet[ContentChoice] = super().get_queryset(request)
        return rows.prefetch_related("alternatives")

    @admin.display(description="Weights of the alternatives")
    def weights(self, choice: ContentChoice) -> str:
        return " : ".join(str(alternative.weight) for alternative in choice.alternatives.all())


@admin.register(ContentsVersion)
class ContentsVersionAdmin(ReadOnlyAdmin):
    list_display = ("product", "version", "source", "source_date", "is_complete", "is_current", "created_at")
    list_filter = ("is_complete", "is_current", "source")
    list_select_related = ("product",)
    search_fields = ("product__name__istartswith", "product__set_code__iexact")
    ordering = ("-id",)
    fields = (
        "product", "version", "source", "source_date", "is_complete", "is_current", "missing_reasons",
        "unreadable_lines", "fingerprint", "created_at",
    )  # fmt: skip
    readonly_fields = ("missing_reasons", "unreadable_lines", "fingerprint", "created_at")
    inlines = (SealedContentInline, ContentChoiceInline)

    @admin.display(description="Missing")
    def missing_reasons(self, version: ContentsVersion) -> SafeString:
        return _as_list(version.missing)

    @admin.display(description="Unreadable lines")
    def unreadable_lines(self, version: ContentsVersion) -> SafeString:
        return _as_list(version.problems)


def _as_list(texts: list[str]) -> SafeString:
    return format_html_join("", "<p>{}</p>", ((text,) for text in texts)) or SafeString("–")
