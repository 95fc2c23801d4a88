"""Listeners that never read, against the real server: cut off, memory flat, the others lose nothing."""

import pytest

from arbsite.bench import stream

pytestmark = pytest.mark.chaos


def test_stuck_listeners_are_cut_off_and_cost_nobody_anything(monkeypatch):
    sizes = stream.Sizes(listeners=200, stuck=20, seconds=25, rounds=20)
    monkeypatch.setattr(stream, "FULL", sizes)

    result = stream.run(is_quick=False)

    figures = {figure.name: figure.value for figure in result.figures}
    assert result.sizes["events"] >= 180 * 25 * 20 * 0.9, "the readers really listened"
    assert figures["events lost by listeners that read"] == 0
    assert figures["stuck listeners cut off"] == 20
    assert figures["memory growth after warming up"] <= 10
