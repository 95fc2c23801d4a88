"""The closed lists of the users app."""

from django.db import models


class Role(models.TextChoices):
    """What a user may do; each role includes the ones before it."""

    VIEWER = "viewer", "Viewer"
    ANALYST = "analyst", "Analyst"
    TRADER = "trader", "Trader"
    OPERATOR = "operator", "Operator"
    ADMIN = "admin", "Administrator"

    @property
    def rank(self) -> int:
        """Position in the order, 0 for the lowest."""
        return list(Role).index(self)

    def includes(self, other: "Role") -> bool:
        """Return whether this role may do everything `other` may."""
        return self.rank >= other.rank

    def with_lower(self) -> list["Role"]:
        """Return this role and every role it includes, lowest first."""
        return [role for role in Role if self.includes(role)]
