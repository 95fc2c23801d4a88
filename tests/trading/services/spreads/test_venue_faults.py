"""What a venue does to an order, and what becomes of the execution: each is sent once, whatever happens."""

from datetime import timedelta
from decimal import Decimal

import pytest

from common.models import AuditEvent
from opportunities.models import Notification
from scrapers.models import LiveMarket
from tests.trading.factories import NOW, as_if_committed, at
from tests.trading.spread_factories import drive, make_desk, open_spread
from trading.choices import LedgerAccount, LegState, SpreadState
from trading.models import ExposureUse, LedgerEntry, SpreadExecution
from trading.services.spreads import Resolution, resolve_spread, resume_spread

from .conftest import make_demo_route

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=10)


def _again(execution, moment):
    """Take an execution over at a moment, as the periodic task does."""
    return resume_spread(execution_id=execution.pk, clock=at(moment))


def _held() -> dict[str, Decimal]:
    return dict(ExposureUse.objects.values_list("limit__period", "used"))


def _cash(execution) -> Decimal:
    rows = LedgerEntry.objects.filter(
        posting__spread_execution=execution, account=LedgerAccount.CASH
    ).values_list("amount", flat=True)
    return sum(rows, Decimal(0))


def test_orders_go_out_by_http_and_come_back_filled(tess, venue):
    done = drive(open_spread(make_demo_route(), tess))

    as_if_committed()
    assert done.state == SpreadState.SETTLED
    assert venue.sent("alpha") == [f"{done.pk}:0"]
    assert venue.sent("beta") == [f"{done.pk}:1"]
    assert [leg.venue_order_id for leg in done.legs.order_by("position")] == ["V-1", "V-2"]
    assert done.realised_profit == Decimal("3.8")
    assert _cash(done) == Decimal("3.80")


@pytest.mark.parametrize("fault", ["lost", "hang", "error", "garbage", "unknown_id"])
@pytest.mark.parametrize("desk", ["alpha", "beta"])
def test_an_answer_that_does_not_come_leaves_the_leg_unknown_and_is_asked_for(
    tess, venue, settings, fault, desk
):
    settings.LEG_TIMEOUT_MS = 1_000 if fault == "hang" else 20_000
    venue.behave(desk, fault, "fill")

    waiting = drive(open_spread(make_demo_route(), tess))
    assert waiting.state == SpreadState.UNKNOWN
    assert waiting.legs.get(venue__code=desk).state == LegState.UNKNOWN
    assert waiting.realised_cost is None
    done = _again(waiting, waiting.due_at)

    as_if_committed()
    assert done.state == SpreadState.SETTLED
    assert venue.sent(desk) == [f"{done.pk}:{0 if desk == 'alpha' else 1}"], "it was sent again"
    assert len(venue.carried_out(desk)) == 1
    assert _held() == {"open": 0, "day": 90}


def test_nothing_is_resumed_before_it_is_due_and_nothing_that_is_final(tess, venue):
    venue.behave("alpha", "lost")
    waiting = drive(open_spread(make_demo_route(), tess))

    assert _again(waiting, NOW) is None
    done = _again(waiting, NOW + LATER)

    assert done.state == SpreadState.SETTLED
    assert _again(done, NOW + 2 * LATER) is None


@pytest.mark.parametrize("fault", ["reject", "refuse"])
def test_a_purchase_that_is_refused_ends_it_and_gives_everything_back(tess, venue, fault):
    venue.behave("alpha", fault)

    done = drive(open_spread(make_demo_route(), tess))

    as_if_committed()
    assert done.state == SpreadState.FAILED
    assert done.reason
    assert (done.realised_cost, done.realised_profit) == (Decimal(0), Decimal(0))
    assert [leg.state for leg in done.legs.order_by("position")] == ["void", "void"]
    assert _held() == {"open": 0, "day": 0}
    assert venue.sent("beta") == []
    assert not LedgerEntry.objects.exists()


def test_a_venue_that_cannot_be_reached_was_certainly_not_sent_anything(tess, settings):
    settings.VENUE_SIMULATOR_URL = "http://127.0.0.1:1"

    done = drive(open_spread(make_demo_route(), tess))

    assert done.state == SpreadState.FAILED
    leg = done.legs.get(position=0)
    assert (leg.state, leg.sent_at) == (LegState.VOID, None)


def test_an_order_that_was_held_up_before_it_left_does_not_leave_any_more(tess, venue, settings):
    execution = open_spread(make_demo_route(), tess)
    settings.LEG_TIMEOUT_MS = 0

    done = drive(execution)

    assert done.state == SpreadState.FAILED
    assert venue.sent("alpha") == []


@pytest.mark.parametrize(
    ("fault", "state", "profit"),
    [("late_fill", SpreadState.SETTLED, Decimal("3.8")), ("late_reject", SpreadState.FAILED, Decimal(0))],
)
def test_what_a_venue_decides_later_is_asked_for(tess, venue, fault, state, profit):
    venue.behave("alpha", fault)

    waiting = drive(open_spread(make_demo_route(), tess))
    assert waiting.state == SpreadState.UNKNOWN
    done = _again(waiting, waiting.due_at)

    assert (done.state, done.realised_profit) == (state, profit)
    assert len(venue.sent("alpha")) == 1


def test_the_sale_follows_a_purchase_in_part(tess, venue):
    venue.behave("alpha", "partial")

    done = drive(open_spread(make_demo_route(), tess, "5"))

    assert done.state == SpreadState.SETTLED
    assert "Only 2" in done.reason
    assert done.legs.get(position=1).quantity == 2
    assert done.realised_cost == Decimal("90.1")
    assert _held()["open"] == 0


def test_an_order_that_never_arrived_is_believed_to_be_none_only_after_a_while(tess, venue, settings):
    venue.behave("alpha", "lost_before")
    sent = open_spread(make_demo_route(), tess)
    waiting = drive(sent)

    still = _again(waiting, waiting.due_at)
    assert still.state == SpreadState.UNKNOWN
    patience = timedelta(milliseconds=settings.LEG_TIMEOUT_MS, seconds=settings.LEG_UNKNOWN_SECONDS / 2)
    done = _again(still, NOW + patience)

    assert done.state == SpreadState.FAILED
    assert venue.sent("alpha") == [f"{sent.pk}:0"]
    assert _held() == {"open": 0, "day": 0}


def test_a_venue_that_never_tells_makes_it_stuck_and_people_are_told(tess, bob, venue, settings):
    venue.behave("alpha", "lost")
    venue.is_deaf = True
    waiting = drive(open_spread(make_demo_route(), tess))

    stuck = _again(waiting, NOW + timedelta(seconds=settings.LEG_UNKNOWN_SECONDS + 1))

    as_if_committed()
    assert stuck.state == SpreadState.STUCK
    readers = set(Notification.objects.values_list("user__username", flat=True))
    assert readers == {"tess", "bob"}
    assert _held() == {"open": 90, "day": 90}, "the reservation must stay"
    assert AuditEvent.objects.filter(verb="spread.stuck").count() == 1
    once_more = _again(stuck, stuck.due_at)
    assert once_more.state == SpreadState.STUCK
    assert Notification.objects.count() == 2


def test_a_stuck_one_goes_on_when_the_venue_tells_after_all(tess, venue):
    venue.behave("alpha", "lost")
    venue.is_deaf = True
    stuck = _again(drive(open_spread(make_demo_route(), tess)), NOW + LATER)
    venue.is_deaf = False

    done = _again(stuck, stuck.due_at)

    assert done.state == SpreadState.SETTLED
    assert len(venue.sent("alpha")) == 1


@pytest.mark.parametrize("fault", ["overfill", "half"])
def test_figures_that_cannot_be_are_not_believed_and_people_are_asked(tess, venue, fault):
    venue.behave("alpha", fault)

    waiting = drive(open_spread(make_demo_route(), tess))
    stuck = _again(waiting, NOW + LATER)

    assert (waiting.state, stuck.state) == (SpreadState.UNKNOWN, SpreadState.STUCK)
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("how", ["moved", "not a demo any more", "undeclared"])
def test_an_order_that_went_out_is_not_taken_for_paper_when_its_venue_is_gone(tess, venue, settings, how):
    venue.behave("alpha", "lost")
    waiting = drive(open_spread(make_demo_route(), tess))
    if how == "moved":
        settings.VENUE_SIMULATOR_URL = ""
    elif how == "undeclared":
        LiveMarket.objects.filter(code="alpha").delete()
    else:
        make_desk("alpha", origin="staff")

    done = _again(waiting, NOW + LATER)

    as_if_committed()
    assert done.state == SpreadState.STUCK
    assert _held() == {"open": 90, "day": 90}, "nobody said that nothing was bought"


def _stuck(tess, venue, desk: str) -> SpreadExecution:
    venue.behave(desk, "lost")
    venue.is_deaf = True
    waiting = drive(open_spread(make_demo_route(), tess))
    stuck = resume_spread(execution_id=waiting.pk, clock=at(NOW + LATER))
    assert stuck is not None
    return stuck


def test_an_operator_says_that_nothing_happened(tess, bob, venue):
    stuck = _stuck(tess, venue, "alpha")

    resolved = resolve_spread(
        execution_id=stuck.pk, resolution=Resolution("nothing_happened"), actor=bob, now=NOW + LATER
    )
    done = drive(resolved, now=NOW + LATER)

    as_if_committed()
    assert done.state == SpreadState.FAILED
    assert _held() == {"open": 0, "day": 0}
    assert AuditEvent.objects.get(verb="spread.resolved").actor_id == bob.pk


def test_an_operator_says_what_was_filled(tess, bob, venue):
    stuck = _stuck(tess, venue, "beta")

    resolution = Resolution("filled", price=Decimal("46.5"), venue_order_id="phoned")
    resolved = resolve_spread(execution_id=stuck.pk, resolution=resolution, actor=bob, now=NOW + LATER)
    done = drive(resolved, now=NOW + LATER)

    assert done.state == SpreadState.SETTLED
    assert done.realised_proceeds == 93
    assert done.legs.get(position=1).venue_order_id == "phoned"


def test_the_answer_of_the_venue_after_a_person_decided_changes_nothing(tess, bob, venue):
    stuck = _stuck(tess, venue, "alpha")
    resolve_spread(
        execution_id=stuck.pk, resolution=Resolution("nothing_happened"), actor=bob, now=NOW + LATER
    )

    late = drive(stuck, now=NOW + LATER)  # with the fence from before

    assert late.fence == stuck.fence + 1
    assert late.legs.get(position=0).state == LegState.VOID
    assert late.state != SpreadState.FAILED, "only the newest driver may end it"
