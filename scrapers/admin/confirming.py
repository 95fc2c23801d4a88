"""Confirm pages of the sources, whose templates say more than a list of rows."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

from common.admin.confirming import Question, ask, is_confirmed

__all__ = ["confirm_page", "is_confirmed"]


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
    values = dict(context)
    question = Question(
        title=title,
        button=values.pop("button"),
        lines=values.pop("lines", ()),
        back=values.pop("back"),
        template=f"admin/scrapers/{template}",
        context=values,
    )
    return ask(page, request, question)
