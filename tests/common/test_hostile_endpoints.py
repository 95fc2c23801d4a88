"""What a stranger may send to the real endpoints: each row is refused with a problem document below 500."""

import json

import pytest
from django.test import Client

from catalog.models import Product
from tests.opportunities.factories import make_deck
from users.models import User

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:.imghdr:DeprecationWarning"),  # Apprise asks for it on 3.11
]

NOBODY = "00000000-0000-7000-8000-000000000000"
DECK = "{deck}"
LONG = "a" * 5_000

QUERIES = [
    "opportunities/?nope=1",
    "opportunities/?watched=maybe",
    "opportunities/?is_demo=2",
    "opportunities/?margin_min=1e400",
    "opportunities/?margin_min=abc",
    "opportunities/?profit_max=NaN",
    "opportunities/?confidence_min=1.01",
    "opportunities/?confidence_max=-0.1",
    "opportunities/?ids=" + ",".join([NOBODY] * 201),
    "opportunities/?ids=x",
    "opportunities/?ids=" + NOBODY + ",",
    "opportunities/?fields=password",
    "opportunities/?fields=",
    "opportunities/?fields=id,sealed_product__notes",
    "opportunities/?ordering=password",
    "opportunities/?ordering=--margin_percentage",
    "opportunities/?ordering=sealed_product__name",
    "opportunities/?cursor=zzz",
    "opportunities/?cursor=zzz&page=1",
    "opportunities/?pagination=all",
    "opportunities/?page_size=201",
    "opportunities/?page_size=0",
    "opportunities/?page=99999999999",
    "opportunities/?created_after=0000-01-01T00:00:00Z",
    "opportunities/?updated_after=99999-01-01",
    "opportunities/?search=%00",
    "opportunities/?sealed_product=nope",
    "opportunities/export/?page=1",
    "opportunities/export/?ordering=password",
    "products/?is_active=abc",
    "products/?is_featured=1",
    "products/?ordering=description",
    "products/sparklines/?ids=" + ",".join([NOBODY] * 101),
    "products/sparklines/?ids=" + NOBODY + "&days=100000",
    "products/{deck}/price-history/?cursor=cj0y",
    "products/{deck}/price-history/?bucket=eon",
    "products/{deck}/prices/?finish=gold",
    "executions/?cursor=_",
    "executions/?state=sold",
    "executions/?product=1",
    "executions/export/?bogus=1",
    "executions/export/?created_after=x",
    "audit/?cursor=cD0x",
    "audit/?after=yesterday",
    "audit/export/?cursor=x",
    "alert-deliveries/?cursor=bz0wMQ==",
    "notifications/?unread=abc",
    "trading/kill-switches/?is_engaged=abc",
    "jobs/?ordering=parameters",
    "reports/profit/?group=user",
    "reports/profit/?from=2026-02-30",
    "reports/calibration/?basis=dreams",
    "session/?x=1",
    "auth/me/?x=1",
    "stream/?topics=secrets",
]  # fmt: skip

WRITES = [
    ("post", "watches/?x=1", {"product": DECK}),
    ("post", "watches/", {"product": "nope"}),
    ("post", "watches/", {"product": DECK, "user": NOBODY}),
    ("post", "saved-views/?x=1", {"page": "jobs", "name": "n"}),
    ("post", "saved-views/", {"page": "jobs", "name": LONG}),
    ("post", "saved-views/", {"page": "jobs", "name": "n", "query": "a=\tb"}),
    ("post", "alert-rules/?x=1", {"name": "n", "conditions": []}),
    ("post", "alert-rules/", {"name": "n", "conditions": [{"field": "password", "value": 1}]}),
    ("post", "alert-rules/", {"name": "n", "conditions": {"a": 1}}),
    ("post", "alert-channels/", {"name": "n", "url": "https://℀.com/hook"}),
    ("post", "alert-channels/", {"name": "n", "url": "https://[::1"}),
    ("post", "alert-channels/", {"name": "n", "url": "https://127.0.0.1/hook"}),
    ("post", "alert-channels/", {"name": "n", "url": "https://2130706433/hook"}),
    ("post", "alert-channels/", {"name": "n", "url": "https://0177.0.0.1/hook"}),
    ("post", "alert-channels/", {"name": "n", "url": "https://0x7f.1/hook"}),
    ("post", "alert-channels/", {"name": "n", "url": "https://[::ffff:127.0.0.1]/hook"}),
    ("post", "alert-channels/", {"name": "n", "url": "file:///etc/passwd"}),
    ("post", "api-keys/?x=1", {"name": "n", "scopes": ["read"]}),
    ("post", "api-keys/", {"name": "n", "scopes": ["root"]}),
    ("post", "api-keys/", {"name": "n", "scopes": ["read"], "expires_in_days": 10**30}),
    ("post", "notifications/read/?x=1", {}),
    ("post", "notifications/read/", {"ids": ["x"]}),
    ("patch", "session/?x=1", {"theme": "dark"}),
    ("patch", "session/", {"role": "admin"}),
    ("patch", "session/", {"fee_profile": {"fee_rate": "1E+30"}}),
    ("patch", "session/", {"fee_profile": {"fee_rate": "0.1e-99"}}),
    ("post", "products/", {"name": "n", "image_url": "http://[::1"}),
    ("post", "products/", {"name": "n", "image_url": "https://℀.com/x.png"}),
    ("post", "products/", {"name": "n", "image_url": "javascript:alert(1)"}),
    ("post", "opportunities/bulk/", {"action": "watch", "all_matching": "nope=1"}),
    ("post", "opportunities/bulk/", {"action": "watch", "all_matching": "search=%00"}),
    ("post", "opportunities/bulk/", {"action": "watch", "all_matching": "watched=maybe"}),
    ("post", "opportunities/bulk/", {"action": "watch", "ids": [NOBODY] * 100_000}),
    ("post", f"opportunities/{NOBODY}/simulate/", {"trials": 10**9}),
    ("post", f"opportunities/{NOBODY}/execute/", {"quantity": -1, "accept_disclaimer": True}),
    ("post", f"jobs/{NOBODY}/cancel/", {"a": 1}),
    ("post", "trading/kill-switches/", {"scope": "everything", "reason": "x"}),
    ("post", "backtests/", {"from_day": "0001-01-01", "to_day": "9999-12-31", "horizon_days": 7}),
    ("post", "auth/signin/?x=1", {"username": "a", "password": "b"}),
]  # fmt: skip


@pytest.fixture
def admin() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_user("root", role="admin"))
    return client


@pytest.fixture
def deck() -> Product:
    return make_deck().sealed


def _assert_refused(answer) -> None:
    assert 400 <= answer.status_code < 500, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "errors", "error", "details"} <= answer.json().keys()


def test_the_tables_have_enough_rows():
    assert len(QUERIES) + len(WRITES) >= 60


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path[:60])
def test_hostile_query_is_refused(admin, deck, path):
    _assert_refused(admin.get(f"/api/v1/{path.format(deck=deck.pk)}"))


@pytest.mark.parametrize(
    ("method", "path", "body"), WRITES, ids=[f"{row[1][:40]}-{i}" for i, row in enumerate(WRITES)]
)
def test_hostile_write_is_refused(admin, deck, method, path, body):
    text = json.dumps(body).replace(DECK, str(deck.pk))

    answer = getattr(admin, method)(
        f"/api/v1/{path}", text, content_type="application/json", headers={"Idempotency-Key": "key"}
    )

    _assert_refused(answer)


@pytest.mark.parametrize("word", ["true", "True", "false", "False"])
def test_booleans_are_read_in_the_spellings_of_programs(admin, word):
    assert admin.get(f"/api/v1/products/?is_demo={word}").status_code == 200
