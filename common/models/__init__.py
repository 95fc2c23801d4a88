"""Tables every app relies on: audit trail, outbox, idempotency keys."""

from .audit import AuditEvent, AuditHead, AuditVerification
from .idempotency import IdempotencyKey
from .outbox import OutboxMessage

__all__ = ["AuditEvent", "AuditHead", "AuditVerification", "IdempotencyKey", "OutboxMessage"]
