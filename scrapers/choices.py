"""The closed lists of the scrapers app."""

from django.db import models


class FetchOutcome(models.TextChoices):
    """How the last attempt to fetch something ended."""

    OK = "ok", "Priced"
    NO_OFFER = "no_offer", "Nothing on offer"
    NOT_LISTED = "not_listed", "Not listed any more"
    UNCHANGED = "unchanged", "Unchanged"
    BLOCKED = "blocked", "Blocked"
    RATE_LIMITED = "rate_limited", "Told to wait"
    UNAVAILABLE = "unavailable", "Venue unavailable"
    REFUSED = "refused", "Refused"
    UNREADABLE = "unreadable", "Unreadable answer"


class RobotsPolicy(models.TextChoices):
    """What a route does about robots.txt."""

    OBEY = "obey", "Obey robots.txt"
    PUBLISHED_API = "published_api", "Published API or download: its own terms rule"
