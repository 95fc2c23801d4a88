"""`manage.py value`: one sealed product, valued and explained."""

from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table

from catalog.selectors import product_by_ident
from common.clock import utc_now
from common.commands import ArbsiteCommand, UsageError
from opportunities.services.value_document import value_document
from opportunities.services.value_options import ValueOptions
from opportunities.services.valuing import value_product
from pricing.choices import PriceType

_SHOWN_LINES = 25


class Command(ArbsiteCommand):
    help = "Value the singles inside one sealed product, naively and as it can be carried out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ident", help="Product id, or source:external id such as mcm:587698.")
        parser.add_argument(
            "--price-type",
            choices=PriceType.values,
            help="Statistic for singles and cost; market is the source's own market price (default).",
        )
        parser.add_argument(
            "--floor",
            help="Drop singles below this price from every figure. Without it the expected value holds all "
            "singles, and the executable value leaves out those below the policy's floor.",
        )
        parser.add_argument(
            "--fee-rate", help="One flat rate on the singles instead of the fee schedule, 0 to 1."
        )
        parser.add_argument("--fixed-cost", help="Added to the price of the sealed product.")
        parser.add_argument(
            "--source", help="Price source, e.g. cardmarket (default: the first with a price)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        if options["source"] is not None and not options["source"].strip():
            raise UsageError("--source: name a price source, or leave the option out.")
        assumptions = ValueOptions(
            source=options["source"],
            price_type=options["price_type"],
            floor=_decimal(options["floor"], "--floor"),
            fee_rate=_decimal(options["fee_rate"], "--fee-rate"),
            fixed_cost=_decimal(options["fixed_cost"], "--fixed-cost"),
        )
        product = product_by_ident(options["ident"])
        worth = value_product(product=product, options=assumptions, now=now)
        document = value_document(worth, now=now)
        self.emit(document, "" if self.is_json else _readable(document))


def _decimal(text: str | None, name: str) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise UsageError(f"{name}: {text!r} is not a number.") from None


def _readable(document: dict[str, Any]) -> str:
    """Lay the document out for a person."""
    out = StringIO()
    console = Console(file=out, width=110, highlight=False)
    product, cost, contents = document["product"], document["cost"], document["contents"]
    currency, executable = document["currency"], document["executable"]
    console.print(
        f"{product['name']}  ({product['set_code']}, prices as of {document['as_of']})", style="bold"
    )
    facts = Table.grid(padding=(0, 2))
    percentiles = document["percentiles"]
    for label, value in (
        ("Cost", f"{cost['price'] or 'no price'} {currency} ({cost['price_type']}, {cost['source']})"),
        ("Expected value", f"{document['expected_value']} ± {document['standard_deviation']} {currency}"),
        ("5 % … 50 % … 95 %", " … ".join(percentiles[p] for p in ("5", "50", "95"))),
        ("Naive margin", f"{document['naive_margin_percentage']} %"),
        ("Executable", f"{executable['value']} {currency} from {executable['lines_counted']} cards"),
        ("Profit, margin", f"{executable['profit']} {currency}, {executable['margin_percentage']} %"),
        ("Chance of profit", str(document["probability_of_profit"])),
        ("Confidence, risk", f"{document['confidence']['score']}, {document['risk_level']}"),
        ("Coverage", f"{contents['coverage']}{'' if contents['complete'] else ' (contents incomplete)'}"),
        ("Flags", ", ".join(document["flags"]) or "none"),
    ):
        facts.add_row(label, value)
    console.print(facts)
    for reason in contents["unresolved"]:
        console.print(f"  missing: {reason}", markup=False)
    console.print(_table(contents["lines"]))
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().splitlines())


def _table(lines: list[dict[str, Any]]) -> Table:
    table = Table("Card", "Set", "No.", "Finish", "Copies", "Price", "Value", box=None, pad_edge=False)
    for column in table.columns[4:]:
        column.justify = "right"
    for line in lines[:_SHOWN_LINES]:
        copies = f"{Decimal(line['expected_copies']):.4f}".rstrip("0").rstrip(".")
        table.add_row(
            line["name"],
            line["set"],
            line["number"],
            line["finish"],
            copies,
            line["price"] or "-",
            line["value"],
        )
    if len(lines) > _SHOWN_LINES:
        table.add_row(f"… and {len(lines) - _SHOWN_LINES} more (--json shows all)")
    return table
