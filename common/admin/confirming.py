"""Pages that say what will change, ask for a reason where one is needed, and act only after the button.

An action of a list calls `chosen` for the selected rows, `ask` for the page (until `is_confirmed`), and
`decide` for the change of each row. The form of the page carries the ids it shows, so that exactly the rows
that were read are changed, also after "select all".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from common.errors import DomainError

CONFIRMED: Final = "confirmed"
TEMPLATE: Final = "admin/confirm.html"
MOST: Final = 500
ROWS_SHOWN: Final = 100
Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=Model)


class ReasonForm(forms.Form):
    """Why something is done; the reason is kept in the audit trail."""

    reason = forms.CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        label="Reason",
        help_text="Kept in the audit trail with your name.",
    )


@dataclass(frozen=True, slots=True)
class Question:
    """What a confirm page says.

    `lines` explain; `rows` (under `headers`) list what will change; `form` asks for more; a `button` that is
    `is_destructive` is red; `back` is where Cancel leads (default: the list).
    """

    title: str
    button: str
    lines: Sequence[str] = ()
    headers: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    form: forms.Form | None = None
    is_destructive: bool = False
    back: str = ""
    keys: Sequence[object] | None = None
    template: str = TEMPLATE
    context: Mapping[str, Any] = field(default_factory=dict)


def is_confirmed(request: HttpRequest) -> bool:
    """Return whether the request comes from the button of a confirm page."""
    return request.method == "POST" and CONFIRMED in request.POST


def chosen(
    page: ModelAdmin, request: HttpRequest, queryset: "QuerySet[ModelRow]", *, most: int = MOST
) -> list[ModelRow]:
    """Return the selected rows in a fixed order; none, with a message, if there are too many or none."""
    # The list's own order may lie in annotations that do not survive; the key is always there.
    rows = list(queryset.order_by("pk")[: most + 1])
    if len(rows) > most:
        page.message_user(request, f"Select at most {most:,}; nothing was changed.", messages.ERROR)
        return []
    if not rows:
        page.message_user(request, "None of the selected rows fits this action.", messages.WARNING)
    return rows


def ask(page: ModelAdmin, request: HttpRequest, question: Question) -> TemplateResponse:
    """Return the confirm page; a list's action keeps its name and the ids it shows in the form."""
    kept = [("action", request.POST["action"])] if "action" in request.POST else []
    keys = question.keys
    if keys is None:
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
    kept += [(ACTION_CHECKBOX_NAME, str(key)) for key in keys]
    options = page.model._meta
    shown = list(question.rows[:ROWS_SHOWN])
    context = {
        **page.admin_site.each_context(request),
        "title": question.title,
        "opts": options,
        "kept": [*kept, (CONFIRMED, "yes")],
        "lines": question.lines,
        "headers": question.headers,
        "rows": shown,
        "more": len(question.rows) - len(shown),
        "form": question.form,
        "button": question.button,
        "is_destructive": question.is_destructive,
        "back": question.back or reverse(f"admin:{options.app_label}_{options.model_name}_changelist"),
        **question.context,
    }
    return TemplateResponse(request, question.template, context)


def decide(
    page: ModelAdmin,
    request: HttpRequest,
    rows: Iterable[Row],
    change: Callable[[Row], object],
    *,
    done: str,
    name: Callable[[Row], object] = str,
) -> int:
    """Change row by row, each in its own transaction; a refusal is a message and stops no other row.

    Args:
        page: the admin page.
        request: of the button.
        rows: what to change.
        change: the service's call for one row; its audit event is its own.
        done: the message, with `{count}`.
        name: what a row is called in the message of its refusal.

    Returns:
        How many rows were changed.
    """
    count = 0
    for row in rows:
        try:
            change(row)
        except DomainError as error:
            page.message_user(request, f"{name(row)}: {error.detail}", messages.WARNING)
        else:
            count += 1
    if count:
        page.message_user(request, done.format(count=f"{count:,}"), messages.SUCCESS)
    return count
