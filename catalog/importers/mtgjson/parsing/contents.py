"""The `contents` of a sealed product: what is certainly inside, and what is drawn from alternatives.

`variable` comes in two shapes. MTGJSON writes one entry per draw, whose `configs` are the alternatives with
`variable_config` = [{chance, weight}] (weight is the sum of all chances: chance/weight is a probability).
Files rebuilt from the contents repository write one entry per alternative, each with a single config and its
`chance` beside the lines. Several entries of one config each therefore are one choice among all of them.
"""

from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

from catalog.choices import ContentKind, Finish

from ..records import AlternativeRecord, ChoiceRecord, ContentsRecord, LineRecord
from ..report import Issues
from . import fields

_MAX_DEPTH = 4
_MAX_ALTERNATIVES = 2_000
_MAX_LINES = 5_000  # of one product; real ones have up to 60
_FOIL_LIKE = (Finish.ETCHED.value, Finish.FOIL.value, Finish.GLOSSY.value)


class _Option(NamedTuple):
    """One alternative while it is read: its relative chance, and the total the source states, if it does."""

    chance: Fraction
    total: Fraction | None
    lines: tuple[LineRecord, ...]


class ContentsParser:
    """Reads the contents of one product. Unreadable lines become `problems`: the product is incomplete."""

    def __init__(self, where: str, issues: Issues) -> None:
        self._where = where
        self._issues = issues
        self._problems: list[str] = []

    def parse(self, contents: Any) -> ContentsRecord:
        """Return what `contents` states; absent, null or empty contents give an empty record."""
        lines = list(self._lines(contents))
        choices: list[ChoiceRecord] = []
        for choice in self._choices(contents, depth=0):
            only = choice.alternatives[0]
            if len(choice.alternatives) == 1 and choice.draws == 1:  # one alternative is no choice
                lines.extend(only.lines)
            else:
                choices.append(choice)
        count = len(lines) + sum(len(a.lines) + 1 for choice in choices for a in choice.alternatives)
        if count > _MAX_LINES:
            self._refuse("contents_line_unreadable", f"more than {_MAX_LINES:,} lines")
            return ContentsRecord(problems=tuple(dict.fromkeys(self._problems)))
        return ContentsRecord(tuple(lines), tuple(choices), tuple(dict.fromkeys(self._problems)))

    def _refuse(self, kind: str, problem: str) -> None:
        self._issues.add(kind, f"{self._where}: {problem}")
        self._problems.append(problem)

    def _lines(self, contents: Any) -> list[LineRecord]:
        found: list[LineRecord] = []
        for kind in ContentKind.values:
            for row in fields.rows(contents, kind):
                line = _line(kind, row)
                if line is None:
                    self._refuse("contents_line_unreadable", f"a {kind} line could not be read")
                else:
                    found.append(line)
        return found

    def _choices(self, contents: Any, *, depth: int) -> list[ChoiceRecord]:
        entries = [fields.rows(entry, "configs") for entry in fields.rows(contents, "variable")]
        if not all(entries):
            self._refuse("contents_line_unreadable", "alternatives that could not be read")
            entries = [configs for configs in entries if configs]
        if not entries:
            return []
        if all(len(configs) == 1 for configs in entries):
            entries = [[configs[0] for configs in entries]]
        mode = fields.table(contents, "variable_mode")
        draws = fields.count(mode) or 1
        total = _fraction(mode.get("weight"))
        found = [self._choice(configs, draws=draws, total=total, depth=depth) for configs in entries]
        return [
            ChoiceRecord(choice.draws, fields.flag(mode, "replacement"), choice.alternatives)
            for choice in found
            if choice is not None
        ]

    def _choice(
        self, configs: list[Any], *, draws: int, total: Fraction | None, depth: int
    ) -> ChoiceRecord | None:
        options = [option for config in configs for option in self._options(config, depth=depth)]
        if not options:
            return None
        stated = next((option.total for option in options if option.total is not None), total)
        chances = sum((option.chance for option in options), Fraction(0))
        if stated is not None and draws == 1:
            if chances > stated:
                self._refuse("probability_above_one", "alternatives whose chances exceed their total")
            elif chances < stated:
                options.append(_Option(stated - chances, stated, ()))
        scale = lcm(*(option.chance.denominator for option in options))
        weights = [int(option.chance * scale) for option in options]
        if max(weights) > 2**62:
            self._refuse("weight_not_positive", "alternatives whose weights are too large")
            return None
        if draws > len(options):
            self._refuse("contents_line_unreadable", "more draws than alternatives")
            draws = len(options)
        alternatives = tuple(
            AlternativeRecord(weight, option.lines) for weight, option in zip(weights, options, strict=True)
        )
        return ChoiceRecord(draws, with_replacement=False, alternatives=alternatives)

    def _options(self, config: Any, *, depth: int) -> list[_Option]:
        """One alternative, multiplied out with the choices inside it."""
        if not isinstance(config, dict):
            self._refuse("contents_line_unreadable", "an alternative that could not be read")
            return []
        chance, total = _chance(config)
        if chance is None or chance < 0:
            self._refuse("weight_not_positive", "an alternative whose chance is not positive")
            return []
        if chance == 0:  # listed so that the card is known; never drawn
            return []
        options = [_Option(chance, total, tuple(self._lines(config)))]
        if depth >= _MAX_DEPTH:
            return options
        for inner in self._choices(config, depth=depth + 1):
            weight = sum(alternative.weight for alternative in inner.alternatives)
            options = [
                _Option(
                    option.chance * Fraction(alternative.weight, weight),
                    total,
                    option.lines + alternative.lines,
                )
                for option in options
                for alternative in inner.alternatives
            ]
            if len(options) > _MAX_ALTERNATIVES or inner.draws != 1:
                self._refuse("contents_line_unreadable", "nested alternatives too many to multiply out")
                return []
        return options


def _line(kind: str, row: Any) -> LineRecord | None:
    """Read one line, or None when it does not say what it is about."""
    quantity = fields.count(row)
    if quantity is None or not isinstance(row, dict):
        return None
    line = LineRecord(
        kind=kind,
        quantity=quantity,
        name=fields.text(row, "name"),
        set_code=fields.text(row, "set", limit=16).upper(),
        number=fields.text(row, "number", limit=20),
        uuid=fields.text(row, "uuid", limit=100),
        code=fields.text(row, "code", limit=60).lower(),
    )
    if kind == ContentKind.CARD and fields.flag(row, "token"):  # tokens are no catalogue articles
        return replace(line, kind=ContentKind.OTHER.value)
    if not _is_telling(line):
        return None
    return replace(line, finish=_card_finish(row)) if kind == ContentKind.CARD else line


def _is_telling(line: LineRecord) -> bool:
    match line.kind:
        case ContentKind.CARD:
            return bool(line.uuid or (line.set_code and (line.number or line.name)))
        case ContentKind.SEALED:
            return bool(line.uuid or (line.set_code and line.name))
        case ContentKind.PACK:
            return bool(line.set_code and line.code)
        case ContentKind.DECK:
            return bool(line.set_code and line.name)
        case _:
            return bool(line.name)


def _card_finish(row: Any) -> str:
    stated = [fields.clean(finish) for finish in fields.rows(row, "finishes")]
    if fields.flag(row, "etched") or fields.flag(row, "isEtched"):
        return Finish.ETCHED.value
    if fields.flag(row, "foil"):
        return Finish.ETCHED.value if stated == [Finish.ETCHED.value] else Finish.FOIL.value
    return stated[0] if len(stated) == 1 and stated[0] in _FOIL_LIKE else Finish.NONFOIL.value


def _chance(config: dict[str, Any]) -> tuple[Fraction | None, Fraction | None]:
    """Return (relative chance, stated total); no statement means 1, None means a statement without sense."""
    stated = fields.rows(config, "variable_config")
    row = stated[0] if stated and isinstance(stated[0], dict) else config
    chance = Fraction(1) if row.get("chance") is None else _fraction(row["chance"])
    return chance, _fraction(row.get("weight"))


def _fraction(value: Any) -> Fraction | None:
    number = fields.number(value)
    return Fraction(number) if number is not None else None
