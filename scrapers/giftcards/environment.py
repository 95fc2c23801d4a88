"""Markets declared by environment, exactly as R000 writes them: `MKT_<ID>_SIDE`, `_URL`, `_TOKEN`, ….

Every mistake names its variable, and all of them are told at once. A variable that is set but empty counts as
not set, as in `.env.example`.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from common.errors import InvalidInput
from common.secrets import Secret
from quant.spreads.symbols import brand_slug
from scrapers.choices import LiveAdapter, MarketSide

from .rules import (
    ADAPTERS,
    DEFAULT_CURRENCY,
    DEFAULT_REGION,
    FIELD_NAMES,
    MarketFacts,
    Problem,
    market_problems,
)

PREFIX: Final = "MKT_"
KEYS: Final = (
    "TOKEN_HEADER", "SLIPPAGE_BPS", "ITEMS_PATH", "TIMEOUT_MS", "FIELD_MAP", "ORDER_URL", "FIXED_FEE",
    "CURRENCY", "ADAPTER", "NETWORK", "POLL_MS", "FEE_BPS", "REGION", "BRANDS", "TOKEN", "SIDE", "URL",
)  # fmt: skip
"""Longest first: `MKT_A_ORDER_URL` is the ORDER_URL of A."""
_ID: Final = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)*")
MAX_ID: Final = 50


class MarketsMisdeclared(InvalidInput):
    """The environment declares markets that cannot be; the detail names every variable."""

    default_code = "markets_misdeclared"


@dataclass(slots=True)
class _Reader:
    """Values of one market by key, and what is wrong with them."""

    identifier: str
    values: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def name(self, key: str) -> str:
        return f"{PREFIX}{self.identifier}_{key}"

    def text(self, key: str, default: str = "") -> str:
        return self.values.get(key, "") or default

    def read(self, key: str, convert: Callable[[str], Any], default: Any, wanted: str) -> Any:
        text = self.text(key)
        if not text:
            return default
        try:
            return convert(text)
        except (ValueError, InvalidOperation, RecursionError):
            shown = "" if key == "TOKEN" else f"{text[:60]!r} "
            self.problems.append(f"{self.name(key)}: {shown}is not {wanted}")
            return default


def read_environment(environ: Mapping[str, str]) -> list[MarketFacts]:
    """Return the markets an environment declares, by code.

    Args:
        environ: all variables; those without the prefix do not matter.

    Raises:
        MarketsMisdeclared: if there is any mistake; nothing is half declared.
    """
    grouped, problems = _grouped(environ)
    found: list[MarketFacts] = []
    for identifier in sorted(grouped):
        reader = _Reader(identifier, grouped[identifier])
        facts = _facts(reader)
        reader.problems += [_told(reader, problem) for problem in market_problems(facts)]
        problems += reader.problems
        found.append(facts)
    if problems:
        raise MarketsMisdeclared(detail="; ".join(problems) + ".", details={"problems": problems})
    return found


def _grouped(environ: Mapping[str, str]) -> tuple[dict[str, dict[str, str]], list[str]]:
    grouped: dict[str, dict[str, str]] = {}
    problems: list[str] = []
    for name in sorted(environ):
        if not name.startswith(PREFIX):
            continue
        value = environ[name].strip()
        rest = name.removeprefix(PREFIX)
        key = next((key for key in KEYS if rest.endswith(f"_{key}")), "")
        identifier = rest.removesuffix(f"_{key}") if key else ""
        if not value:
            continue
        if not key:
            problems.append(f"{name}: unknown variable; known are {PREFIX}<ID>_{{{', '.join(sorted(KEYS))}}}")
        elif not _ID.fullmatch(identifier) or len(identifier) > MAX_ID:
            problems.append(f"{name}: {identifier!r} is no market name (capitals, digits, underscores)")
        else:
            grouped.setdefault(identifier, {})[key] = value
    return grouped, problems


def _facts(reader: _Reader) -> MarketFacts:
    adapter = reader.read("ADAPTER", _adapter, LiveAdapter.JSON, f"one of {', '.join(ADAPTERS)}")
    side = reader.read("SIDE", _side, None, "sell, buy or both")
    if side is None:
        if not reader.text("SIDE") and adapter not in (LiveAdapter.RELOADLY, LiveAdapter.BITREFILL):
            reader.problems.append(f"{reader.name('SIDE')}: missing (sell, buy or both)")
        side = MarketSide.SELL
    return MarketFacts(
        code=reader.identifier.lower(),
        name=reader.identifier.replace("_", " ").title(),
        adapter=adapter,
        side=side,
        url=reader.text("URL"),
        order_url=reader.text("ORDER_URL"),
        token=Secret(reader.text("TOKEN")),
        token_header=reader.text("TOKEN_HEADER"),
        poll_ms=reader.read("POLL_MS", int, 2_000, "a whole number of milliseconds"),
        timeout_ms=reader.read("TIMEOUT_MS", int, 5_000, "a whole number of milliseconds"),
        fee_bps=reader.read("FEE_BPS", Decimal, Decimal(0), "a number of basis points"),
        slippage_bps=reader.read("SLIPPAGE_BPS", Decimal, Decimal(0), "a number of basis points"),
        fixed_fee=reader.read("FIXED_FEE", Decimal, Decimal(0), "an amount"),
        currency=reader.text("CURRENCY", DEFAULT_CURRENCY).upper(),
        region=reader.text("REGION", DEFAULT_REGION).upper(),
        brands=reader.read("BRANDS", _brands, (), "a comma-separated list of brands"),
        network=reader.text("NETWORK"),
        items_path=reader.text("ITEMS_PATH"),
        field_map=reader.read("FIELD_MAP", _field_map, {}, 'JSON such as {"price": "cost.amount"}'),
    )


def _adapter(text: str) -> LiveAdapter:
    if text.lower() not in ADAPTERS:
        raise ValueError(text)
    return LiveAdapter(text.lower())


def _side(text: str) -> MarketSide:
    return MarketSide(text.lower())


def _brands(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(brand_slug(part) for part in text.split(",") if part.strip()))


def _field_map(text: str) -> dict[str, str]:
    found = json.loads(text)
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError(text)
    if not set(found) <= set(FIELD_NAMES):
        raise ValueError(text)
    return found


def _told(reader: _Reader, problem: Problem) -> str:
    return f"{reader.name(problem.field.upper())}: {problem.text.rstrip('.')}"
