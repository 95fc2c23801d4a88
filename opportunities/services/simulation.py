"""Opening by dice what a calculation values, and keeping calculations under a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db import IntegrityError, transaction

from catalog.selectors import cards_by_key
from common.audit import record_event
from opportunities.errors import OpportunityNotFound, ScenarioRefused, ValueOptionRefused
from opportunities.models import Opportunity, Scenario
from quant.money import InvalidAmount
from quant.sealed.opening import draw_opening
from quant.sealed.trials import simulated_values
from users.models import User

from .simulating import Assumptions, Calculation, calculate

MAX_TRIALS: Final = 20_000
MAX_SCENARIOS: Final = 50
DEFAULT_SEED: Final = 20_240_601
SAMPLES: Final = 3
_SAMPLE_CARDS: Final = 12
_CENT: Final = Decimal("0.01")
_SHARE: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Trials:
    """How often to open by dice, from which seed."""

    count: int
    seed: int = DEFAULT_SEED


def simulate_opportunity(
    *, opportunity_id: UUID, assumptions: Assumptions, trials: Trials | None
) -> dict[str, Any]:
    """Calculate an opportunity under other assumptions and, if asked for, open it by dice.

    Args:
        opportunity_id: which opportunity, whatever its status.
        assumptions: what to change.
        trials: None opens nothing.

    Returns:
        `assumptions`, `result` and `delta` as JSON with decimal strings.

    Raises:
        OpportunityNotFound: if there is none.
        RecomputationImpossible: if contents or fees changed since it was made.
        ValueOptionRefused: for figures that make no sense, such as a cost of 0.
    """
    rows = Opportunity.objects.select_related("sealed_product", "fee_schedule__venue")
    row = rows.filter(pk=opportunity_id).first()
    if row is None:
        raise OpportunityNotFound(details={"id": str(opportunity_id)})
    try:
        calculation = calculate(row, assumptions)
    except InvalidAmount as error:
        raise ValueOptionRefused(detail="The products must cost something.") from error
    simulation = None if trials is None else _simulation(calculation, trials)
    return {
        "assumptions": {
            **{name: _text(value) for name, value in calculation.assumptions.items()},
            "changed": assumptions.changed(),
        },
        "result": {**calculation.result(), "simulation": simulation},
        "delta": calculation.delta(),
    }


def save_scenario(
    *, opportunity_id: UUID, name: str, answer: Mapping[str, Any], actor: User, now: datetime
) -> Scenario:
    """Keep a calculation of one user under a name; its drawing and its dice are not kept.

    Args:
        opportunity_id: of the calculation.
        name: unique among the user's scenarios of the opportunity.
        answer: of `simulate_opportunity`.
        actor: whose scenario.
        now: when.

    Raises:
        ScenarioRefused: `name_taken`, or `too_many_scenarios` (`MAX_SCENARIOS` for each opportunity).
    """
    kept = {key: value for key, value in answer["result"].items() if key not in ("points", "simulation")}
    try:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=actor.pk)  # one user's scenarios are counted in turn
            if Scenario.objects.filter(user=actor, opportunity=opportunity_id).count() >= MAX_SCENARIOS:
                raise ScenarioRefused(
                    "too_many_scenarios",
                    f"Keep at most {MAX_SCENARIOS} scenarios of one opportunity.",
                    {"limit": MAX_SCENARIOS},
                )
            scenario = Scenario.objects.create(
                user=actor,
                opportunity_id=opportunity_id,
                name=name,
                assumptions=answer["assumptions"],
                result=kept,
                created_at=now,
            )
            _record(scenario, "scenario.saved", actor, now)
    except IntegrityError as error:
        raise ScenarioRefused(
            "name_taken", "You have a scenario of that name already.", {"name": name}
        ) from error
    return scenario


def remove_scenario(scenario: Scenario, *, actor: User, now: datetime) -> None:
    """Forget a scenario."""
    with transaction.atomic():
        _record(scenario, "scenario.removed", actor, now)
        scenario.delete()


def _record(scenario: Scenario, verb: str, actor: User, now: datetime) -> None:
    data = {"opportunity": str(scenario.opportunity_id)}
    record_event(actor=actor, verb=verb, subject=f"scenario:{scenario.pk}", data=data, now=now)


def _simulation(calculation: Calculation, trials: Trials) -> dict[str, Any]:
    quantity = int(calculation.assumptions["quantity"])
    values = simulated_values(
        calculation.contents,
        cents=calculation.copy_cents,
        trials=trials.count,
        seed=trials.seed,
        quantity=quantity,
    )
    cost = float(calculation.total_cost * 100)
    losses = int(np.count_nonzero(values <= cost))
    return {
        "trials": len(values),
        "seed": trials.seed,
        "mean": str(_amount(float(values.mean()))),
        "loss_probability": str((Decimal(losses) / len(values)).quantize(_SHARE)),
        "sample_packs": _samples(calculation, trials.seed),
    }


def _samples(calculation: Calculation, seed: int) -> list[dict[str, Any]]:
    """Return some single products opened, each with its most valuable cards."""
    openings = [
        draw_opening(calculation.contents, quantity=1, seed=seed + number) for number in range(SAMPLES)
    ]
    prices = {line.card: line.price for line in calculation.valuation.lines}
    cents = calculation.copy_cents
    tops = []
    for opening in openings:
        best = sorted(opening, key=lambda card: (-(prices.get(card) or 0), str(card)))
        tops.append(best[:_SAMPLE_CARDS])
    facts = cards_by_key({card[0] for top in tops for card in top})
    samples = []
    for opening, top in zip(openings, tops, strict=True):
        value = sum(cents.get(card, 0) * copies for card, copies in opening.items())
        cards = [
            {
                "name": facts[card[0]].name if card[0] in facts else "",
                "finish": card[1],
                "price": _text(prices.get(card)),
                "quantity": opening[card],
            }
            for card in top
        ]
        samples.append({"value": str(_amount(float(value))), "cards": cards})
    return samples


def _amount(cents: float) -> Decimal:
    return (Decimal(repr(cents)) / 100).quantize(_CENT, rounding=ROUND_HALF_EVEN)


def _text(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value
