"""`manage.py discover --query WORDS`: what venues sell under a name."""

from argparse import ArgumentParser
from typing import Any

import msgspec

from common.clock import utc_now
from common.commands import ArbsiteCommand, PartlyDone, UsageError
from scrapers.errors import UnknownSource
from scrapers.registry import source_spec
from scrapers.selectors.endpoints import current_mode
from scrapers.services.desk import SessionOpener, Setup, open_polite_session
from scrapers.services.discovering import Candidate, Search, note_candidates, search_venues


class Command(ArbsiteCommand):
    help = (
        "Ask the venues that can search for articles by name. It only shows them; --add puts those that the "
        "catalogue does not know among the unmatched articles, for a person to match."
    )

    open_session: SessionOpener = staticmethod(open_polite_session)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--query", required=True, metavar="WORDS", help="Name of the product.")
        parser.add_argument(
            "--source", action="append", default=[], metavar="CODE", help="Only this source; may be repeated."
        )
        parser.add_argument("--add", action="store_true", help="List unknown ones as unmatched articles.")

    def handle(self, *args: Any, **options: Any) -> None:
        named = list(dict.fromkeys(options["source"]))
        try:
            for code in named:
                source_spec(code)
        except UnknownSource as error:
            raise UsageError(f"--source: {error.detail}") from error
        now = utc_now()
        setup = Setup(mode=current_mode(), open_session=self.open_session)
        search = search_venues(options["query"], setup=setup, named=named, now=now)
        noted = note_candidates(search.candidates, now=now) if options["add"] else 0
        facts = {
            "asked": search.asked,
            "candidates": [_data(candidate) for candidate in search.candidates],
            "noted": noted,
            "problems": [
                dict(zip(("source", "code", "detail"), one, strict=True)) for one in search.problems
            ],
        }
        self.emit(facts, "\n".join(_lines(search, noted if options["add"] else None)))
        if search.problems:
            raise PartlyDone(f"{len(search.problems)} routes gave no answer.")


def _data(candidate: Candidate) -> dict[str, Any]:
    hit = msgspec.to_builtins(candidate.hit, str_keys=True)
    return {**hit, "source": candidate.source, "name_space": candidate.name_space,
            "product_id": candidate.product_id}  # fmt: skip


def _lines(search: Search, noted: int | None) -> list[str]:
    if not search.asked and not search.problems:
        return ["No source can be searched: set one up first (`manage.py venues` says what each needs)."]
    lines = [f"{len(search.candidates)} articles at {', '.join(search.asked) or 'no source'}."]
    for candidate in search.candidates:
        hit = candidate.hit
        price = f"  {hit.price} {hit.currency}" if hit.price is not None else ""
        known = f"known as {candidate.product_id}" if candidate.product_id else "not in the catalogue"
        where = ", ".join(filter(None, (hit.set_name, hit.number)))
        lines.append(f"  {candidate.name_space}:{hit.external_id}  {hit.name}{f' ({where})' if where else ''}"
                     f"{price}  [{known}]")  # fmt: skip
    lines += [f"! {subject}: {detail} [{code}]" for subject, code, detail in search.problems]
    if noted is not None:
        lines.append(f"{noted} listed among the unmatched articles.")
    return lines
