"""What the database itself promises of the ledger: balanced, complete, and never changed afterwards.

Entries of the invented market may be removed together with it (`arbsite.remove_demo` set in the transaction);
nothing else may. Inserting a kill switch takes the lock that executions share, so a plain INSERT by SQL
stops trading as surely as the service does.
"""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION ledger_check_balance() RETURNS trigger LANGUAGE plpgsql AS $balance$
DECLARE
    unbalanced record;
BEGIN
    SELECT currency, sum(amount) AS total INTO unbalanced FROM ledger_entries
     WHERE posting_id = NEW.posting_id GROUP BY currency HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger posting % does not balance: % %', NEW.posting_id, unbalanced.total,
            unbalanced.currency USING ERRCODE = '23514', CONSTRAINT = 'ledger_entries_balanced';
    END IF;
    RETURN NULL;
END
$balance$;

CREATE FUNCTION ledger_check_posting() RETURNS trigger LANGUAGE plpgsql AS $posting$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_entries WHERE posting_id = NEW.id) THEN
        RAISE EXCEPTION 'ledger posting % has no entries', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_postings_complete';
    END IF;
    RETURN NULL;
END
$posting$;

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $refuse$
DECLARE
    of_execution uuid;
BEGIN
    IF TG_OP = 'DELETE' AND coalesce(current_setting('arbsite.remove_demo', true), '') = 'on' THEN
        IF TG_TABLE_NAME = 'ledger_postings' THEN
            of_execution := OLD.execution_id;
        ELSE
            SELECT execution_id INTO of_execution FROM ledger_postings WHERE id = OLD.posting_id;
        END IF;
        IF EXISTS (SELECT FROM executions e JOIN products p ON p.id = e.product_id
                    WHERE e.id = of_execution AND p.is_demo) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END
$refuse$;

CREATE FUNCTION kill_switches_take_lock() RETURNS trigger LANGUAGE plpgsql AS $lock$
BEGIN
    -- trading.services.kill_switch.LOCK_KEY
    PERFORM pg_advisory_xact_lock(7305042891);
    RETURN NULL;
END
$lock$;

CREATE CONSTRAINT TRIGGER ledger_entries_balanced AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_balance();
CREATE CONSTRAINT TRIGGER ledger_postings_complete AFTER INSERT ON ledger_postings
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_posting();
CREATE TRIGGER ledger_entries_refuse_change BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_postings_refuse_change BEFORE UPDATE OR DELETE ON ledger_postings
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_entries_refuse_truncate BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_truncate();
CREATE TRIGGER ledger_postings_refuse_truncate BEFORE TRUNCATE ON ledger_postings
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_truncate();
CREATE TRIGGER kill_switches_take_lock BEFORE INSERT ON kill_switches
    FOR EACH STATEMENT EXECUTE FUNCTION kill_switches_take_lock();
"""

BACKWARD = """
DROP TRIGGER kill_switches_take_lock ON kill_switches;
DROP TRIGGER ledger_postings_refuse_truncate ON ledger_postings;
DROP TRIGGER ledger_entries_refuse_truncate ON ledger_entries;
DROP TRIGGER ledger_postings_refuse_change ON ledger_postings;
DROP TRIGGER ledger_entries_refuse_change ON ledger_entries;
DROP TRIGGER ledger_postings_complete ON ledger_postings;
DROP TRIGGER ledger_entries_balanced ON ledger_entries;
DROP FUNCTION kill_switches_take_lock();
DROP FUNCTION ledger_refuse_change();
DROP FUNCTION ledger_check_posting();
DROP FUNCTION ledger_check_balance();
"""


class Migration(migrations.Migration):
    """Create the functions and triggers."""

    dependencies = [("trading", "0001_initial"), ("common", "0002_audit_triggers")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
