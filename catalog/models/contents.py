"""What a sealed product holds: a graph of cards, decks, packs and sealed products, in dated versions."""

from django.db import models

from catalog.choices import ContentKind, Finish


class ContentsVersion(models.Model):
    """One dated statement of a sealed product's contents. Exactly one version is current."""

    product = models.ForeignKey(
        "catalog.Product", on_delete=models.CASCADE, db_index=False, related_name="contents_versions"
    )
    version = models.PositiveIntegerField()
    source = models.CharField(max_length=30, help_text="mtgjson, staff, demo.")
    source_date = models.DateField(null=True, blank=True)
    fingerprint = models.CharField(
        max_length=64, editable=False, help_text="SHA-256 of the canonical contents."
    )
    is_complete = models.BooleanField(default=False)
    missing = models.JSONField(
        default=list, blank=True, help_text="What keeps the contents from being complete."
    )
    problems = models.JSONField(
        default=list, blank=True, help_text="Lines of the source that could not be read."
    )
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "contents_versions"
        constraints = [
            models.UniqueConstraint(fields=["product", "version"], name="contents_versions_unique_version"),
            models.UniqueConstraint(
                fields=["product"], condition=models.Q(is_current=True), name="contents_versions_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version} ({self.source})"


class ContentChoice(models.Model):
    """`draws` of the alternatives below it are in the product, with or without replacement."""

    contents = models.ForeignKey(
        ContentsVersion, on_delete=models.CASCADE, db_index=False, related_name="choices"
    )
    position = models.PositiveSmallIntegerField()
    draws = models.PositiveSmallIntegerField(default=1)
    with_replacement = models.BooleanField(default=False)

    class Meta:
        db_table = "content_choices"
        constraints = [
            models.UniqueConstraint(fields=["contents", "position"], name="content_choices_unique_position")
        ]

    def __str__(self) -> str:
        return f"choice {self.position}"


class ContentAlternative(models.Model):
    """One weighted alternative of a choice; its lines come together."""

    choice = models.ForeignKey(
        ContentChoice, on_delete=models.CASCADE, db_index=False, related_name="alternatives"
    )
    position = models.PositiveSmallIntegerField()
    weight = models.BigIntegerField(default=1)

    class Meta:
        db_table = "content_alternatives"
        constraints = [
            models.UniqueConstraint(
                fields=["choice", "position"], name="content_alternatives_unique_position"
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1), name="content_alternatives_weight_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"alternative {self.position} (weight {self.weight})"


class SealedContent(models.Model):
    """One line of contents. A line whose reference is empty is unresolved, except for other items."""

    contents = models.ForeignKey(
        ContentsVersion, on_delete=models.CASCADE, db_index=False, related_name="lines"
    )
    alternative = models.ForeignKey(
        ContentAlternative, on_delete=models.CASCADE, null=True, blank=True, related_name="lines"
    )
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ContentKind)
    quantity = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=255, blank=True, help_text="As the source names it.")
    finish = models.CharField(max_length=10, choices=Finish, blank=True)
    single = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="content_lines"
    )
    sealed = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="container_lines"
    )
    deck = models.ForeignKey(
        "catalog.Deck", on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    pack = models.ForeignKey(
        "catalog.BoosterPack", on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )

    class Meta:
        db_table = "sealed_contents"
        constraints = [
            models.UniqueConstraint(fields=["contents", "position"], name="sealed_contents_unique_position"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1), name="sealed_contents_quantity_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.name or self.kind}"
