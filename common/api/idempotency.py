"""`Idempotency-Key`: a request that is sent again gets its first answer again, and has no second effect.

The answer is stored in the transaction of the effect, so there is no moment at which one exists without the
other. A request that is refused or fails stores nothing: it may be corrected, or tried again, under the
same key.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import connection, transaction
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from common.errors import DomainError
from common.metrics import IDEMPOTENT_REQUESTS
from common.models import IdempotencyKey

if TYPE_CHECKING:
    from rest_framework.views import APIView

HEADER: Final = "Idempotency-Key"
REPLAY_HEADER: Final = "Idempotent-Replay"
MAX_KEY_LENGTH: Final = 255

P = ParamSpec("P")
View = TypeVar("View", bound="APIView")
Handler = Callable[Concatenate[View, Request, P], Response]


class KeyReused(DomainError):
    """The key was used for another request."""

    default_code = "idempotency_key_reused"
    status = 422


class RequestInFlight(DomainError):
    """The same key is being answered right now."""

    default_code = "idempotency_in_flight"
    status = 409
    retryable = True


def idempotent(method: Handler[View, P]) -> Handler[View, P]:
    """Decorate an unsafe method of a view so that it acts once per actor, endpoint and `Idempotency-Key`.

    The method runs in a transaction; its answer is stored there when its status is below 400. Its response
    data must be plain data that DRF's JSON encoder can write.

    Raises (from the decorated method):
        ValidationError: the header is missing or unusable.
        KeyReused: the key belongs to another request (422).
        RequestInFlight: another call with this key has not finished (409).
    """

    @wraps(method)
    def once(self: View, request: Request, *args: P.args, **kwargs: P.kwargs) -> Response:
        if not request.user.is_authenticated:
            raise NotAuthenticated
        actor_id: UUID = request.user.pk
        key = _read_key(request)
        endpoint = _endpoint(request)
        fingerprint = _request_hash(request)
        with transaction.atomic():
            stored = _claim(actor_id, endpoint, key)
            if stored is not None:
                return _replay(stored, fingerprint)
            response = method(self, request, *args, **kwargs)
            if response.status_code < 400:
                IdempotencyKey.objects.create(
                    actor_id=actor_id,
                    endpoint=endpoint,
                    key=key,
                    request_hash=fingerprint,
                    response_status=response.status_code,
                    response_body=json.dumps(response.data, cls=JSONEncoder, ensure_ascii=False),
                )
                IDEMPOTENT_REQUESTS.labels(outcome="first").inc()
            return response

    return cast(Handler[View, P], once)


def _read_key(request: Request) -> str:
    key: str = request.headers.get(HEADER, "")
    if not key:
        raise ValidationError(
            {HEADER: ["This call needs an Idempotency-Key header."]}, code="idempotency_key_required"
        )
    if len(key) > MAX_KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise ValidationError({HEADER: [f"Give 1 to {MAX_KEY_LENGTH} printable ASCII characters."]})
    return key


def _endpoint(request: Request) -> str:
    match = request.resolver_match
    name = match.view_name if match is not None and match.view_name else request.path
    return f"{request.method} {name}"[:120]


def _request_hash(request: Request) -> str:
    """Hash what the request asks for: path, query and body, whatever the order of names or the spacing."""
    body = json.dumps(request.data, sort_keys=True, default=str, ensure_ascii=False)
    text = "\n".join([request.path.rstrip("/"), request.META.get("QUERY_STRING", ""), body])
    return hashlib.sha256(text.encode()).hexdigest()


def _claim(actor_id: UUID, endpoint: str, key: str) -> IdempotencyKey | None:
    """Take the key until the transaction ends, and return the answer stored under it, if any.

    An advisory lock, not a row: a second request is told at once that the first is still running.
    """
    digest = hashlib.sha256(f"{actor_id}\n{endpoint}\n{key}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)]
        )
        if not cursor.fetchone()[0]:
            IDEMPOTENT_REQUESTS.labels(outcome="in_flight").inc()
            raise RequestInFlight(detail="A request with this idempotency key is still being processed.")
    return IdempotencyKey.objects.filter(actor_id=actor_id, endpoint=endpoint, key=key).first()


def _replay(stored: IdempotencyKey, fingerprint: str) -> Response:
    if stored.request_hash != fingerprint:
        IDEMPOTENT_REQUESTS.labels(outcome="reused").inc()
        raise KeyReused(detail="This idempotency key was used for a different request.")
    IDEMPOTENT_REQUESTS.labels(outcome="replayed").inc()
    body: Any = json.loads(stored.response_body)
    return Response(body, status=stored.response_status, headers={REPLAY_HEADER: "true"})
