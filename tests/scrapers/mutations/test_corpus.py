import sys
from collections import Counter

import pytest

from scrapers.errors import FetchFailed

from . import harmful, harmless
from .corpus import SAMPLES
from .sample import seeded

HARMLESS_SEEDS, HARMFUL_SEEDS = 16, 10
LEAST_MUTATIONS, LEAST_HARMLESS_SHARE = 2_000, 0.98


def harmless_bodies(sample):
    for kind in harmless.kinds_for(sample):
        for seed in range(HARMLESS_SEEDS):
            body = kind(sample, seeded(sample.name, kind.__name__, seed))
            if body is not None:
                yield kind.__name__, body


def harmful_bodies(sample, *, seeds=HARMFUL_SEEDS):
    for kind in harmful.KINDS:
        for seed in range(seeds):
            body = kind(sample, seeded(sample.name, kind.__name__, seed))
            if body is not None and body != sample.body:
                yield kind.__name__, body


def tell(capsys, text):
    """Write counts to the terminal, whatever pytest captures."""
    with capsys.disabled():
        sys.stdout.write(f"\n{text}\n")


def outcome(sample, body, truth):
    """Say what became of a mutated answer; only typed refusals are expected."""
    try:
        facts = sample.facts(body)
    except FetchFailed:
        return "refused"
    if not facts:
        return "no price"
    if facts == truth:
        return "right"
    return "right, less" if set(facts) < set(truth) else "for the bounds"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_sample_says_what_was_worked_out_by_hand(sample):
    facts = sample.facts(sample.body)

    assert facts == sample.true_facts(facts[0].currency)
    assert facts[0].currency in ("USD", "EUR")


def test_harmless_changes_are_read_right_and_harmful_ones_refused_or_left_to_the_bounds(capsys):
    harmless_counts: Counter[str] = Counter()
    harmful_counts: Counter[str] = Counter()
    missed: list[str] = []
    for sample in SAMPLES:
        truth = sample.facts(sample.body)
        for kind, body in harmless_bodies(sample):
            found = outcome(sample, body, truth)
            harmless_counts[found] += 1
            if found != "right":
                missed.append(f"{sample.name} {kind} {found}")
        harmful_counts.update(outcome(sample, body, truth) for _, body in harmful_bodies(sample))

    total = harmless_counts.total() + harmful_counts.total()
    share = harmless_counts["right"] / harmless_counts.total()
    tell(
        capsys,
        f"mutation corpus: {total} mutations of {len(SAMPLES)} answers;"
        f" harmless {dict(harmless_counts)}, {share:.1%} read right; harmful {dict(harmful_counts)}",
    )
    assert total >= LEAST_MUTATIONS
    assert share >= LEAST_HARMLESS_SHARE, missed[:20]
    assert harmful_counts["refused"] > harmful_counts["for the bounds"]
