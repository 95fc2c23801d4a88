"""`manage.py analyze`: look for opportunities among all sealed products, those of a game, or one."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from catalog.choices import Category, ProductType
from catalog.models import Product
from catalog.selectors import product_by_ident
from common.clock import utc_now
from common.commands import ArbsiteCommand, PartlyDone, UsageError
from opportunities.choices import Refusal
from opportunities.errors import NotSealed
from opportunities.models import Opportunity
from opportunities.selectors import opportunity_list
from opportunities.services import AnalysisReport, Verdict, analyze_products

_SHOWN = 10


class Command(ArbsiteCommand):
    help = "Find, score and rank sealed products whose singles bring more than they cost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="Analyse every sealed product.")
        which.add_argument("--product", metavar="IDENT", help="One product: its id, or source:external id.")
        which.add_argument("--game", choices=Category.values, help="Every sealed product of a game.")
        parser.add_argument("--explain", action="store_true", help="With --product: say what each gate saw.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        if options["explain"] and options["product"] is None:
            raise UsageError("--explain needs --product.")
        product = None if options["product"] is None else _sealed(options["product"])
        with self.progress("Analysis") as progress:
            report = analyze_products(
                product_ids=_chosen(product, options["game"]), now=now, progress=progress
            )
        facts = report.as_data()
        if product is not None:
            facts["product"] = {"id": str(product.id), "name": product.name}
            facts["verdicts"] = [_verdict_data(verdict) for verdict in report.verdicts]
        text = _summary(report)
        if product is None:
            best = list(opportunity_list(now=now).active().trusted()[:_SHOWN])
            facts["best"] = [str(row.pk) for row in best]
            text += _ranking(best)
        else:
            text += _verdicts(product, report.verdicts, options["explain"])
        self.emit(facts, text)
        if report.failed:
            raise PartlyDone(f"{len(report.failed)} products could not be analysed; the log says why.")


def _sealed(ident: str) -> Product:
    """Return a sealed product.

    Raises:
        NotSealed: for a single, which holds nothing; it says how to go on.
    """
    product = product_by_ident(ident)
    if product.product_type != ProductType.SEALED:
        raise NotSealed(
            detail=f"{product} is a single: only sealed products are analysed. Analyse a product that holds "
            "it, or all with --all.",
            details={"id": str(product.pk)},
        )
    return product


def _chosen(product: Product | None, game: str | None) -> list[UUID] | None:
    """Return the ids of what is analysed; None for everything."""
    if product is not None:
        return [product.id]
    if game is None:
        return None
    return list(
        Product.objects.active().sealed().filter(category=game).order_by("id").values_list("id", flat=True)
    )


def _summary(report: AnalysisReport) -> str:
    done = report.outcomes
    lines = [
        f"{len(report.products):,} sealed products at {', '.join(sorted(report.sources)) or 'no source'}: "
        f"{done['opened']} opportunities opened, "
        f"{done['reopened']} reopened, {done['updated'] + done['confirmed']} still there, "
        f"{report.expired} expired."
    ]
    if report.refusals:
        reasons = ", ".join(
            f"{Refusal(name).label.lower()} {count:,}" for name, count in report.refusals.most_common()
        )
        lines.append(f"Refused: {reasons}.")
    return "\n".join(lines)


def _ranking(best: list[Opportunity]) -> str:
    if not best:
        return "\nNo opportunity is active. Prices older than PRICE_MAX_AGE_HOURS raise none."
    lines = ["", "Best, after all costs:"]
    lines += [
        f"  {row.margin_percentage:>8} %  {row.net_profit:>10} {row.currency}"
        f"  confidence {row.confidence_score}  {row.risk_level:<6}  {row.sealed_product.name}"
        for row in best
    ]
    return "\n".join(lines)


def _verdict_data(verdict: Verdict) -> dict[str, Any]:
    value = verdict.value
    return {
        "source": verdict.source,
        "outcome": verdict.outcome,
        "lines": None if value is None else value.lines,
        "coverage": None if value is None else f"{value.coverage:.4f}",
        "gross_value": None if value is None else f"{value.gross:.2f}",
        "net_value": None if value is None else f"{value.net:.2f}",
        "lines_counted": None if value is None else value.lines_counted,
        "oldest_price_at": None if value is None or value.oldest_at is None else value.oldest_at.isoformat(),
    }


def _verdicts(product: Product, verdicts: list[Verdict], with_figures: bool) -> str:
    lines = ["", product.name]
    for verdict in verdicts:
        label = "an opportunity" if verdict.outcome == "opportunity" else Refusal(verdict.outcome).label
        lines.append(f"  {verdict.source}: {label}")
        value = verdict.value
        if with_figures and value is not None:
            lines.append(
                f"    {value.lines} lines, coverage {value.coverage:.4f}, gross {value.gross:.2f}, "
                f"net {value.net:.2f} from {value.lines_counted} lines, oldest price {value.oldest_at}"
            )
    return "\n".join(lines)
