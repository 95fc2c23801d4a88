"""The audit trail: an append-only, hash-chained record of every state change.

How it holds together:

- `record_event` inserts one row in the caller's transaction, so an effect and its record commit or vanish
  together.
- A trigger seals the row inside the database: its hash is SHA-256 over the previous hash and the *stored*
  row (jsonb normalises numbers and keys, so hashing the Python value would not be reproducible).
- The chain is split into streams, `<subject type>.<hex digit of md5(subject)>`: the sealing trigger locks
  one stream's head row until the transaction ends, and one chain for everything would queue every writer of
  the product behind the slowest transaction. All events of one subject are in one stream, in order.
- UPDATE, DELETE and TRUNCATE are refused by triggers; the runtime role should not own the tables (`grants`).
- An owner or superuser can switch triggers off. `verify_chains` then finds edited and deleted rows, a cut
  tail and an altered head; `anchor` and `verify_chains(anchor=...)`, kept outside the database, find even a
  consistently rewritten chain.

Lock order: record events last in a transaction, and several at once through `record_events`, which sorts by
stream.
"""

from .grants import app_role_statements
from .record import NewEvent, record_event, record_events
from .verify import (
    Anchor,
    ChainBreak,
    ChainReport,
    current_anchor,
    event_as_json,
    events_hold,
    export_events,
    verify_chains,
)

__all__ = [
    "Anchor",
    "ChainBreak",
    "ChainReport",
    "NewEvent",
    "app_role_statements",
    "current_anchor",
    "event_as_json",
    "events_hold",
    "export_events",
    "record_event",
    "record_events",
    "verify_chains",
]
