"""Idempotency keys: one effect and one answer, however often and however fast a request is sent."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.idempotency import idempotent
from common.errors import DomainError
from common.models import IdempotencyKey
from users.models import User

from .outbox_effects import effects, record_effect

hold = threading.Event()
entered = threading.Event()


class PayView(APIView):
    required_role = "viewer"

    @idempotent
    def post(self, request, number: int = 1):
        record_effect(number)
        if request.data.get("refuse"):
            raise DomainError("too_risky", "Not today.", {"limit": "5"})
        if request.data.get("wait"):
            entered.set()
            hold.wait(60)
        return Response({"z": "first", "a": [1, None, "1.50"], "number": number}, status=201)


urlpatterns = [
    path("api/v1/pay/<int:number>/", PayView.as_view(), name="pay"),
    path("api/v1/other/", PayView.as_view(), name="other"),
]


@pytest.fixture(autouse=True)
def _pay_api():
    hold.clear()
    entered.clear()
    with override_settings(ROOT_URLCONF=__name__):
        yield
    hold.set()


@pytest.fixture
def bob(db) -> Client:
    return _client("bob")


def _client(name: str) -> Client:
    user, _ = User.objects.get_or_create(username=name, defaults={"role": "operator"})
    client = Client()
    client.force_login(user)
    return client


def _pay(client: Client, key: str = "k1", body=None, url: str = "/api/v1/pay/1/"):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(url, body or {}, content_type="application/json", headers=headers)


def test_same_request_again_gets_the_same_answer_and_no_second_effect(bob):
    first = _pay(bob, body={"a": 1, "b": 2})
    again = bob.post(
        "/api/v1/pay/1/",
        '{ "b":2, "a":1 }',
        content_type="application/json",
        headers={"Idempotency-Key": "k1"},
    )

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert (first.get("Idempotent-Replay"), again["Idempotent-Replay"]) == (None, "true")
    assert effects() == {"effect:1": 1}


@pytest.mark.parametrize(
    ("body", "url"),
    [({"a": 2}, "/api/v1/pay/1/"), ({"a": 1}, "/api/v1/pay/2/"), ({"a": 1}, "/api/v1/pay/1/?x=1")],
)
def test_same_key_for_another_request_is_422(bob, body, url):
    _pay(bob, body={"a": 1})

    response = _pay(bob, body=body, url=url)

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert effects() == {"effect:1": 1}


def test_keys_of_other_users_and_endpoints_are_other_keys(bob):
    answers = [_pay(bob), _pay(_client("ivy")), _pay(bob, url="/api/v1/other/")]

    assert [answer.get("Idempotent-Replay") for answer in answers] == [None, None, None]
    assert effects() == {"effect:1": 3}


@pytest.mark.parametrize("key", ["", "k" * 256, "sch\u00fcssel", "a\tb"])
def test_missing_or_unusable_key_is_refused(bob, key):
    response = _pay(bob, key=key)

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/Idempotency-Key"
    assert not effects()


def test_refused_request_leaves_nothing_and_may_be_sent_again(bob):
    refused = _pay(bob, body={"refuse": True})

    assert (refused.status_code, refused.json()["details"]) == (409, {"limit": "5"})
    assert not effects()
    assert not IdempotencyKey.objects.exists()
    assert _pay(bob).status_code == 201


def test_stranger_is_asked_to_log_in(db):
    assert _pay(Client()).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_request_in_flight_is_409_and_replayed_afterwards():
    bob, double = _client("bob"), _client("bob")

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(_in_thread, bob, {"wait": True})
        assert entered.wait(60)
        during = _pay(double, body={"wait": True})
        hold.set()
        assert first.result().status_code == 201
    after = _pay(double, body={"wait": True})

    assert (during.status_code, during["Retry-After"]) == (409, "5")
    assert after["Idempotent-Replay"] == "true"
    assert effects() == {"effect:1": 1}


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_have_one_effect():
    clients = [_client("bob") for _ in range(20)]

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda client: _in_thread(client, {}).status_code, clients))

    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert effects() == {"effect:1": 1}
    assert IdempotencyKey.objects.count() == 1


def _in_thread(client: Client, body: dict[str, object]):
    try:
        return _pay(client, body=body)
    finally:
        connection.close()
