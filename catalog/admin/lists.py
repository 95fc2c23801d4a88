"""Decks and booster packs: what sources state, to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest

from catalog.models import BoosterConfiguration, BoosterPack, BoosterSheet, Deck, DeckCard

from .base import ReadOnlyAdmin, ReadOnlyInline


class DeckCardInline(ReadOnlyInline):
    model = DeckCard
    fields = ("quantity", "single", "finish", "board")
    ordering = ("board", "id")
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeckCard]:
        rows: QuerySet[DeckCard] = super().get_queryset(request)
        return rows.select_related("single")


@admin.register(Deck)
class DeckAdmin(ReadOnlyAdmin):
    list_display = ("name", "set_code", "kind", "released_on", "is_complete")
    list_filter = ("kind",)
    search_fields = ("name", "set_code__iexact")
    ordering = ("set_code", "name")
    inlines = (DeckCardInline,)

    @admin.display(boolean=True, description="Complete")
    def is_complete(self, deck: Deck) -> bool:
        return not deck.missing


class BoosterSheetInline(ReadOnlyInline):
    model = BoosterSheet
    fields = (
        "name",
        "card_count",
        "total_weight",
        "is_foil",
        "allow_duplicates",
        "balance_colors",
        "is_fixed",
    )
    readonly_fields = ("card_count", "total_weight")
    ordering = ("id",)
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[BoosterSheet] = super().get_queryset(request)
        return rows.annotate(card_count=Count("cards"), total_weight=Sum("cards__weight"))

    @admin.display(description="Cards")
    def card_count(self, sheet: Any) -> int:
        return int(sheet.card_count)

    @admin.display(description="Total weight")
    def total_weight(self, sheet: Any) -> int:
        return int(sheet.total_weight or 0)


class BoosterConfigurationInline(ReadOnlyInline):
    model = BoosterConfiguration
    fields = ("position", "weight", "draws")
    readonly_fields = ("draws",)
    ordering = ("position",)
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[BoosterConfiguration]:
        rows: QuerySet[BoosterConfiguration] = super().get_queryset(request)
        return rows.prefetch_related("sheets__sheet")

    @admin.display(description="Draws")
    def draws(self, configuration: BoosterConfiguration) -> str:
        return ", ".join(f"{draw.quantity} {draw.sheet.name}" for draw in configuration.sheets.all())


@admin.register(BoosterPack)
class BoosterPackAdmin(ReadOnlyAdmin):
    list_display = ("set_code", "code", "name", "is_complete")
    list_filter = ("code",)
    search_fields = ("set_code__iexact", "code", "name")
    ordering = ("set_code", "code")
    inlines = (BoosterConfigurationInline, BoosterSheetInline)

    @admin.display(boolean=True, description="Complete")
    def is_complete(self, pack: BoosterPack) -> bool:
        return not pack.missing
