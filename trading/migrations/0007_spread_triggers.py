"""Executions across two venues meet the kill switch in their commit; their demo ledger may go with the demo.

The same as migrations 0002 and 0004 promise of executions of products: a deferred trigger has the last word
on the switches, and entries of the invented market, and only those, may be removed together with it.
"""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION spread_executions_meet_kill_switch() RETURNS trigger LANGUAGE plpgsql AS $meet$
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
                (SELECT v.code FROM cross_venue_opportunities o
                   JOIN venues v ON v.id IN (o.buy_venue_id, o.sell_venue_id)
                  WHERE o.id = NEW.opportunity_id)))
     ORDER BY k.engaged_at DESC LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'kill switch % is engaged', engaged.id
            USING ERRCODE = 'ARB01', DETAIL = engaged.id::text;
    END IF;
    RETURN NULL;
END
$meet$;

CREATE CONSTRAINT TRIGGER spread_executions_meet_kill_switch AFTER INSERT ON spread_executions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION spread_executions_meet_kill_switch();

CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $refuse$
DECLARE
    of_execution uuid;
    of_spread uuid;
BEGIN
    IF TG_OP = 'DELETE' AND coalesce(current_setting('arbsite.remove_demo', true), '') = 'on' THEN
        IF TG_TABLE_NAME = 'ledger_postings' THEN
            of_execution := OLD.execution_id;
            of_spread := OLD.spread_execution_id;
        ELSE
            SELECT execution_id, spread_execution_id INTO of_execution, of_spread
              FROM ledger_postings WHERE id = OLD.posting_id;
        END IF;
        IF EXISTS (SELECT FROM executions e JOIN products p ON p.id = e.product_id
                    WHERE e.id = of_execution AND p.is_demo) THEN
            RETURN OLD;
        END IF;
        IF EXISTS (SELECT FROM spread_executions e
                     JOIN cross_venue_opportunities o ON o.id = e.opportunity_id
                     JOIN live_markets m ON m.venue_id IN (o.buy_venue_id, o.sell_venue_id)
                    WHERE e.id = of_spread AND m.origin = 'demo') THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END
$refuse$;
"""

BACKWARD = r"""
CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $refuse$
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
DROP TRIGGER spread_executions_meet_kill_switch ON spread_executions;
DROP FUNCTION spread_executions_meet_kill_switch();
"""


class Migration(migrations.Migration):
    """Create one trigger, extend another's function."""

    dependencies = [("trading", "0006_spread_reservations"), ("scrapers", "0004_live_markets")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
