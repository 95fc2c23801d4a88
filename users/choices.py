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


class Theme(models.TextChoices):
    """Colours of the dashboard."""

    SYSTEM = "system", "As the system"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class Density(models.TextChoices):
    """Height of table rows."""

    COMFORTABLE = "comfortable", "Comfortable"
    COMPACT = "compact", "Compact"


class Scope(models.TextChoices):
    """What an API key may be used for, within its owner's role."""

    READ = "read", "Read"
    TRADE = "trade", "Write and trade"
    OPS = "ops", "Operate"

    def includes(self, other: "Scope") -> bool:
        """Return whether this scope allows everything `other` allows."""
        order = list(Scope)
        return order.index(self) >= order.index(other)


class PageName(models.TextChoices):
    """Pages of the dashboard whose filters can be saved as a view."""

    OPPORTUNITIES = "opportunities", "Opportunities"
    PRODUCTS = "products", "Products"
    EXECUTIONS = "executions", "Executions"
    JOBS = "jobs", "Jobs"
    AUDIT = "audit", "Audit"
