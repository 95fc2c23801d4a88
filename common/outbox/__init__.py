"""The transactional outbox: background work that starts if, and only if, its transaction commits.

`transaction.on_commit(task.delay)` loses the work when the process dies between commit and publish, or when
Redis is down or loses its data. Here the request is a row of the same transaction (`enqueue`); a relay
publishes rows, and a reconciler publishes again what nobody confirmed. Delivery is therefore at least once.

A task that `OutboxTask` runs (every task of the product) counts its start in PostgreSQL, is not run again
once it is done or given up on, and is confirmed when it returns. For an effect that must happen exactly
once, the task makes its changes inside `handled()` (or is decorated with `effect_once`): the confirmation
commits together with the effect.
"""

from .delivery import MAX_ATTEMPTS, OutboxTask, current_message_id, effect_once, handled
from .enqueue import enqueue

__all__ = ["MAX_ATTEMPTS", "OutboxTask", "current_message_id", "effect_once", "enqueue", "handled"]
