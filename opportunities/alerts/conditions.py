"""Conditions of a rule: from what was sent, through strict checks, to one condition in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db.models import Q

from common.errors import InvalidInput

from .fields import FIELDS, AlertField

MAX_CONDITIONS: Final = 20
MAX_VALUES: Final = 50
_MEMBERS: Final = frozenset({"field", "operator", "value"})
_MAX_DIGITS: Final = 20

Faults = dict[str, list[str]]


class ConditionsRefused(InvalidInput):
    """One or more conditions cannot be used; `faults` says where and why, by position."""

    default_code = "conditions_refused"

    def __init__(self, faults: Sequence[Faults] | str) -> None:
        self.faults = faults
        super().__init__(detail="The conditions of the rule cannot be used.")


@dataclass(frozen=True, slots=True)
class Condition:
    """One checked comparison. Numbers are Decimal; lists are tuples of texts."""

    field: str
    operator: str
    value: Decimal | str | tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what is stored and shown; numbers as text."""
        value: Any = self.value
        if isinstance(value, Decimal):
            value = format(value.normalize(), "f")
        elif isinstance(value, tuple):
            value = list(value)
        return {"field": self.field, "operator": self.operator, "value": value}

    def query(self, *, now: datetime) -> Q:
        """Return the condition in SQL."""
        return FIELDS[self.field].query(self.operator, self.value, now)


def read_conditions(sent: object) -> list[Condition]:
    """Check conditions as they were sent.

    Args:
        sent: a list of `{field, operator, value}`; numbers as text or JSON numbers.

    Returns:
        The conditions, in the given order.

    Raises:
        ConditionsRefused: with the faults of every condition, or one text for the list as a whole.
    """
    if not isinstance(sent, list):
        raise ConditionsRefused("Give a list of conditions.")
    if len(sent) > MAX_CONDITIONS:
        raise ConditionsRefused(f"Give at most {MAX_CONDITIONS} conditions.")
    read: list[Condition] = []
    faults: list[Faults] = []
    for item in sent:
        found = _read(item)
        if isinstance(found, Condition):
            read.append(found)
            faults.append({})
        else:
            faults.append(found)
    if any(faults):
        raise ConditionsRefused(faults)
    return read


def stored_conditions(stored: Sequence[Mapping[str, Any]]) -> list[Condition]:
    """Return conditions that were checked when they were stored."""
    return [_stored(item) for item in stored]


def _stored(item: Mapping[str, Any]) -> Condition:
    value = item["value"]
    if FIELDS[item["field"]].kind == "number":
        value = Decimal(value)
    elif isinstance(value, list):
        value = tuple(value)
    return Condition(item["field"], item["operator"], value)


def all_of(conditions: Sequence[Condition], *, now: datetime) -> Q:
    """Return the condition that all of them hold; without any, everything matches."""
    query = Q(pk__isnull=False)
    for condition in conditions:
        query &= condition.query(now=now)
    return query


def _read(item: object) -> Condition | Faults:
    if not isinstance(item, dict):
        return {"field": ["Give an object with field, operator and value."]}
    faults: Faults = {name: ["This field is not known."] for name in sorted(set(item) - _MEMBERS)}
    faults |= {name: ["This field is required."] for name in sorted(_MEMBERS - set(item))}
    if faults:
        return faults
    field = FIELDS.get(item["field"]) if isinstance(item["field"], str) else None
    if field is None:
        return {"field": [f"Unknown field. Known are {', '.join(FIELDS)}."]}
    operator = item["operator"]
    if operator not in field.operators:
        return {"operator": [f"{field.name} can be compared by {', '.join(field.operators)}."]}
    try:
        value = _value(field, operator, item["value"])
    except ValueError as error:
        return {"value": [str(error)]}
    return Condition(field.name, operator, value)


def _value(field: AlertField, operator: str, sent: object) -> Decimal | str | tuple[str, ...]:
    """Return the checked value; raises ValueError with a sentence for the person."""
    if field.kind == "number":
        return _number(field, sent)
    if operator in ("in", "not_in"):
        return _list(field, sent)
    return _text(field, sent)


def _number(field: AlertField, sent: object) -> Decimal:
    text = str(sent) if isinstance(sent, int | float | str) and not isinstance(sent, bool) else ""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(value.as_tuple().digits) > _MAX_DIGITS:
        msg = "Give a number."
        raise ValueError(msg)
    if not field.low <= value <= field.high:
        msg = f"Give a number from {field.low:f} to {field.high:f}."
        raise ValueError(msg)
    if abs(value) != 0 and value.adjusted() < -_MAX_DIGITS:
        msg = "Give a number with fewer decimal places."
        raise ValueError(msg)
    return value


def _text(field: AlertField, sent: object) -> str:
    if not _is_text(field, sent):
        msg = f"Give a text of 1 to {field.max_length} characters."
        raise ValueError(msg)
    text = str(sent).strip()
    if field.choices is not None:
        _refuse_others(field, [text])
    return text


def _list(field: AlertField, sent: object) -> tuple[str, ...]:
    if not isinstance(sent, list) or not 1 <= len(sent) <= MAX_VALUES:
        msg = f"Give a list of 1 to {MAX_VALUES} texts."
        raise ValueError(msg)
    if not all(_is_text(field, item) for item in sent):
        msg = f"Give texts of 1 to {field.max_length} characters."
        raise ValueError(msg)
    values = tuple(dict.fromkeys(str(item).strip() for item in sent))
    if field.choices is not None:
        _refuse_others(field, values)
    return values


def _is_text(field: AlertField, sent: object) -> bool:
    return (
        isinstance(sent, str) and bool(sent.strip()) and len(sent) <= field.max_length and sent.isprintable()
    )


def _refuse_others(field: AlertField, values: Sequence[str]) -> None:
    known = [value for value, _ in field.choices()] if field.choices else []
    unknown = [value for value in values if value not in known]
    if unknown:
        msg = f"Unknown: {', '.join(unknown[:5])}. Known are {', '.join(known[:40])}."
        raise ValueError(msg)
