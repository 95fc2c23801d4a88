"""Cross-venue opportunities as they are listed and shown."""

from typing import Final

from django.db.models import QuerySet

from opportunities.models import CrossVenueOpportunity, SpreadEpisode

MAX_EPISODES: Final = 20
RANKING: Final = ("-net_bps", "id")


def spread_list() -> QuerySet[CrossVenueOpportunity]:
    """Return routes with what a row of the list shows, the widest first."""
    rows = CrossVenueOpportunity.objects.select_related("instrument", "buy_venue", "sell_venue")
    return rows.defer("inputs").order_by(*RANKING)


def spread_detail() -> QuerySet[CrossVenueOpportunity]:
    """Return routes with their inputs."""
    return CrossVenueOpportunity.objects.select_related("instrument", "buy_venue", "sell_venue")


def newest_episodes(row: CrossVenueOpportunity) -> list[SpreadEpisode]:
    """Return the last openings of a route, newest first."""
    return list(row.episodes.order_by("-opened_at", "-id")[:MAX_EPISODES])
