"""Listeners that never read, against the real server: cut off, memory flat, the others lose nothing."""

import pytest

from arbsite.bench import stream, stream_live

pytestmark = pytest.mark.chaos


def test_stuck_listeners_are_cut_off_and_cost_nobody_anything(monkeypatch):
    sizes = stream.Sizes(listeners=200, stuck=20, seconds=25, rounds=20)
    monkeypatch.setattr(stream, "FULL", sizes)
    live = stream_live.LiveSizes(listeners=20, things=50, rate=500, seconds=4)
    monkeypatch.setattr(stream_live, "FULL", (live,))

    result = stream.run(is_quick=False)

    figures = {figure.name: figure.value for figure in result.figures}
    assert result.sizes["events"] >= 180 * 25 * 20 * 0.9, "the readers really listened"
    assert figures["events lost by listeners that read"] == 0
    assert figures["stuck listeners cut off"] == 20
    assert figures["memory growth after warming up"] <= 10
    assert figures["500 changes/s: events lost among them"] == 0
    assert figures["500 changes/s: things not shown in their last state"] == 0
