"""The base of personal things, tried through the API keys' and saved views' endpoints."""

import pytest
from django.test import Client
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from common.api.owned import OwnedViewSet
from common.clock import utc_now
from users.choices import Role
from users.models import SavedView, User

pytestmark = pytest.mark.django_db


class Things(OwnedViewSet):
    """A plain subclass, as other apps make them."""

    queryset = SavedView.objects.all()

    def list(self, request):
        return Response([row.name for row in self.get_queryset()])

    def create(self, request):
        return Response(sorted(self.ownership()))


class Analysed(Things):
    """One whose writing needs more."""

    required_role = {"create": Role.ANALYST}


def _call(view, method: str, user: User | None = None):
    request = getattr(APIRequestFactory(), method)("/")
    if user is not None:
        force_authenticate(request, user)
    return view.as_view({"get": "list", "post": "create"})(request)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("is_public", [False, True])
def test_strangers_are_sent_to_log_in(method, is_public, settings):
    settings.API_PUBLIC_READ = is_public

    assert _call(Things, method).status_code == 401


def test_only_own_rows_are_seen_whatever_the_role(django_user_model):
    alice = django_user_model.objects.create_user("alice")
    admin = django_user_model.objects.create_user("adam", role=Role.ADMIN, is_superuser=True)
    for user in (alice, admin):
        SavedView.objects.create(
            user=user, page="jobs", name=user.username, created_at=utc_now(), updated_at=utc_now()
        )

    assert _call(Things, "get", alice).data == ["alice"]
    assert _call(Things, "get", admin).data == ["adam"]


def test_writing_needs_any_role_unless_more_is_stated(django_user_model):
    viewer = django_user_model.objects.create_user("vera")
    analyst = django_user_model.objects.create_user("alice", role=Role.ANALYST)

    assert _call(Things, "post", viewer).data == ["created_at", "user"]
    assert _call(Analysed, "post", viewer).status_code == 403
    assert _call(Analysed, "post", analyst).status_code == 200
    assert _call(Analysed, "get", viewer).status_code == 200


def test_a_subclass_cannot_be_opened_by_accident():
    assert AllowAny not in OwnedViewSet.permission_classes
    assert Client().get("/api/v1/saved-views/").status_code == 401
