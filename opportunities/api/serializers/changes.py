"""What people may change on opportunities: one alone, or many at once."""

from typing import Any, Final

from rest_framework import serializers

from common.api.bodies import StrictBody
from jobs.api.serializers import JobSerializer
from opportunities.services.bulk import BULK_ACTIONS, MAX_IDS

MAX_NOTES: Final = 500
MAX_REASON: Final = 200


class ChangeSerializer(StrictBody):
    """Notes, and that the figures were reviewed; figures themselves cannot be written."""

    execution_notes = serializers.CharField(max_length=MAX_NOTES, allow_blank=True)
    needs_review = serializers.BooleanField(
        required=False, help_text="Only false: a person looked and found the figures right."
    )

    def validate_needs_review(self, value: bool) -> bool:
        """Refuse to ask for a review: only the analysis does."""
        if value:
            raise serializers.ValidationError("Only false can be stated.", code="invalid_choice")
        return value


class DismissSerializer(StrictBody):
    reason = serializers.CharField(max_length=MAX_REASON, required=False)


class BulkRequestSerializer(StrictBody):
    """What to do with which opportunities: named ones, or all that a list's query matches."""

    action = serializers.ChoiceField(choices=[(name, name) for name in BULK_ACTIONS])
    ids = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MAX_IDS, required=False
    )
    all_matching = serializers.CharField(
        max_length=2_000,
        required=False,
        allow_blank=True,
        help_text="The query of the list, without page and page_size.",
    )
    reason = serializers.CharField(max_length=MAX_REASON, required=False, help_text="Of a dismissal.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Accept exactly one way to say which."""
        if ("ids" in attrs) == ("all_matching" in attrs):
            raise serializers.ValidationError({"ids": ["Give either ids or all_matching."]}, code="invalid")
        return attrs


class SkippedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    detail = serializers.CharField()


class BulkAnswerSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=[(name, name) for name in BULK_ACTIONS])
    matched = serializers.IntegerField()
    done = serializers.IntegerField()
    skipped = SkippedSerializer(many=True)
    job = JobSerializer(allow_null=True, help_text="The last of the jobs that were asked for.")
