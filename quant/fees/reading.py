"""From the JSON of a fee schedule to checked components; `FeeSchedule.from_data` documents the form."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from .components import FeeBase, FeeComponent, FeeKind, InvalidFeeSchedule, Surcharge, Threshold, Tier

_COMPONENT_KEYS = {"name", "kind", "base", "rate", "tiers", "amount", "includes", "min", "cap", "threshold"}
_TIER_KEYS = {"up_to", "rate"}
_THRESHOLD_KEYS = {"above", "at_least", "below", "at_most"}
_Choice = TypeVar("_Choice", bound=StrEnum)


def read_components(data: object) -> tuple[FeeComponent, ...]:
    """Read the list of components; every error names the place."""
    if not isinstance(data, list | tuple):
        raise InvalidFeeSchedule("components", "must be a list")
    return tuple(_read_component(item, f"components[{position}]") for position, item in enumerate(data))


def read_amount(value: object, path: str) -> Decimal:
    """Read a number given as text, integer or Decimal.

    Raises:
        InvalidFeeSchedule: for floats, booleans, other types, bad text, NaN and infinities.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise InvalidFeeSchedule(path, f"write numbers as strings, not as {type(value).__name__}")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise InvalidFeeSchedule(path, f"{value!r} is not a number") from None
    if not amount.is_finite():
        raise InvalidFeeSchedule(path, f"{value!r} is not finite")
    return amount


def _read_component(data: object, path: str) -> FeeComponent:
    fields = _read_object(data, path, allowed=_COMPONENT_KEYS)
    name = fields.get("name")
    if not isinstance(name, str) or not name.strip():
        raise InvalidFeeSchedule(f"{path}.name", "is required")
    base = _read_choice(fields.get("base", FeeBase.ITEM), FeeBase, f"{path}.base")
    default_includes = list(Surcharge) if base is FeeBase.ORDER else []
    includes = fields.get("includes", default_includes)
    if not isinstance(includes, list | tuple):
        raise InvalidFeeSchedule(f"{path}.includes", "must be a list")
    try:
        return FeeComponent(
            name=name.strip(),
            kind=_read_choice(fields.get("kind"), FeeKind, f"{path}.kind"),
            base=base,
            rate=_read_optional(fields, "rate", path),
            tiers=_read_tiers(fields.get("tiers"), f"{path}.tiers"),
            amount=_read_optional(fields, "amount", path),
            includes=frozenset(_read_choice(item, Surcharge, f"{path}.includes") for item in includes),
            minimum=_read_optional(fields, "min", path),
            cap=_read_optional(fields, "cap", path),
            threshold=_read_threshold(fields.get("threshold"), f"{path}.threshold"),
        )
    except InvalidFeeSchedule as error:
        if error.path.startswith(path):
            raise
        raise InvalidFeeSchedule(f"{path} ({error.path})", error.reason) from None


def _read_object(data: object, path: str, *, allowed: set[str]) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise InvalidFeeSchedule(path, "must be an object")
    unknown = sorted(str(key) for key in data if key not in allowed)
    if unknown:
        raise InvalidFeeSchedule(path, f"unknown key {', '.join(unknown)}")
    return data


def _read_choice(value: object, choices: type[_Choice], path: str) -> _Choice:
    try:
        return choices(str(value))
    except ValueError:
        raise InvalidFeeSchedule(path, f"{value!r} is not one of {', '.join(choices)}") from None


def _read_optional(fields: Mapping[str, object], key: str, path: str) -> Decimal | None:
    value = fields.get(key)
    return None if value is None else read_amount(value, f"{path}.{key}")


def _read_tiers(data: object, path: str) -> tuple[Tier, ...]:
    if data is None:
        return ()
    if not isinstance(data, list | tuple) or not data:
        raise InvalidFeeSchedule(path, "must be a list of tiers")
    tiers = []
    for position, item in enumerate(data):
        place = f"{path}[{position}]"
        fields = _read_object(item, place, allowed=_TIER_KEYS)
        rate = read_amount(fields.get("rate"), f"{place}.rate")
        tiers.append(Tier(up_to=_read_optional(fields, "up_to", place), rate=rate))
    return tuple(tiers)


def _read_threshold(data: object, path: str) -> Threshold | None:
    if data is None:
        return None
    fields = _read_object(data, path, allowed=_THRESHOLD_KEYS)
    if not fields:
        raise InvalidFeeSchedule(path, "needs a bound")
    return Threshold(**{key: read_amount(value, f"{path}.{key}") for key, value in fields.items()})
