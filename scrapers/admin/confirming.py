"""Pages that say what will happen and ask once more."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

CONFIRMED: Final = "confirmed"


def is_confirmed(request: HttpRequest) -> bool:
    """Return whether the request comes from the button of a confirm page."""
    return request.method == "POST" and CONFIRMED in request.POST


def confirm_page(
    page: ModelAdmin, request: HttpRequest, template: str, *, title: str, context: Mapping[str, Any]
) -> TemplateResponse:
    """Return a confirm page; a list's action keeps its name and its selection in the form.

    Args:
        page: the admin page it belongs to.
        request: the request that wants to act.
        template: below `admin/scrapers/`, extending `confirm.html`.
        title: of the page.
        context: what the template shows.
    """
    kept = [("action", request.POST["action"])] if "action" in request.POST else []
    kept += [(ACTION_CHECKBOX_NAME, key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)]
    return TemplateResponse(
        request,
        f"admin/scrapers/{template}",
        {
            **page.admin_site.each_context(request),
            "title": title,
            "opts": page.model._meta,
            "kept": [*kept, (CONFIRMED, "yes")],
            **context,
        },
    )
