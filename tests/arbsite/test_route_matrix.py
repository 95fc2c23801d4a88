"""Every route of the API times every role: who gets in is written down here, or the test fails.

The routes come from the URLconf. A new one needs a row in `MATRIX`: the lowest role per method, `READ` for
what any logged-in user may read (and anybody, when the API is public), the lowest role for personal things
that need a login in any case, `OPEN` for what needs none.
"""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from users.choices import Role
from users.models import User

pytestmark = pytest.mark.django_db

OPEN, READ = "open", "read"
NOBODY_ID = "00000000-0000-7000-8000-000000000000"

MATRIX: dict[str, dict[str, str]] = {
    "health": {"GET": OPEN},
    "stream": {"GET": READ},
    "system": {"GET": Role.OPERATOR},
    "audit-list": {"GET": Role.ANALYST},
    "audit-status": {"GET": Role.ANALYST},
    "audit-export": {"GET": Role.OPERATOR},
    "session": {"GET": OPEN, "POST": OPEN, "DELETE": OPEN, "PATCH": READ},
    "auth-signup": {"POST": OPEN},
    "auth-signin": {"POST": OPEN},
    "auth-refresh": {"POST": OPEN},
    "auth-signout": {"POST": OPEN},
    "auth-me": {"GET": Role.VIEWER},
    "auth-password": {"POST": Role.VIEWER},
    "login-list": {"GET": Role.VIEWER},
    "login-detail": {"DELETE": Role.VIEWER},
    "api-key-list": {"GET": Role.VIEWER, "POST": Role.VIEWER},
    "api-key-detail": {"DELETE": Role.VIEWER},
    "saved-view-list": {"GET": Role.VIEWER, "POST": Role.VIEWER},
    "saved-view-detail": {"GET": Role.VIEWER, "PATCH": Role.VIEWER, "DELETE": Role.VIEWER},
    "product-list": {"GET": READ, "POST": Role.OPERATOR},
    "product-detail": {"GET": READ, "PUT": Role.OPERATOR, "PATCH": Role.OPERATOR, "DELETE": Role.OPERATOR},
    "product-contents": {"GET": READ},
    "product-price-history": {"GET": READ},
    "product-prices": {"GET": READ},
    "product-sparklines": {"GET": READ},
    "product-refresh-price": {"POST": Role.ANALYST},
    "job-list": {"GET": READ},
    "job-detail": {"GET": READ},
    "job-cancel": {"POST": Role.ANALYST},
    "job-retry": {"POST": Role.OPERATOR},
    "source-list": {"GET": READ},
    "source-sync": {"POST": Role.OPERATOR},
    "sync": {"POST": Role.OPERATOR},
    "coverage": {"GET": READ},
    "breaker-reset": {"POST": Role.OPERATOR},
    "market-list": {"GET": READ},
    "book-list": {"GET": READ},
    "opportunity-list": {"GET": READ},
    "opportunity-detail": {
        "GET": READ,
        "PUT": Role.ANALYST,
        "PATCH": Role.ANALYST,
        "DELETE": Role.TRADER,
    },
    "opportunity-explain": {"GET": READ},
    "opportunity-history": {"GET": READ},
    "opportunity-timeline": {"GET": READ},
    "opportunity-revalidate": {"POST": Role.VIEWER},
    "opportunity-simulate": {"POST": Role.VIEWER},
    "opportunity-bulk": {"POST": Role.ANALYST},
    "opportunity-export": {"GET": READ},
    "scenario-list": {"GET": Role.VIEWER},
    "scenario-detail": {"DELETE": Role.VIEWER},
    "opportunity-summary": {"GET": READ},
    "opportunity-analyze-all": {"POST": Role.OPERATOR},
    "backtest-list": {"GET": READ, "POST": Role.ANALYST},
    "backtest-detail": {"GET": READ},
    "backtest-signals": {"GET": READ},
    "signal-history": {"GET": READ},
    "contents-finding-list": {"GET": READ},
    "contents-finding-detail": {"GET": READ},
    "contents-finding-judge": {"POST": Role.ANALYST},
    "execution-openings": {"GET": Role.VIEWER, "POST": Role.TRADER},
    "execution-sales": {"GET": Role.VIEWER, "POST": Role.TRADER},
    "execution-comparison": {"GET": Role.VIEWER},
    "report-profit": {"GET": Role.VIEWER},
    "report-calibration": {"GET": Role.VIEWER},
    "opportunity-execute": {"POST": Role.TRADER},
    "execution-list": {"GET": Role.VIEWER},
    "execution-detail": {"GET": Role.VIEWER, "PATCH": Role.TRADER},
    "execution-settle": {"POST": Role.TRADER},
    "execution-cancel": {"POST": Role.TRADER},
    "execution-export": {"GET": Role.VIEWER},
    "spread-list": {"GET": READ},
    "spread-detail": {"GET": READ},
    "spread-execute": {"POST": Role.TRADER},
    "spread-execution-list": {"GET": Role.VIEWER},
    "spread-execution-detail": {"GET": Role.VIEWER},
    "spread-execution-export": {"GET": Role.VIEWER},
    "spread-execution-resolve": {"POST": Role.OPERATOR},
    "limit-list": {"GET": Role.VIEWER},
    "limit-detail": {"PATCH": Role.OPERATOR},
    "kill-switch-list": {"GET": Role.VIEWER, "POST": Role.TRADER},
    "kill-switch-release": {"POST": Role.OPERATOR},
    "trading-status": {"GET": READ},
    "watch-list": {"GET": Role.VIEWER, "POST": Role.VIEWER},
    "watch-detail": {"GET": Role.VIEWER, "PATCH": Role.VIEWER, "DELETE": Role.VIEWER},
    "alert-rule-list": {"GET": Role.VIEWER, "POST": Role.VIEWER},
    "alert-rule-detail": {"GET": Role.VIEWER, "PATCH": Role.VIEWER, "DELETE": Role.VIEWER},
    "alert-rule-snooze": {"POST": Role.VIEWER},
    "alert-rule-preview": {"POST": Role.VIEWER},
    "alert-rule-fields": {"GET": Role.VIEWER},
    "alert-channel-list": {"GET": Role.VIEWER, "POST": Role.VIEWER},
    "alert-channel-detail": {"GET": Role.VIEWER, "PATCH": Role.VIEWER, "DELETE": Role.VIEWER},
    "alert-channel-test": {"POST": Role.VIEWER},
    "alert-delivery-list": {"GET": Role.VIEWER},
    "alert-delivery-detail": {"GET": Role.VIEWER},
    "notification-list": {"GET": Role.VIEWER},
    "notification-read": {"POST": Role.VIEWER},
}
BODILESS = {"opportunity-analyze-all"}  # what is sent along is not read
LOGS_IN = {("session", "POST"), ("auth-signin", "POST"), ("auth-refresh", "POST")}  # their 401 is their own
LOGS_OUT = {("session", "DELETE"), ("auth-signout", "POST")}  # would end the caller; tested on their own
HOSTILE_QUERIES = ["nope=1", "x=%00", "page=1&nope=NaN"]
HOSTILE_BODIES = [b"{", b'{"a": NaN}', b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b"[" * 5_000]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _patterns(patterns, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, path)
        else:
            yield path, pattern


def _methods(pattern: URLPattern) -> set[str]:
    view = pattern.callback
    actions = getattr(view, "actions", None)
    if actions is not None:
        return {method.upper() for method in actions} & set(METHODS)
    view_class = getattr(view, "cls", None) or getattr(view, "view_class", None)
    return {method for method in METHODS if hasattr(view_class, method.lower())}


def _url(path: str) -> str:
    """Turn a route's regular expression into a path, with an id nobody has."""
    plain = re.sub(r"\(\?P<[^>]+>(?:[^()]|\([^()]*\))*\)", NOBODY_ID, path)
    return plain.replace("^", "").replace("$", "").replace("/?", "/").replace("//", "/")


ROUTES = {
    str(pattern.name): (_url(path), _methods(pattern))
    for path, pattern in _patterns(get_resolver().url_patterns)
    if path.startswith("/api/v1/")
}
CALLS = sorted((name, method) for name, (_, methods) in ROUTES.items() for method in methods)
CALLERS = ("anonymous", *Role)


def test_every_route_has_a_row_and_every_row_a_route():
    stated = {(name, method) for name, row in MATRIX.items() for method in row}

    assert set(CALLS) - stated == set(), "routes without a row in MATRIX"
    assert stated - set(CALLS) == set(), "rows in MATRIX without a route"


def test_routes_were_found_and_their_paths_rebuilt():
    assert len(CALLS) >= 10
    assert all(re.fullmatch(r"(/[a-z0-9-]+)+/", url) for url, _ in ROUTES.values()), ROUTES


def _may(caller: str, needed: str, *, is_public: bool) -> bool:
    if needed == OPEN:
        return True
    if caller == "anonymous":
        return needed == READ and is_public
    return needed == READ or Role(caller).includes(Role(needed))


def _client(caller: str) -> Client:
    client = Client(raise_request_exception=False)
    if caller != "anonymous":
        client.force_login(User.objects.create_user(f"{caller}-user", role=caller))
    return client


@pytest.mark.parametrize("is_public", [False, True], ids=["closed", "public"])
@pytest.mark.parametrize("caller", CALLERS)
def test_only_the_stated_roles_get_in(caller, is_public, settings):
    settings.API_PUBLIC_READ = is_public
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    client = _client(caller)
    wrong = []

    for name, method in CALLS:
        url, _ = ROUTES[name]
        if (name, method) in LOGS_OUT:
            continue
        status = client.generic(method, url, b"{}", content_type="application/json").status_code
        # A login that fails is a 401 of its own.
        allowed = _may(caller, MATRIX[name][method], is_public=is_public and method == "GET")
        refused = status in (401, 403) and (name, method) not in LOGS_IN
        if status >= 500 or refused == allowed:
            wrong.append((method, url, status))

    assert wrong == []


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_every_route_refuses_what_it_does_not_know(name):
    client = _client(Role.ADMIN)
    url, methods = ROUTES[name]
    queries = HOSTILE_QUERIES if "GET" in methods else []
    writing = sorted(methods & {"POST", "PUT", "PATCH"}) if name not in BODILESS else []

    answers = [(query, client.get(f"{url}?{query}")) for query in queries]
    answers += [
        (f"{method} {body[:20]!r}", client.generic(method, url, body, content_type="application/json"))
        for method in writing
        for body in HOSTILE_BODIES
    ]

    assert [
        (sent, answer.status_code) for sent, answer in answers if answer.status_code not in (400, 404)
    ] == []
    assert {answer["Content-Type"] for _, answer in answers} <= {"application/problem+json"}


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_every_route_answers_without_its_trailing_slash(name):
    client = _client(Role.ADMIN)
    url, methods = ROUTES[name]
    method = "GET" if "GET" in methods else "POST"

    with_slash = client.generic(method, url, b"{}", content_type="application/json")
    without = client.generic(method, url.rstrip("/"), b"{}", content_type="application/json")

    assert with_slash.status_code == without.status_code
    assert without.status_code < 500
    assert "Location" not in without


def test_unknown_route_is_a_problem_document():
    answer = _client(Role.ADMIN).get("/api/v1/nothing-here/")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
