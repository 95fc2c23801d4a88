"""The triggers that make `audit_events` append-only and hash-chained (see `common.audit`)."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION audit_seal_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $seal$
DECLARE
    head audit_heads%ROWTYPE;
BEGIN
    -- The stream is the database's choice: subject type and one hexadecimal digit of the subject's hash.
    NEW.stream := left(split_part(NEW.subject, ':', 1), 60) || '.' || substr(md5(NEW.subject), 1, 1);
    INSERT INTO audit_heads (stream, seq, hash) VALUES (NEW.stream, 0, sha256(convert_to(NEW.stream, 'UTF8')))
        ON CONFLICT (stream) DO NOTHING;
    SELECT * INTO head FROM audit_heads WHERE stream = NEW.stream FOR UPDATE;
    NEW.seq := head.seq + 1;
    NEW.previous_hash := head.hash;
    NEW.hash := sha256(head.hash || convert_to(jsonb_build_object(
        'id', NEW.id, 'stream', NEW.stream, 'seq', NEW.seq, 'verb', NEW.verb, 'subject', NEW.subject,
        'actor_id', NEW.actor_id, 'data', NEW.data, 'request_id', NEW.request_id,
        'recorded_at', to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
    )::text, 'UTF8'));
    UPDATE audit_heads SET seq = NEW.seq, hash = NEW.hash WHERE stream = NEW.stream;
    RETURN NEW;
END
$seal$;

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END
$refuse$;

-- Heads move only from inside the sealing trigger, which is one trigger level above this one.
CREATE FUNCTION audit_guard_head() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
    IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% moves only with its events: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$guard$;

-- A database made by the test runner (test_*) is flushed with TRUNCATE between transactional tests;
-- a session may ask for the refusal there too. Everywhere else TRUNCATE is refused without exception.
CREATE FUNCTION audit_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $truncate$
BEGIN
    IF current_database() LIKE 'test\_%'
        AND coalesce(current_setting('arbsite.refuse_truncate', true), '') <> 'on'
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: TRUNCATE refused', TG_TABLE_NAME USING ERRCODE = '42501';
END
$truncate$;

CREATE TRIGGER audit_events_seal BEFORE INSERT ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_seal_event();
CREATE TRIGGER audit_events_refuse_change BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_events_refuse_truncate BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_truncate();
CREATE TRIGGER audit_heads_guard BEFORE INSERT OR UPDATE OR DELETE ON audit_heads
    FOR EACH ROW EXECUTE FUNCTION audit_guard_head();
CREATE TRIGGER audit_heads_refuse_truncate BEFORE TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_truncate();
"""

BACKWARD = """
DROP TRIGGER audit_heads_refuse_truncate ON audit_heads;
DROP TRIGGER audit_heads_guard ON audit_heads;
DROP TRIGGER audit_events_refuse_truncate ON audit_events;
DROP TRIGGER audit_events_refuse_change ON audit_events;
DROP TRIGGER audit_events_seal ON audit_events;
DROP FUNCTION audit_refuse_truncate();
DROP FUNCTION audit_guard_head();
DROP FUNCTION audit_refuse_change();
DROP FUNCTION audit_seal_event();
"""


class Migration(migrations.Migration):
    """Create the functions and triggers."""

    dependencies = [("common", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
