"""The transactional outbox: background work that starts if, and only if, its transaction commits.

`transaction.on_commit(task.delay)` loses the work when the process dies between commit and publish, or when
Redis is down or loses its data. Here the request is a row of the same transaction; a relay publishes rows,
and a reconciler publishes again what nobody confirmed. Delivery is therefore at least once; `handled` makes
the effect happen once.
"""

from .enqueue import enqueue

__all__ = ["enqueue"]
