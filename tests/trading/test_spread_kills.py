"""Executions of spreads killed between each pair of steps, and many at once: one order per leg, ever."""

import signal
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from uuid import UUID

import pytest
from django.db.models import Sum

from common.clock import utc_now
from common.models import OutboxMessage
from scrapers.choices import MarketOrigin
from scrapers.models import LiveMarket
from tests.trading.desk_venue import DeskVenue, running_venue
from tests.trading.factories import at, make_trader
from tests.trading.racing import FORK, forked, race
from tests.trading.services.spreads.conftest import forget_quotes, make_demo_route
from tests.trading.spread_factories import make_desk, make_spread_limits, open_spread, spread_order
from trading.brokers.desk import DeskBroker, LegInstruction, LegReport, SimulatedDeskBroker, desk_broker_for
from trading.choices import LegState, SpreadState
from trading.errors import LimitExceeded
from trading.models import ExposureReservation, ExposureUse, LedgerEntry, SpreadExecution
from trading.services import engage_kill_switch
from trading.services.spreads import drive_spread, execute_spread, resume_spread, resume_spreads
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)
FINAL = {SpreadState.SETTLED, SpreadState.FAILED, SpreadState.UNWOUND}


@pytest.fixture
def venue(settings) -> Iterator[DeskVenue]:
    forget_quotes()
    with running_venue() as running:
        settings.VENUE_SIMULATOR_URL = running.url
        settings.LEG_TIMEOUT_MS = 20_000
        settings.MAX_QUOTE_AGE_MS = 600_000
        yield running
    forget_quotes()


class Halting:
    """Stops its process for good at the n-th of the moments it is asked at, and says so through a pipe."""

    def __init__(self, pipe: Connection, step: int, now: datetime) -> None:
        self._pipe, self._left, self._now = pipe, step, now

    def clock(self) -> datetime:
        """Return the time, or never return."""
        self.pass_by("clock")
        return self._now

    def choose(self, mode: str, market: LiveMarket | None) -> "HaltingBroker":
        """Return a broker that halts before and after each call."""
        return HaltingBroker(desk_broker_for(mode, market), self)

    def pass_by(self, where: str) -> None:
        """Count a moment."""
        if self._left == 0:
            self._pipe.send(where)
            self._pipe.recv()
        self._left -= 1


class HaltingBroker:
    """A broker between whose call and ours a process can die."""

    def __init__(self, broker: DeskBroker, halting: Halting) -> None:
        self._broker, self._halting = broker, halting

    def send(self, order: LegInstruction, *, now: datetime) -> LegReport:
        """Send, with a halt before and after."""
        return self._around("send", partial(self._broker.send, order, now=now))

    def find(self, order: LegInstruction, *, now: datetime) -> LegReport:
        """Ask, with a halt before and after."""
        return self._around("find", partial(self._broker.find, order, now=now))

    def _around(self, what: str, call: Callable[[], LegReport]) -> LegReport:
        self._halting.pass_by(f"before {what}")
        report = call()
        self._halting.pass_by(f"after {what}")
        return report


def _act(opportunity: UUID, trader: UUID, pipe: Connection, step: int, now: datetime) -> None:
    """Execute and drive, as a request does; halt at a step."""
    halting = Halting(pipe, step, now)
    execution = execute_spread(
        opportunity_id=opportunity,
        actor=User.objects.get(pk=trader),
        order=spread_order(),
        now=now,
        clock=halting.clock,
    )
    drive_spread(execution_id=execution.pk, fence=1, clock=halting.clock, choose=halting.choose)
    pipe.send("done")
    pipe.recv()


STEPS = {
    0: "clock", 1: "clock", 2: "before send", 3: "after send", 4: "clock", 5: "clock", 6: "before send",
    7: "after send", 8: "clock", 9: "clock", 10: "done",
}  # fmt: skip
"""Every moment of an execution in which nothing goes wrong, and where it is."""


@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_at_any_step_leaves_one_order_per_leg(venue, step):
    now = utc_now()
    tess, route = make_trader(), make_demo_route(now=now)
    ours, theirs = FORK.Pipe()

    with forked(_act, [(route.opportunity.pk, tess.pk, theirs, step, now)]) as (child,):
        assert ours.poll(60), "the child did not come to the step"
        assert ours.recv() == STEPS[step]
        child.kill()
        child.join(30)
        assert child.exitcode == -signal.SIGKILL
    execution = SpreadExecution.objects.first()
    if step == 0:
        assert execution is None, "it was judged, and nothing was written"
        assert not ExposureReservation.objects.exists()
        return
    assert execution is not None
    done = _resumed_to_the_end(execution, now)

    assert done.state in FINAL
    for desk in ("alpha", "beta"):
        assert len(venue.sent(desk)) <= 1, f"{desk} got an order twice"
        assert len(venue.carried_out(desk)) == done.legs.filter(venue__code=desk, fills__isnull=False).count()
    _assert_money_adds_up(done)


def _resumed_to_the_end(execution: SpreadExecution, now: datetime) -> SpreadExecution:
    """Resume as the periodic task does, minutes apart, until nothing is left to do."""
    moment = now
    for _ in range(20):
        execution.refresh_from_db()
        if execution.state in FINAL:
            break
        moment = max(_due(execution), moment + timedelta(seconds=1))
        resume_spreads(clock=at(moment))
    execution.refresh_from_db()
    return execution


def _due(execution: SpreadExecution) -> datetime:
    """Return when somebody may take it over; only what is final has no such time."""
    assert execution.due_at is not None
    return execution.due_at


def _assert_money_adds_up(done: SpreadExecution) -> None:
    accounts = dict(
        LedgerEntry.objects.filter(posting__spread_execution=done)
        .values_list("account")
        .annotate(total=Sum("amount"))
    )
    assert accounts.get("inventory", 0) == 0
    assert accounts.get("cash", 0) == done.realised_profit
    assert not ExposureUse.objects.filter(limit__period="open", used__gt=0).exists()


def test_negative_control_sending_again_without_an_answer_buys_twice(venue):
    """What the recipe is for: a venue that takes each request for an order, and a client that tries again."""
    venue.is_idempotent = False
    venue.behave("alpha", "lost", "fill")
    tess, route = make_trader(), make_demo_route(now=utc_now())
    execution = open_spread(route, tess, now=utc_now())
    leg = execution.legs.select_related("venue").get(position=0)
    broker = SimulatedDeskBroker(make_desk("alpha", origin=MarketOrigin.DEMO))
    order = LegInstruction(
        client_order_id=leg.client_order_id, venue="alpha", side="buy", symbol=route.symbol, base="amazon",
        currency="USD", denomination=leg.quantity, region="US", quantity=leg.quantity,
        limit_price=leg.limit_price,
    )  # fmt: skip

    for _ in range(2):
        if broker.send(order, now=utc_now()).outcome == "filled":
            break

    assert len(venue.carried_out("alpha")) == 2, "the naive way held: the tests above prove nothing"


def test_a_driver_that_was_paused_can_write_nothing_after_it_was_replaced(venue):
    now = utc_now()
    tess, route = make_trader(), make_demo_route(now=now)
    ours, theirs = FORK.Pipe()

    with forked(_act, [(route.opportunity.pk, tess.pk, theirs, 3, now)]) as (child,):
        assert ours.poll(60)
        assert ours.recv() == "after send"
        execution = SpreadExecution.objects.get()
        done = _resumed_to_the_end(execution, now)
        ours.send("go on")
        assert ours.poll(60), "the paused driver did not come back"
        assert ours.recv() == "done"
        child.kill()
        child.join(30)
    execution.refresh_from_db()

    assert (execution.state, execution.fence) == (done.state, done.fence)
    assert [len(venue.sent(desk)) for desk in ("alpha", "beta")] == [1, 1]
    assert execution.legs.filter(state=LegState.FILLED).count() == 2
    _assert_money_adds_up(execution)


def test_many_workers_resume_each_execution_once(venue):
    now = utc_now()
    tess, route = make_trader(), make_demo_route(now=now)
    opened = [open_spread(route, tess, "1", now=now) for _ in range(5)]
    due = max(_due(execution) for execution in opened)

    race([lambda: resume_spreads(clock=at(due))] * 8, at_once=8)

    assert sorted(venue.sent("alpha")) == sorted(f"{execution.pk}:0" for execution in opened)
    assert sorted(venue.sent("beta")) == sorted(f"{execution.pk}:1" for execution in opened)
    assert set(SpreadExecution.objects.values_list("state", "fence")) == {(SpreadState.SETTLED, 2)}


def test_twenty_at_once_with_room_for_two_let_two_in(venue):
    now = utc_now()
    tess, route = make_trader(), make_demo_route(now=now)
    make_spread_limits(user_day="100")  # two of 45.00

    def act() -> SpreadExecution:
        return execute_spread(
            opportunity_id=route.opportunity.pk, actor=tess, order=spread_order("1"), now=now, clock=at(now)
        )

    results = race([act] * 20, at_once=20)

    assert sum(isinstance(result, SpreadExecution) for result in results) == 2
    assert sum(isinstance(result, LimitExceeded) for result in results) == 18
    assert ExposureUse.objects.get(limit__scope="user").used == 90
    assert OutboxMessage.objects.filter(task="trading.resume_spread").count() == 2


def test_a_switch_engaged_while_an_execution_is_on_its_way_stops_its_purchase(venue):
    now = utc_now()
    tess, route = make_trader(), make_demo_route(now=now)
    execution = open_spread(route, tess, now=now)
    engage_kill_switch(scope="source", subject="beta", reason="odd prices", actor=tess, now=now)

    done = drive_spread(execution_id=execution.pk, fence=1, clock=at(now))

    assert done.state == SpreadState.FAILED
    assert "odd prices" in done.reason
    assert venue.sent("alpha") == []


def test_what_was_bought_may_be_sold_although_trading_is_stopped(venue):
    now = utc_now()
    tess, route = make_trader(), make_demo_route(now=now)
    venue.behave("alpha", "lost")
    execution = open_spread(route, tess, now=now)
    waiting = drive_spread(execution_id=execution.pk, fence=1, clock=at(now))
    engage_kill_switch(scope="global", reason="stop", actor=tess, now=now)

    done = resume_spread(execution_id=waiting.pk, clock=at(_due(waiting)))

    assert done is not None
    assert done.state == SpreadState.SETTLED
