"""Routes of the users app, under `/api/v1/`."""

from django.urls import URLPattern

from common.api.routers import optional_slash

from .views import SessionView

urlpatterns: list[URLPattern] = [optional_slash("session", SessionView.as_view(), name="session")]
