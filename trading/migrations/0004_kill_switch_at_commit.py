"""Executions meet the kill switch in their commit, in the database: nothing gets past it.

The trigger is deferred, so the shared lock is held for the rest of the commit and no longer: whoever engages
a switch waits for commits under way, never for a client that is still working.
"""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION executions_meet_kill_switch() RETURNS trigger LANGUAGE plpgsql AS $meet$
DECLARE
    engaged kill_switches%ROWTYPE;
BEGIN
    -- trading.services.kill_switch.LOCK_KEY; each statement below sees what committed before it got the lock.
    PERFORM pg_advisory_xact_lock_shared(7305042891);
    SELECT k.* INTO engaged FROM kill_switches k
     WHERE k.released_at IS NULL
       AND (k.scope = 'global'
            OR (k.scope = 'user' AND k.subject = (SELECT username FROM users WHERE id = NEW.actor_id))
            OR (k.scope = 'source' AND k.subject IN
                (SELECT code FROM price_sources WHERE id IN (NEW.buy_source_id, NEW.sell_source_id))))
     ORDER BY k.engaged_at DESC LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'kill switch % is engaged', engaged.id
            USING ERRCODE = 'ARB01', DETAIL = engaged.id::text;
    END IF;
    RETURN NULL;
END
$meet$;

CREATE CONSTRAINT TRIGGER executions_meet_kill_switch AFTER INSERT ON executions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION executions_meet_kill_switch();
"""

BACKWARD = """
DROP TRIGGER executions_meet_kill_switch ON executions;
DROP FUNCTION executions_meet_kill_switch();
"""


class Migration(migrations.Migration):
    """Create the function and the trigger."""

    dependencies = [("trading", "0003_default_limits")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
