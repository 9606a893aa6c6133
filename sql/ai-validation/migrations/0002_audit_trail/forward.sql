-- ai-validation/0002_audit_trail, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0002_audit_trail`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 3 steps, marked [14aebacd]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 3 [14aebacd]: in one transaction
BEGIN;

CREATE FUNCTION public.record_change()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $body$
begin
  insert into public.audit_logs (event, table_name, record_id, old_row, new_row)
  values (
    lower(tg_op),
    tg_table_name,
    case tg_op when 'DELETE' then old.id else new.id end,
    case when tg_op <> 'INSERT' then to_jsonb(old) end,
    case when tg_op <> 'DELETE' then to_jsonb(new) end
  );
  return null;
end
$body$;

CREATE TRIGGER record_change
  AFTER INSERT OR DELETE OR UPDATE ON public.projects
  FOR EACH ROW EXECUTE FUNCTION public.record_change();

CREATE TRIGGER record_change
  AFTER INSERT OR DELETE OR UPDATE ON public.test_results
  FOR EACH ROW EXECUTE FUNCTION public.record_change();

CREATE TRIGGER record_change
  AFTER INSERT OR DELETE OR UPDATE ON public.test_sessions
  FOR EACH ROW EXECUTE FUNCTION public.record_change();

CREATE TRIGGER record_change
  AFTER INSERT OR DELETE OR UPDATE ON public.videos
  FOR EACH ROW EXECUTE FUNCTION public.record_change();

COMMIT;

-- step 2 of 3 [14aebacd]: outside a transaction
CREATE INDEX CONCURRENTLY audit_logs_actor_happened_at_idx ON public.audit_logs USING btree (actor, happened_at DESC);

-- step 3 of 3 [14aebacd]: outside a transaction
CREATE INDEX CONCURRENTLY audit_logs_table_name_record_id_happened_at_idx ON public.audit_logs USING btree (table_name, record_id, happened_at DESC);
