"""Fixed lists of cards that sealed products refer to by name."""

from django.db import models

from catalog.choices import Board, Finish


class Deck(models.Model):
    """A named list of cards of one set."""

    set_code = models.CharField(max_length=16)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=40, blank=True)
    released_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=30, default="mtgjson")
    fingerprint = models.CharField(max_length=64, editable=False)
    missing = models.JSONField(
        default=list, blank=True, help_text="Cards the source names that the catalogue has not."
    )

    class Meta:
        db_table = "decks"
        constraints = [models.UniqueConstraint(fields=["set_code", "name"], name="decks_unique_set_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.set_code})"


class DeckCard(models.Model):
    """How many copies of one card, in one finish, a deck holds."""

    deck = models.ForeignKey(Deck, on_delete=models.CASCADE, db_index=False, related_name="cards")
    single = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="deck_cards")
    quantity = models.PositiveSmallIntegerField()
    finish = models.CharField(max_length=10, choices=Finish)
    board = models.CharField(max_length=10, choices=Board, default=Board.MAIN)

    class Meta:
        db_table = "deck_cards"
        constraints = [
            models.UniqueConstraint(
                fields=["deck", "single", "finish", "board"], name="deck_cards_unique_line"
            ),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="deck_cards_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x card {self.single_id}"
