"""The job that brings the prices of one product up to date."""

from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

from catalog.models import Product
from common.errors import NotFound
from scrapers.selectors.endpoints import current_mode

from .analysis import ask_for_product_analysis
from .desk import Desk, Setup
from .products import refresh_product
from .syncing import Run


class RefreshRun(Run, Protocol):
    """The slice of a job that refreshes one product."""

    @property
    def parameters(self) -> dict[str, Any]:
        """`product_id` is in them, and `sources` if only some are asked."""
        ...


def run_refresh(run: RefreshRun, *, setup: Setup | None = None) -> None:
    """Ask every source that knows the product of the job, store, and ask for its analysis.

    Args:
        run: the job's slice.
        setup: mode, registry and sessions; None takes the installation's own.

    Raises:
        NotFound: if the product is gone.
        SourceNotReady: if live sources may not start beside the demo market.
        JobCancelled: if somebody asked for an end.
    """
    product = Product.objects.filter(pk=UUID(str(run.parameters["product_id"]))).first()
    if product is None:
        raise NotFound("product_not_found", "The product is gone.")
    with Desk(_limited(setup or Setup(mode=current_mode()), run.parameters.get("sources"))) as desk:
        report = refresh_product(product.pk, desk=desk, watch=run)
    if not report.answered:
        run.error("no_source_answered", "No source answered for this product now.", f"product:{product.pk}")
    if report.prices_stored:
        ask_for_product_analysis(product, now=run.now)


def _limited(setup: Setup, codes: object) -> Setup:
    """Return the setup with only the sources a job names, if it names any."""
    if not isinstance(codes, list) or not codes:
        return setup
    return replace(setup, sources=tuple(source for source in setup.sources if source.code in codes))
