"""The register of terms, and what is remembered of earlier fetches."""

from django.conf import settings
from django.db import models

from pricing.choices import Route
from scrapers.choices import FetchOutcome, RobotsPolicy


class SourceRoute(models.Model):
    """One route of one source in the register: may it start, on what grounds, and how it went last time.

    The rows follow `scrapers.registry`; what staff decide (enabled, acknowledgement, review) is kept.
    """

    source = models.CharField(max_length=50)
    code = models.CharField(max_length=30)
    route = models.CharField(max_length=10, choices=Route)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Routes of a source are tried in this order."
    )
    is_enabled = models.BooleanField(default=True)
    is_opt_in = models.BooleanField(default=False, editable=False)
    acknowledged_at = models.DateTimeField(null=True, blank=True, editable=False)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    robots_policy = models.CharField(max_length=20, choices=RobotsPolicy, default=RobotsPolicy.OBEY)
    min_delay_seconds = models.PositiveSmallIntegerField(
        default=2, help_text="Between two requests to one host."
    )
    terms_url = models.URLField(max_length=300, blank=True)
    allowed_use = models.TextField(blank=True, help_text="What the terms were found to allow.")
    contact = models.CharField(max_length=200, blank=True, help_text="Who to ask at the venue.")
    reviewed_on = models.DateField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    attribution = models.CharField(max_length=200, blank=True)
    last_started_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_success_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_failure_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(max_length=300, blank=True, editable=False)
    confirmed_at = models.DateTimeField(
        null=True, blank=True, editable=False,
        help_text="When a bulk route last found that all it had published before is unchanged.",
    )  # fmt: skip

    class Meta:
        db_table = "source_routes"
        ordering = ["source", "position"]
        constraints = [
            models.UniqueConstraint(fields=["source", "code"], name="source_routes_unique_code"),
            models.CheckConstraint(
                condition=models.Q(min_delay_seconds__gte=2), name="source_routes_min_delay"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}/{self.code}"


class FeedDownload(models.Model):
    """What is known of one address of a bulk feed: its validators and digest (`scrapers.feeds.Download`)."""

    route = models.ForeignKey(SourceRoute, on_delete=models.CASCADE, related_name="downloads")
    url = models.CharField(max_length=500)
    fetched_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "feed_downloads"
        constraints = [models.UniqueConstraint(fields=["route", "url"], name="feed_downloads_unique_url")]

    def __str__(self) -> str:
        return self.url


class RouteCalls(models.Model):
    """How many requests one route sent within one hour; what a venue allows in a day is planned with it."""

    route = models.ForeignKey(SourceRoute, on_delete=models.CASCADE, related_name="calls")
    hour = models.DateTimeField(help_text="Its beginning.")
    calls = models.PositiveIntegerField()

    class Meta:
        db_table = "route_calls"
        verbose_name_plural = "route calls"
        constraints = [models.UniqueConstraint(fields=["route", "hour"], name="route_calls_unique_hour")]

    def __str__(self) -> str:
        return f"{self.route} {self.hour:%Y-%m-%d %H:00}: {self.calls}"


class ProductFetch(models.Model):
    """The last attempt to price one product on one route; the scheduler plans with it."""

    route = models.ForeignKey(SourceRoute, on_delete=models.CASCADE, related_name="fetches")
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="fetches")
    attempted_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=15, choices=FetchOutcome)
    detail = models.CharField(max_length=300, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")

    class Meta:
        db_table = "product_fetches"
        verbose_name_plural = "product fetches"
        constraints = [models.UniqueConstraint(fields=["route", "product"], name="product_fetches_unique")]
        indexes = [models.Index(fields=["route", "attempted_at"], name="product_fetches_route_time")]

    def __str__(self) -> str:
        return f"{self.product} on {self.route}: {self.outcome}"
