"""Places where articles are bought and sold."""

from django.db import models

from catalog.choices import VenueKind


class Venue(models.Model):
    """A marketplace, store or distributor. Price sources and fee schedules belong to one."""

    id = models.SmallAutoField(primary_key=True)
    code = models.SlugField(max_length=50, unique=True, help_text="Stable short name, e.g. cardmarket.")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=VenueKind, default=VenueKind.MARKETPLACE)
    region = models.CharField(max_length=2, blank=True, help_text="ISO 3166 country, or EU.")
    currency = models.CharField(max_length=3, help_text="ISO 4217 code the venue quotes in.")
    is_enabled = models.BooleanField(default=True)
    website = models.URLField(blank=True)

    class Meta:
        db_table = "venues"

    def __str__(self) -> str:
        return self.name
