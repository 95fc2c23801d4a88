"""What becomes of doubts from one audit to the next, and people's judgement of them."""

from datetime import timedelta

import pytest

from catalog.models import Product
from common.models import AuditEvent
from opportunities.choices import FindingState
from opportunities.contents_audit import judge_finding, run_contents_audit
from opportunities.errors import FindingNotFound, FindingNotJudgeable
from opportunities.models import ContentsFinding
from opportunities.tasks import audit_contents
from tests.catalog.factories import BoosterPackFactory, SealedProductFactory, state_contents
from tests.pricing.factories import NOW

pytestmark = pytest.mark.django_db
LATER, LATEST = NOW + timedelta(days=1), NOW + timedelta(days=2)


@pytest.fixture
def pack(db) -> Product:
    return SealedProductFactory(
        sealed_kind="booster_pack", sealed_subtype="draft", contents=[(BoosterPackFactory(), 1)]
    )


@pytest.fixture
def box(pack) -> Product:
    return SealedProductFactory(sealed_subtype="draft", contents=[(pack, 120)])


def finding() -> ContentsFinding:
    return ContentsFinding.objects.get()


def test_a_new_doubt_is_open(box):
    report = run_contents_audit(now=NOW)

    row = finding()
    assert (row.check_code, row.product_id, row.state) == ("odd_count", box.pk, "open")
    assert (row.first_seen_at, row.last_seen_at, row.closed_at) == (NOW, NOW, None)
    assert (report.products, report.opened, report.resolved) == (2, 1, 0)
    assert AuditEvent.objects.get(verb="contents.audited").data["found"]["odd_count"] == 1


def test_a_doubt_that_is_found_again_keeps_its_row(box):
    run_contents_audit(now=NOW)
    before = finding().pk

    report = run_contents_audit(now=LATER)

    row = finding()
    assert (row.pk, row.first_seen_at, row.last_seen_at) == (before, NOW, LATER)
    assert report.opened == 0


def test_a_doubt_that_is_gone_is_resolved_and_one_that_comes_back_is_open(box, pack):
    run_contents_audit(now=NOW)
    state_contents(box, [(pack, 36)])
    resolved = run_contents_audit(now=LATER)
    closed = finding()
    state_contents(box, [(pack, 121)])
    again = run_contents_audit(now=LATEST)

    assert (resolved.resolved, closed.state, closed.closed_at) == (1, "resolved", LATER)
    row = finding()
    assert (again.opened, row.state, row.closed_at, row.first_seen_at) == (1, "open", None, NOW)
    assert row.details["count"] == 121


def test_an_accepted_doubt_stays_accepted(box, pack, alice):
    run_contents_audit(now=NOW)
    judge_finding(finding().pk, state="accepted", reason="A display", actor=alice, now=NOW)

    found = run_contents_audit(now=LATER)
    state_contents(box, [(pack, 36)])
    gone = run_contents_audit(now=LATEST)

    row = finding()
    assert (row.state, row.judged_reason, row.last_seen_at) == ("accepted", "A display", LATER)
    assert (found.accepted, found.opened, gone.resolved) == (1, 0, 0)


def test_judging_is_recorded_once(box, alice):
    run_contents_audit(now=NOW)

    for _ in range(2):
        judge_finding(finding().pk, state="accepted", reason=" A display ", actor=alice, now=LATER)

    (event,) = AuditEvent.objects.filter(verb="contents.finding_judged")
    assert (event.actor_id, event.data["state"], event.data["reason"]) == (alice.pk, "accepted", "A display")
    assert finding().closed_at == LATER


def test_an_accepted_doubt_can_be_opened_again(box, alice):
    run_contents_audit(now=NOW)
    judge_finding(finding().pk, state="accepted", reason="A display", actor=alice, now=NOW)

    judge_finding(finding().pk, state="open", reason="No, it is not", actor=alice, now=LATER)

    assert (finding().state, finding().closed_at) == ("open", None)


@pytest.mark.parametrize(
    ("state", "reason"), [("accepted", "  "), ("resolved", "x")], ids=["no reason", "not for people"]
)
def test_a_judgement_without_sense_is_refused(box, alice, state: str, reason: str):
    run_contents_audit(now=NOW)

    with pytest.raises(FindingNotJudgeable):
        judge_finding(finding().pk, state=state, reason=reason, actor=alice, now=NOW)

    assert finding().state == FindingState.OPEN


def test_a_resolved_doubt_is_not_judged(box, pack, alice):
    run_contents_audit(now=NOW)
    state_contents(box, [(pack, 36)])
    run_contents_audit(now=LATER)

    with pytest.raises(FindingNotJudgeable):
        judge_finding(finding().pk, state="accepted", reason="x", actor=alice, now=LATER)


def test_a_doubt_that_does_not_exist_is_not_judged(alice):
    with pytest.raises(FindingNotFound):
        judge_finding(alice.pk, state="accepted", reason="x", actor=alice, now=NOW)


def test_the_task_is_safe_to_run_twice(box):
    first, second = audit_contents(), audit_contents(job_id="x")

    assert (first["opened"], second["opened"]) == (1, 0)
    assert ContentsFinding.objects.count() == 1
