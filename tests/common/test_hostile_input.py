"""What a stranger may send: every hostile request gets a problem document below 500."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.mixins import CreateModelMixin
from rest_framework.viewsets import ReadOnlyModelViewSet

from common.api.handlers import bad_request, not_found, permission_denied, server_error
from common.api.routers import OptionalSlashRouter
from users.models import User

pytestmark = pytest.mark.django_db


class ThingSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "username", "time_zone")


class ThingFilter(filters.FilterSet):  # type: ignore[misc]  # untyped package
    margin_min = filters.NumberFilter(field_name="last_login__year", lookup_expr="gte")
    created_after = filters.IsoDateTimeFilter(field_name="date_joined", lookup_expr="gte")
    search = filters.CharFilter(field_name="username", lookup_expr="icontains")
    ordering = filters.OrderingFilter(fields=("username",))

    class Meta:
        model = User
        fields = ("role",)


class ThingView(CreateModelMixin, ReadOnlyModelViewSet[User]):
    queryset = User.objects.order_by("username", "id")
    serializer_class = ThingSerializer
    filterset_class = ThingFilter
    required_role = "analyst"


def broken(request) -> HttpResponse:
    raise ZeroDivisionError("division of secrets")


router = OptionalSlashRouter()
router.register("things", ThingView, basename="thing")
urlpatterns = [
    path("api/v1/", include(router.urls)),
    path("api/v1/", include("users.api.urls")),
    path("api/v1/broken/", broken),
]
handler400, handler403, handler404, handler500 = bad_request, permission_denied, not_found, server_error

HOSTILE_QUERIES = [
    ("search=%00", "invalid_parameter"),
    ("search=a%00b&page=1", "invalid_parameter"),
    ("%00=1", "invalid_parameter"),
    ("margin_min=NaN", "invalid_parameter"),
    ("margin_min=-Infinity", "invalid_parameter"),
    ("margin_min=inf", "invalid_parameter"),
    ("margin_min=1e400", "validation_error"),
    ("margin_min=" + "9" * 60, "validation_error"),
    ("margin_min=1_000", None),
    ("margin_min=٣", None),
    ("margin_min=abc", "validation_error"),
    ("created_after=not-a-time", "validation_error"),
    ("created_after=99999-01-01T00:00:00Z", "validation_error"),
    ("created_after=2026-13-45", "validation_error"),
    ("page=0", "validation_error"),
    ("page=-1", "validation_error"),
    ("page=abc", "validation_error"),
    ("page=99999999999999999999999999", "validation_error"),
    ("page=999999", "not_found"),
    ("page=%D9%A3", "validation_error"),
    ("page_size=0", "validation_error"),
    ("page_size=201", "validation_error"),
    ("page_size=100000000", "validation_error"),
    ("page_size=1e2", "validation_error"),
    ("ordering=password", "validation_error"),
    ("ordering=username;DROP TABLE users", "validation_error"),
    ("role=root", "validation_error"),
    ("nope=1", "unknown_parameter"),
    ("format=xml", "unknown_parameter"),
    ("search__icontains=a", "unknown_parameter"),
    ("a" * 5_000, "query_too_long"),
    ("&".join(f"p{number}=1" for number in range(300)), "query_too_long"),
]


@pytest.fixture(autouse=True)
def _things_api():
    with override_settings(ROOT_URLCONF=__name__, API_PUBLIC_READ=False):
        yield


@pytest.fixture
def alice() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_user("alice", role="analyst"))
    return client


def _assert_problem(response, statuses=range(400, 500)) -> dict[str, Any]:
    assert response.status_code in statuses, response.content[:300]
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert set(body) >= {
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "request_id",
        "errors",
        "details",
    }
    assert body["error"] == body["code"]
    assert body["status"] == response.status_code
    assert body["type"] == f"urn:arbsite:problem:{body['code']}"
    assert isinstance(body["details"], dict)
    return body


@pytest.mark.parametrize(("query", "code"), HOSTILE_QUERIES, ids=lambda value: str(value)[:40])
def test_hostile_query_is_refused(alice, query, code):
    response = alice.get(f"/api/v1/things/?{query}")

    if code is None:
        assert response.status_code < 500
    else:
        assert _assert_problem(response)["code"] == code


HOSTILE_BODIES = [
    (b"", "validation_error"),
    (b"{", "malformed_body"),
    (b"nul", "malformed_body"),
    (b'{"username": "a"} trailing', "malformed_body"),
    (b"\xff\xfe\x00", "malformed_body"),
    (b'{"username": "a", "username": "b"}', "malformed_body"),
    (b'{"username": NaN}', "malformed_body"),
    (b'{"username": -Infinity}', "malformed_body"),
    (b'{"username": 1e999999999}', "number_out_of_range"),
    (b'{"username": ' + b"9" * 5_000 + b"}", "malformed_body"),
    (b'{"username": "a\\u0000b"}', "invalid_text"),
    (b'{"a\\u0000": 1}', "invalid_text"),
    (b'{"username": "\\ud800"}', "invalid_text"),
    (b'{"username": ["\\udfff"]}', "invalid_text"),
    (b"[" * 33 + b"]" * 33, "too_deep"),
    (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
    (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "too_deep"),
    (b"[]", "validation_error"),
    (b"null", "validation_error"),
    (b"1", "validation_error"),
    (b'"text"', "validation_error"),
    (b'{"username": null}', "validation_error"),
    (b'{"username": {"$gt": ""}}', "validation_error"),
    (b'{"username": "' + b"a" * 200_000 + b'"}', "validation_error"),
    (b'{"username": "alice", "time_zone": "Moon/Base"}', "validation_error"),
]


@pytest.mark.parametrize(("body", "code"), HOSTILE_BODIES, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("path", ["/api/v1/things/", "/api/v1/session/"])
def test_hostile_body_is_refused(alice, path, body, code):
    response = alice.post(path, body, content_type="application/json")

    problem = _assert_problem(response)
    if path == "/api/v1/things/" or code != "validation_error":
        assert problem["code"] == code


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/xml", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
    ],
)
def test_other_content_types_are_refused(alice, content_type, status):
    response = alice.generic("POST", "/api/v1/things/", b"username=a", content_type=content_type)

    _assert_problem(response, {status, 400})


def test_body_over_the_limit_is_413(alice):
    body = json.dumps({"username": "a" * 1_100_000})

    assert _assert_problem(alice.post("/api/v1/things/", body, content_type="application/json"), {413})


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/things/%00/",
        "/api/v1/things/nope/",
        "/api/v1/nothing/",
        "/api/v1/things/00000000-0000-7000-8000-000000000000/",
        "/api/v1/things/../../etc/passwd",
        "/api/v1/%ed%a0%80/",
    ],
)
def test_hostile_path_is_refused(alice, path):
    _assert_problem(alice.get(path), {400, 404})


def test_wrong_method_is_405(alice):
    assert _assert_problem(alice.put("/api/v1/session/"), {405})["code"] == "method_not_allowed"


def test_crash_is_a_500_problem_without_the_reason(alice):
    problem = _assert_problem(alice.get("/api/v1/broken/"), {500})

    assert problem["code"] == "internal_error"
    assert "division" not in json.dumps(problem)


def test_problem_points_at_each_fault(alice):
    body = {"username": "", "time_zone": "Moon/Base"}

    problem = _assert_problem(alice.post("/api/v1/things/", body, content_type="application/json"), {400})

    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == {
        ("/username", "blank"),
        ("/time_zone", "unknown_time_zone"),
    }
    assert set(problem["details"]) == {"username", "time_zone"}
    assert problem["request_id"]


@pytest.mark.parametrize("path", ["/api/v1/things", "/api/v1/things/"])
def test_both_spellings_of_a_path_answer_without_redirect(alice, path):
    assert alice.get(path).status_code == 200
    assert alice.post(path, {"username": "ivy"}, content_type="application/json").status_code == 201


def test_page_carries_links_and_count(alice):
    User.objects.bulk_create(User(username=f"user{number}") for number in range(5))

    page = alice.get("/api/v1/things/?page_size=2&page=2").json()

    assert list(page) == ["next", "previous", "count", "results"]
    assert (page["count"], len(page["results"])) == (6, 2)


def test_stranger_may_not_read_or_write():
    client = Client()

    assert _assert_problem(client.get("/api/v1/things/"), {401})["code"] == "not_authenticated"
    with override_settings(API_PUBLIC_READ=True):
        assert client.get("/api/v1/things/").status_code == 200
        _assert_problem(client.post("/api/v1/things/", {}, content_type="application/json"), {401})


def test_viewer_may_read_and_not_write():
    client = Client()
    client.force_login(User.objects.create_user("charlie", role="viewer"))

    assert client.get("/api/v1/things/").status_code == 200
    problem = _assert_problem(client.post("/api/v1/things/", {}, content_type="application/json"), {403})
    assert problem["code"] == "permission_denied"
