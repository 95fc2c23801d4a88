"""What the runtime role may do to the audit tables: add and read events, nothing else."""

import re
from typing import Final

_ROLE: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def app_role_statements(role: str) -> list[str]:
    """Return the SQL that lets `role` run the product without being able to change the audit trail.

    The migration role owns every table; the web and worker processes connect as `role`, which may use all
    tables but only insert into and read `audit_events`. Sealing works because its function runs with the
    owner's rights.

    Args:
        role: name of an existing PostgreSQL role that owns nothing.

    Raises:
        ValueError: if the name is not a plain lower-case identifier.
    """
    if not _ROLE.fullmatch(role):
        msg = f"Not a plain PostgreSQL role name: {role!r}"
        raise ValueError(msg)
    return [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE ALL ON audit_events, audit_heads FROM {role}",
        f"GRANT SELECT, INSERT ON audit_events TO {role}",
        f"GRANT SELECT ON audit_heads TO {role}",
    ]
