"""The closed lists of the opportunities app."""

from django.db import models


class OpportunityKind(models.TextChoices):
    """Which detector found it."""

    SEALED_TO_SINGLES = "sealed_to_singles", "Sealed to singles"


class OpportunityStatus(models.TextChoices):
    """Life of an opportunity; everything but active is final."""

    ACTIVE = "active", "Active"
    EXECUTED = "executed", "Executed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


class RiskLevel(models.TextChoices):
    """R002's risk levels."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class CompetitionLevel(models.TextChoices):
    """How many sellers offer the sealed product."""

    UNKNOWN = "unknown", "Unknown"
    NONE = "none", "None"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
