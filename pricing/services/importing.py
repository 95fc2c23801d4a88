"""Import price files: read, record, report. Used by the `import_prices` command and the bulk tasks."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from django.conf import settings
from django.db import connection, transaction

from pricing.choices import Route
from pricing.errors import PriceFileError
from pricing.importers import (
    ParsedPrices,
    RowProblem,
    parse_card_kingdom,
    parse_csv,
    parse_price_guide,
    parse_tcgcsv,
)
from pricing.importers.files import digest, read_content
from pricing.importers.period import Period
from pricing.importers.tcgcsv import CSV_NAME
from pricing.models import PriceBatch
from pricing.observations import BatchFacts, Observation
from pricing.selectors import price_source

from .record import record_prices

Progress = Callable[[int], object]  # how many prices were read since the last call
PROGRESS_EVERY: Final = 50_000
FORMATS: Final = ("cardmarket", "tcgcsv", "cardkingdom", "csv")
ERRORS: Final = ("unreadable_row", "price_out_of_range", "absurd_date", "count_out_of_range")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import.

    Args:
        recorded_at: when the prices were observed; None takes the time the file itself gives.
        is_dry_run: do everything, report it, and store nothing.
        decimal_mark: of the amounts in a CSV price list.
        route: how the file arrived.
        progress: called every `PROGRESS_EVERY` prices.
        period: store only what was observed in it, by its own time; needs CSV price lists.
    """

    recorded_at: datetime | None = None
    is_dry_run: bool = False
    decimal_mark: str = "."
    route: Route = Route.FILE
    progress: Progress | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did. Counts are prices unless their name says otherwise.

    `skipped` and `quarantined` map a reason to a count; a price can be held for several reasons. `is_stale`
    says that the prices are older than PRICE_MAX_AGE_HOURS and raise no opportunity. `error_count` counts
    what had to be left out because it was wrong, which an article outside the catalogue is not.
    """

    file_format: str
    sources: tuple[str, ...]
    batch_ids: tuple[int, ...]
    recorded_at: datetime
    is_stale: bool
    is_dry_run: bool
    rows_read: int
    prices_read: int
    prices_stored: int
    prices_known: int
    prices_quarantined: int
    quarantined: Mapping[str, int]
    skipped: Mapping[str, int]
    problems: tuple[RowProblem, ...]

    @property
    def error_count(self) -> int:
        """How many rows or prices were left out because they were wrong."""
        return sum(self.skipped.get(reason, 0) for reason in ERRORS)


def import_price_files(
    paths: Sequence[Path], *, file_format: str, now: datetime, options: ImportOptions | None = None
) -> ImportReport:
    """Import price files of one format, all or nothing.

    Args:
        paths: files; for tcgcsv also folders, searched for price files.
        file_format: `cardmarket`, `tcgcsv`, `cardkingdom` or `csv`.
        now: the current time.
        options: see `ImportOptions`.

    Raises:
        PriceFileError: if a file is unreadable, of another shape, holds nothing usable, or gives no time and
            none was passed.
        UnknownPriceSource: if a file names a source that does not exist.
        BatchRefused: if the time or a value cannot be meant.
    """
    options = options or ImportOptions()
    contents = {path: read_content(path) for path in _expand(paths, file_format)}
    facts = {
        "source_url": ", ".join(path.name for path in contents)[:500],
        "sha256": digest(*contents.values()),
    }
    results: list[tuple[ParsedPrices, PriceBatch]] = []
    with transaction.atomic():
        results.extend(
            (parsed, _record(parsed, facts=facts, options=options, now=now))
            for parsed in _wanted(_parse(contents, file_format, options.decimal_mark), options.period)
        )
        quarantined = _held_reasons([batch.pk for _, batch in results])
        if options.is_dry_run:
            transaction.set_rollback(True)
    return _report(file_format, results, quarantined, is_dry_run=options.is_dry_run, now=now)


def _record(
    parsed: ParsedPrices, *, facts: Mapping[str, str], options: ImportOptions, now: datetime
) -> PriceBatch:
    recorded_at = options.recorded_at or parsed.recorded_at
    if recorded_at is None:
        raise PriceFileError(
            "price_time_missing", "The file does not say when its prices were observed: give --recorded-at."
        )
    if options.recorded_at is not None:
        parsed.observations = _without_times(parsed.observations)
    if options.progress is not None:
        parsed.observations = _reporting(parsed.observations, options.progress)
    batch = record_prices(
        source=price_source(parsed.source),
        observations=parsed,
        batch=BatchFacts(
            recorded_at=recorded_at,
            route=options.route,
            source_url=facts["source_url"],
            content_sha256=facts["sha256"],
            rows_read=parsed.rows_read,
            skipped=parsed.skipped,
        ),
        now=now,
    )
    if not batch.prices_read:
        first = f" Row {parsed.problems[0].row}: {parsed.problems[0].reason}" if parsed.problems else ""
        raise PriceFileError(None, f"There is no usable price in this file.{first}")
    return batch


def _parse(contents: Mapping[Path, bytes], file_format: str, decimal_mark: str) -> Iterator[ParsedPrices]:
    if file_format == "tcgcsv":
        yield parse_tcgcsv(contents)
        return
    for content in contents.values():
        if file_format == "cardmarket":
            yield parse_price_guide(content)
        elif file_format == "cardkingdom":
            yield parse_card_kingdom(content)
        elif file_format == "csv":
            yield from parse_csv(content, decimal_mark=decimal_mark)
        else:
            raise PriceFileError(
                "price_format_unknown", f"Unknown format {file_format!r}: {', '.join(FORMATS)}."
            )


def _wanted(lists: Iterable[ParsedPrices], period: Period | None) -> Iterable[ParsedPrices]:
    if period is None:
        return lists
    found = period.select(lists)
    if not found:
        raise PriceFileError(
            "nothing_in_period", "No price in these files has a time in this period and a wanted source."
        )
    return found


def _expand(paths: Sequence[Path], file_format: str) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if file_format == "tcgcsv" and path.is_dir():
            inside = sorted(
                p for p in path.rglob("*") if p.is_file() and ("prices" in p.name or p.name == CSV_NAME)
            )
            if not inside:
                raise PriceFileError(None, f"{path}: no tcgcsv price files in this folder.")
            found.extend(inside)
        else:
            found.append(path)
    return found


def _without_times(observations: Iterable[Observation]) -> Iterator[Observation]:
    for seen in observations:
        yield seen if seen.recorded_at is None else msgspec.structs.replace(seen, recorded_at=None)


def _reporting(observations: Iterable[Observation], progress: Progress) -> Iterator[Observation]:
    count = 0
    for count, seen in enumerate(observations, 1):
        if count % PROGRESS_EVERY == 0:
            progress(PROGRESS_EVERY)
        yield seen
    progress(count % PROGRESS_EVERY)


def _held_reasons(batch_ids: list[int]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason, count(*) FROM quarantined_prices, unnest(reasons) AS reason"
            " WHERE batch_id = ANY(%s) GROUP BY reason ORDER BY reason",
            [batch_ids],
        )
        return dict(cursor.fetchall())


def _report(
    file_format: str,
    results: list[tuple[ParsedPrices, PriceBatch]],
    quarantined: Mapping[str, int],
    *,
    is_dry_run: bool,
    now: datetime,
) -> ImportReport:
    skipped: Counter[str] = Counter()
    for _, batch in results:
        skipped.update(batch.skipped)
    recorded_at = max(batch.recorded_at for _, batch in results)
    return ImportReport(
        file_format=file_format,
        sources=tuple(batch.source.code for _, batch in results),
        batch_ids=() if is_dry_run else tuple(batch.pk for _, batch in results),
        recorded_at=recorded_at,
        is_stale=now - recorded_at > timedelta(hours=settings.PRICE_MAX_AGE_HOURS),
        is_dry_run=is_dry_run,
        rows_read=sum(batch.rows_read for _, batch in results),
        prices_read=sum(batch.prices_read for _, batch in results),
        prices_stored=sum(batch.prices_stored for _, batch in results),
        prices_known=sum(batch.prices_known for _, batch in results),
        prices_quarantined=sum(batch.prices_quarantined for _, batch in results),
        quarantined=quarantined,
        skipped=dict(sorted(skipped.items())),
        problems=tuple(problem for parsed, _ in results for problem in parsed.problems),
    )
