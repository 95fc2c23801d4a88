"""Every operation of the OpenAPI document, with generated input: whatever comes, no answer is a 5xx.

Two kinds of cases per operation: input that follows the document and input that breaks it. Ids in paths are
those of things that exist, half of the time, so that the cases get past the first 404.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import hypothesis
import pytest
import schemathesis
from django.conf import settings
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from jobs.models import Job
from opportunities.models import AlertRule, Opportunity, Watch
from tests.opportunities.factories import analyze, make_deck
from tests.pricing.factories import NOW
from users.models import SavedView, User

DOCUMENT = Path(settings.BASE_DIR) / "frontend" / "openapi.json"
CASES_PER_MODE = 20
TRANSPORT = {"/api/v1/stream/", "/api/v1/stream"}  # answers for hours: tests/arbsite/stream

SCHEMA = schemathesis.openapi.from_path(DOCUMENT)


def _operations() -> Iterator[APIOperation[Any, Any, Any, Any]]:
    for result in SCHEMA.get_all_operations():
        assert isinstance(result, Ok), result
        yield result.ok()


OPERATIONS = {
    f"{operation.method.upper()} {operation.path}": operation
    for operation in _operations()
    if operation.path not in TRANSPORT
}


@pytest.fixture
def world(db):
    """One of most things, and who may do everything."""
    admin = User.objects.create_user("root", role="admin", is_staff=True)
    deck = make_deck()
    analyze()
    opportunity = Opportunity.objects.get()
    job = Job.objects.create(kind="scrapers.update_all_prices", label="All", parameters={}, created_at=NOW)
    view = SavedView.objects.create(
        user=admin, page="opportunities", name="Mine", created_at=NOW, updated_at=NOW
    )
    watch = Watch.objects.create(user=admin, product=deck.sealed, created_at=NOW)
    rule = AlertRule.objects.create(
        user=admin, name="Any", conditions=[], created_at=NOW, updated_at=NOW + timedelta(hours=1)
    )
    ids = {
        "products": deck.sealed.pk, "opportunities": opportunity.pk, "jobs": job.pk, "saved-views": view.pk,
        "watches": watch.pk, "alert-rules": rule.pk,
    }  # fmt: skip
    return admin, {name: str(pk) for name, pk in ids.items()}


def test_the_document_has_enough_operations_for_thousands_of_cases():
    assert len(OPERATIONS) * 2 * CASES_PER_MODE >= 3_000


@pytest.mark.parametrize("name", sorted(OPERATIONS))
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_generated_input_makes_the_server_fail(name, mode, world, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
    admin, ids = world
    client = Client(raise_request_exception=False)
    client.force_login(admin)
    operation = OPERATIONS[name]
    try:
        cases = operation.as_strategy(generation_mode=mode)
        cases.validate()
    except (schemathesis.errors.SchemathesisError, hypothesis.errors.InvalidArgument):
        pytest.skip("nothing in this operation can be broken")

    @hypothesis.settings(
        max_examples=CASES_PER_MODE, deadline=None, database=None, derandomize=False,
        suppress_health_check=list(HealthCheck), phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
    )  # fmt: skip
    @hypothesis.given(case=cases, takes_real_id=st.booleans())
    def story(case, takes_real_id):
        with transaction.atomic():
            answer = send(client, case, ids if takes_real_id else {})
            transaction.set_rollback(True)
        assert answer.status_code < 500, (answer.status_code, answer.content[:300])
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json", answer.content[:300]
            assert {"error", "details", "code"} <= answer.json().keys()

    try:
        story()
    except hypothesis.errors.Unsatisfiable:
        pytest.skip("nothing in this operation can be broken")


def send(client: Client, case, ids: dict[str, str]):
    """Send a generated case through Django's own handler."""
    path = case.path
    for parameter, value in (case.path_parameters or {}).items():
        kind = case.path.removeprefix("/api/v1/").split("/")[0]
        known = ids.get(kind) if parameter == "id" else None
        path = path.replace(f"{{{parameter}}}", known or _as_segment(value))
    query = urlencode(_pairs(case.query or {}), errors="surrogatepass")
    headers = {str(name): str(value) for name, value in (case.headers or {}).items() if _is_header(value)}
    body = b"" if not _has_body(case) else json.dumps(case.body, default=str).encode(errors="surrogatepass")
    return client.generic(
        case.method.upper(), path, body, "application/json", QUERY_STRING=query, headers=headers
    )


def _has_body(case) -> bool:
    return case.body is not None and not isinstance(case.body, schemathesis.core.NotSet)


def _as_segment(value) -> str:
    text = str(UUID(int=value)) if isinstance(value, int) and 0 <= value < 2**128 else str(value)
    return urlencode({"": text}, errors="surrogatepass")[1:] or "-"


def _pairs(query) -> list[tuple[str, str]]:
    return [
        (str(name), str(one))
        for name, value in query.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def _is_header(value) -> bool:
    return str(value).isprintable() and str(value).isascii()
