"""The forms of the terms register."""

from collections.abc import Sequence
from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextareaWidget

from scrapers.models import SourceRoute


class ReviewForm(forms.Form):
    """When the terms of some routes were read, and what each was found to allow."""

    reviewed_on = forms.DateField(label="Reviewed on", widget=UnfoldAdminSingleDateWidget)

    def __init__(self, *args: object, routes: Sequence[SourceRoute], now: datetime, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._today = now.date()
        self.fields["reviewed_on"].initial = self._today
        for route in routes:
            self.fields[field_name(route)] = forms.CharField(
                label=f"What the terms of {route} allow",
                help_text=route.terms_url,
                initial=route.allowed_use,
                max_length=2_000,
                widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            )

    def clean_reviewed_on(self) -> date:
        """Refuse a day that has not come yet."""
        reviewed_on: date = self.cleaned_data["reviewed_on"]
        if reviewed_on > self._today:
            raise ValidationError("That day has not come yet.")
        return reviewed_on


def field_name(route: SourceRoute) -> str:
    """Return the name of a route's field in `ReviewForm`."""
    return f"allowed_use_{route.pk}"
