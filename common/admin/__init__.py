"""Staff pages of the common tables, of the schedule, and of the login attempts."""

from .audit import AuditEventAdmin, AuditVerificationAdmin
from .delivery import IdempotencyKeyAdmin, OutboxMessageAdmin
from .logins import restyle_login_pages
from .schedule import restyle_schedule_pages

restyle_login_pages()
restyle_schedule_pages()

__all__ = ["AuditEventAdmin", "AuditVerificationAdmin", "IdempotencyKeyAdmin", "OutboxMessageAdmin"]
