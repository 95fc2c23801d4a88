"""How sources, coverage and breakers look over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from pricing.choices import Route

from .examples import BREAKER, BREAKER_RESET, COVERAGE, SOURCE

BREAKER_STATES = (("closed", "Closed"), ("open", "Open"), ("half_open", "Half open"), ("unknown", "Unknown"))
_SHARE = "A fraction with four places, of those tracked; 0 when nothing is tracked."


@extend_schema_serializer(examples=[BREAKER])
class BreakerSerializer(serializers.Serializer[Any]):
    """One host (or simulated venue) and whether it is left alone for now."""

    key = serializers.CharField(help_text="host[:port], with the venue's path for the simulator.")
    breaker = serializers.ChoiceField(
        choices=BREAKER_STATES, help_text="unknown while the store of the states does not answer."
    )
    opened_until = serializers.DateTimeField(
        allow_null=True, help_text="When it is tried again; null unless open."
    )
    failures = serializers.IntegerField(help_text="In a row.")
    last_failure = serializers.CharField(allow_blank=True, help_text="Code of the last failure.")


class SourceRouteSerializer(serializers.Serializer[Any]):
    """One way to a source's prices; routes are tried in the order of `position`."""

    code = serializers.CharField()
    route = serializers.ChoiceField(choices=Route.choices)
    position = serializers.IntegerField()
    is_enabled = serializers.BooleanField()
    is_ready = serializers.BooleanField(help_text="Whether it would start now.")
    not_ready_code = serializers.CharField(
        allow_blank=True, help_text="switched_off, credentials_missing, …; empty when ready."
    )
    not_ready_reason = serializers.CharField(allow_blank=True, help_text="A sentence; empty when ready.")
    is_opt_in = serializers.BooleanField(help_text="Off until an operator acknowledges the venue's terms.")
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    terms_url = serializers.CharField(allow_blank=True)
    allowed_use = serializers.CharField(allow_blank=True)
    reviewed_on = serializers.DateField(allow_null=True)
    review_due_on = serializers.DateField(
        allow_null=True, help_text="From this day the route does not start without a new review."
    )
    attribution = serializers.CharField(allow_blank=True)
    robots_policy = serializers.CharField(help_text="obey or published_api.")
    last_started_at = serializers.DateTimeField(allow_null=True)
    last_success_at = serializers.DateTimeField(allow_null=True)
    last_failure_at = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField(allow_blank=True)
    hosts = BreakerSerializer(many=True)


class CoverageShareSerializer(serializers.Serializer[Any]):
    """Products priced within the window, of those tracked."""

    tracked = serializers.IntegerField()
    fresh = serializers.IntegerField()
    share = serializers.DecimalField(max_digits=5, decimal_places=4, help_text=_SHARE)


@extend_schema_serializer(examples=[SOURCE])
class SourceSerializer(serializers.Serializer[Any]):
    """A venue or data provider with its routes in order."""

    code = serializers.CharField()
    name = serializers.CharField()
    categories = serializers.ListField(
        child=serializers.CharField(), help_text="Games: mtg, pokemon, yugioh."
    )
    coverage = CoverageShareSerializer()
    newest_price_at = serializers.DateTimeField(allow_null=True)
    prices_24h = serializers.IntegerField(help_text="Prices stored in the last 24 hours.")
    quarantined_24h = serializers.IntegerField(help_text="Prices held for review in the last 24 hours.")
    routes = SourceRouteSerializer(many=True)


class SourceCoverageSerializer(CoverageShareSerializer):
    """The same for one source."""

    source = serializers.CharField()  # type: ignore[assignment]  # a field named like a property


@extend_schema_serializer(examples=[COVERAGE])
class CoverageSerializer(CoverageShareSerializer):
    """How much of what is tracked has a fresh price."""

    window_hours = serializers.IntegerField()
    by_source = SourceCoverageSerializer(many=True)
    slots_per_cycle = serializers.IntegerField(help_text="Requests a host can be sent in one window.")


@extend_schema_serializer(examples=[BREAKER_RESET])
class BreakerResetSerializer(serializers.Serializer[Any]):
    """Which breaker to close."""

    key = serializers.CharField(max_length=300)
