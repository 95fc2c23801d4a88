"""The unversioned paths of R000 and R001, answered by the views of `/api/v1/`.

Their contents are those of the versioned ones, which are documented there and in `docs/`; so they stay out of
the OpenAPI document. Two differ, as their specifications want: `/api/opportunities` shows what is open now,
and `/api/signals/history` is a bare array, oldest first.
"""

from typing import Any, ClassVar, Final

from django.urls import URLPattern
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.filters import refuse_unknown_parameters
from common.api.routers import optional_slash
from common.clock import utc_now
from opportunities.api.spreads import UUID_PATTERN, spread_page
from opportunities.choices import CrossVenueState
from opportunities.selectors.cross_venue import signals_history
from pricing.api.books import BookViewSet
from scrapers.api.markets import MarketViewSet
from trading.api.spreads import ExecuteSpreadView, SpreadExecutionViewSet

from .stream.view import StreamView

SIGNALS: Final = 50
"""How many of the last signals R001's path answers with."""
_LIST: Final[dict[str, Any]] = {"get": "list"}


class OpenSpreadsView(APIView):
    """`/api/opportunities`: gaps between two venues that are open now, filtered as `/spreads/` is."""

    schema = None

    def get(self, request: Request) -> Response:
        """Return one page."""
        return spread_page(request, now=utc_now(), state=CrossVenueState.OPEN)


class LastSignalsView(APIView):
    """`/api/signals/history`: the last signals as R001 answers them, in the order of a sorted set."""

    schema = None

    def get(self, request: Request) -> Response:
        """Return the array, oldest first."""
        refuse_unknown_parameters(request, set())
        return Response(signals_history(SIGNALS)[::-1])


class ExecuteAliasView(ExecuteSpreadView):
    """`POST /api/opportunities/{id}/execute`: acts on a gap, as `/api/v1/spreads/{id}/execute/` does."""

    schema = None
    required_role: ClassVar = ExecuteSpreadView.required_role


ALIASES: Final[list[URLPattern]] = [
    optional_slash("markets", MarketViewSet.as_view(_LIST, schema=None), name="r000-markets"),
    optional_slash("books", BookViewSet.as_view(_LIST, schema=None), name="r000-books"),
    optional_slash("opportunities", OpenSpreadsView.as_view(), name="r000-opportunities"),
    optional_slash(
        rf"opportunities/(?P<spread_id>{UUID_PATTERN})/execute",
        ExecuteAliasView.as_view(),
        name="r000-execute",
    ),
    optional_slash("executions", SpreadExecutionViewSet.as_view(_LIST, schema=None), name="r000-executions"),
    optional_slash("stream", StreamView.as_view(schema=None), name="r000-stream"),
    optional_slash("signals/history", LastSignalsView.as_view(), name="r001-signals"),
]
"""Below `/api/`."""
