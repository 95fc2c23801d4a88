"""Booster packs: weighted configurations of weighted sheets of cards."""

from django.db import models

from catalog.choices import Finish


class BoosterPack(models.Model):
    """One kind of pack of one set. Exactly one of its configurations is opened, by weight."""

    set_code = models.CharField(max_length=16)
    code = models.CharField(
        max_length=60, help_text="draft, collector, play, …; `default` for older draft packs."
    )
    name = models.CharField(max_length=255, blank=True)
    source = models.CharField(max_length=30, default="mtgjson")
    fingerprint = models.CharField(max_length=64, editable=False)
    missing = models.JSONField(
        default=list, blank=True, help_text="Cards the source names that the catalogue has not."
    )

    class Meta:
        db_table = "booster_packs"
        constraints = [
            models.UniqueConstraint(fields=["set_code", "code"], name="booster_packs_unique_set_code")
        ]

    def __str__(self) -> str:
        return f"{self.set_code} {self.code}"


class BoosterSheet(models.Model):
    """A printed sheet: cards with weights, drawn without repeats inside one pack unless it says so."""

    pack = models.ForeignKey(BoosterPack, on_delete=models.CASCADE, db_index=False, related_name="sheets")
    name = models.CharField(max_length=100)
    is_foil = models.BooleanField(default=False)
    allow_duplicates = models.BooleanField(default=False)
    balance_colors = models.BooleanField(default=False)
    is_fixed = models.BooleanField(
        default=False, help_text="Every card of the sheet is in the pack, weight times."
    )

    class Meta:
        db_table = "booster_sheets"
        constraints = [models.UniqueConstraint(fields=["pack", "name"], name="booster_sheets_unique_name")]

    def __str__(self) -> str:
        return self.name


class BoosterSheetCard(models.Model):
    """A card on a sheet and its weight."""

    sheet = models.ForeignKey(BoosterSheet, on_delete=models.CASCADE, db_index=False, related_name="cards")
    single = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="sheet_cards")
    finish = models.CharField(max_length=10, choices=Finish)
    weight = models.BigIntegerField()

    class Meta:
        db_table = "booster_sheet_cards"
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "single", "finish"], name="booster_sheet_cards_unique_card"
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1), name="booster_sheet_cards_weight_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"sheet card {self.pk}"


class BoosterConfiguration(models.Model):
    """One way a pack can be filled, and how often it occurs relative to the others."""

    pack = models.ForeignKey(
        BoosterPack, on_delete=models.CASCADE, db_index=False, related_name="configurations"
    )
    position = models.PositiveSmallIntegerField()
    weight = models.BigIntegerField()

    class Meta:
        db_table = "booster_configurations"
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "position"], name="booster_configurations_unique_position"
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1), name="booster_configurations_weight_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"configuration {self.position} (weight {self.weight})"


class BoosterConfigurationSheet(models.Model):
    """How many cards a configuration draws from a sheet."""

    configuration = models.ForeignKey(
        BoosterConfiguration, on_delete=models.CASCADE, db_index=False, related_name="sheets"
    )
    sheet = models.ForeignKey(BoosterSheet, on_delete=models.CASCADE, related_name="configurations")
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "booster_configuration_sheets"
        constraints = [
            models.UniqueConstraint(
                fields=["configuration", "sheet"], name="booster_configuration_sheets_unique_sheet"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1), name="booster_configuration_sheets_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} cards of sheet {self.sheet_id}"
