"""Routes that work with and without a trailing slash; a redirect would lose the body of a POST."""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from rest_framework.routers import SimpleRouter


class OptionalSlashRouter(SimpleRouter):
    """A router whose routes accept `/things` and `/things/`; the schema shows the one with the slash."""

    def __init__(self) -> None:
        super().__init__(trailing_slash=True)
        self.trailing_slash = "/?"


def optional_slash(
    route: str, view: Callable[..., HttpResponseBase], *, name: str, **kwargs: Any
) -> URLPattern:
    """Build the pattern of one view that answers with and without the trailing slash.

    Args:
        route: regular expression without anchors and without trailing slash, such as `session`.
        view: the view function.
        name: URL name.
        kwargs: extra arguments of the view.
    """
    return re_path(rf"^{route}/?$", view, kwargs=kwargs, name=name)
