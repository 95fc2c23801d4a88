"""django-celery-beat's pages in the admin's own looks and forms."""

from collections.abc import Sequence
from typing import Any, Final, cast

from celery import current_app
from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django_celery_beat import admin as beat
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from common.audit import record_event
from common.clock import utc_now

from .confirming import Question, ask, chosen, is_confirmed

_QUESTIONS: Final = {
    "schedule.resumed": ("Resume tasks", "They run again by their schedule."),
    "schedule.paused": ("Pause tasks", "They do not run until somebody resumes them; other work goes on."),
    "schedule.run_now": ("Run tasks now", "Each is sent to its queue once, beside its schedule."),
}


class TaskSelect(UnfoldAdminSelectWidget, beat.TaskSelectWidget):  # type: ignore[misc] # untyped packages
    """Choice of the registered tasks."""


class ScheduleForm(beat.PeriodicTaskForm):  # type: ignore[misc] # untyped package
    """The form of a periodic task, with the admin's widgets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()


class PeriodicTaskPage(beat.PeriodicTaskAdmin, ModelAdmin):  # type: ignore[misc] # untyped packages
    """What runs by itself; a change is recorded in the audit trail."""

    form = ScheduleForm
    change_form_template = None  # the package's own holds an inline script, which our policy refuses
    list_display = ("name", "enabled", "scheduler", "queue", "last_run_at", "total_run_count")
    list_filter = ("enabled", "queue", "one_off")
    ordering = ("name",)
    actions = ("enable_tasks", "disable_tasks", "run_tasks")
    list_select_related = ("interval", "crontab", "solar", "clocked")
    search_fields = ("name", "task")

    def save_model(
        self, request: HttpRequest, obj: PeriodicTask, form: "ModelForm[Any]", change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        self._record(
            request, "schedule.changed" if change else "schedule.created", obj, fields=form.changed_data
        )

    def delete_model(self, request: HttpRequest, obj: PeriodicTask) -> None:
        self._record(request, "schedule.deleted", obj)
        super().delete_model(request, obj)

    @admin.action(description="Resume…", permissions=["change"])
    def enable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> HttpResponse | None:
        """Let the selected tasks run again."""
        tasks = chosen(self, request, queryset)
        if tasks and (question := self._question(request, tasks, "schedule.resumed")):
            return question
        if tasks:
            with transaction.atomic():
                self._switch(request, tasks, "schedule.resumed")
                super().enable_tasks(request, queryset)
        return None

    @admin.action(description="Pause…", permissions=["change"])
    def disable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> HttpResponse | None:
        """Keep the selected tasks from running."""
        tasks = chosen(self, request, queryset)
        if tasks and (question := self._question(request, tasks, "schedule.paused")):
            return question
        if tasks:
            with transaction.atomic():
                self._switch(request, tasks, "schedule.paused")
                super().disable_tasks(request, queryset)
        return None

    @admin.action(description="Run now…", permissions=["change"])
    def run_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> HttpResponse | None:
        """Send the selected tasks to their queues."""
        tasks = chosen(self, request, queryset)
        if not tasks:
            return None
        if question := self._question(request, tasks, "schedule.run_now"):
            return question
        current_app.loader.import_default_modules()
        self._switch(request, tasks, "schedule.run_now")
        try:
            super().run_tasks(request, queryset)
        except OSError as error:
            self.message_user(
                request, f"The broker is not reachable ({type(error).__name__}).", messages.ERROR
            )
        return None

    def _question(
        self, request: HttpRequest, tasks: Sequence[PeriodicTask], verb: str
    ) -> HttpResponse | None:
        """Return the confirm page, or None once it was answered."""
        if is_confirmed(request):
            return None
        title, line = _QUESTIONS[verb]
        rows = [
            (
                task.name,
                "on" if task.enabled else "paused",
                task.queue or "default",
                task.last_run_at or "never",
            )
            for task in tasks
        ]
        return ask(
            self,
            request,
            Question(
                title=title,
                button=title,
                lines=[line],
                headers=("Task", "Now", "Queue", "Last run"),
                rows=rows,
                keys=[task.pk for task in tasks],
            ),
        )

    def _switch(self, request: HttpRequest, tasks: Sequence[PeriodicTask], verb: str) -> None:
        with transaction.atomic():
            for task in tasks:
                self._record(request, verb, task)

    def _record(self, request: HttpRequest, verb: str, task: PeriodicTask, **data: Any) -> None:
        record_event(
            actor=cast(AbstractBaseUser, request.user),
            verb=verb,
            subject=f"periodic_task:{task.pk}",
            data={"name": task.name, **data},
            now=utc_now(),
        )


class PeriodicTaskRows(TabularInline):  # type: ignore[misc] # untyped package
    """The tasks that use a schedule, on the schedule's page."""

    model = PeriodicTask
    fields = ("name", "task", "enabled")
    readonly_fields = fields
    can_delete = False
    extra = 0
    max_num = 0
    show_change_link = True


class SchedulePage(ModelAdmin):  # type: ignore[misc] # untyped package
    """An interval, or a solar event."""

    inlines = (PeriodicTaskRows,)


class CrontabPage(beat.CrontabScheduleAdmin, ModelAdmin):  # type: ignore[misc] # untyped packages
    """Times of the day and week."""

    inlines = (PeriodicTaskRows,)


class ClockedPage(beat.ClockedScheduleAdmin, ModelAdmin):  # type: ignore[misc] # untyped packages
    """One moment."""

    inlines = (PeriodicTaskRows,)


def restyle_schedule_pages() -> None:
    """Register the package's models with the pages above instead of its own."""
    pages: dict[type[Model], type[Any]] = {
        PeriodicTask: PeriodicTaskPage,
        IntervalSchedule: SchedulePage,
        SolarSchedule: SchedulePage,
        CrontabSchedule: CrontabPage,
        ClockedSchedule: ClockedPage,
    }
    for model, page in pages.items():
        if admin.site.is_registered(model):
            admin.site.unregister(model)
        admin.site.register(model, page)
