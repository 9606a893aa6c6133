import type { Session } from "../session/session.ts";

/**
 * Sets every sequence that a column takes its values from beyond the values that are there, so that what a migration
 * inserts, by a trigger for one, does not meet them. A sequence whose range does not reach so far stays as it is.
 */
export async function advanceSequences(session: Session): Promise<void> {
  await session.run(ADVANCE);
}

const ADVANCE = `
do $$
declare
  fed record;
  highest numeric;
begin
  for fed in
    select d.objid::regclass as sequence, d.refobjid as relation, d.refobjsubid as number
    from pg_depend d join pg_sequence s on s.seqrelid = d.objid
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
      and d.refobjsubid > 0 and s.seqincrement > 0
    union
    select d.refobjid::regclass, e.adrelid, e.adnum
    from pg_depend d join pg_attrdef e on e.oid = d.objid join pg_sequence s on s.seqrelid = d.refobjid
    where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass and s.seqincrement > 0
    order by 1, 2, 3
  loop
    begin
      execute (
        select format('select max(%I) from %s', attname, attrelid::regclass) from pg_attribute
        where attrelid = fed.relation and attnum = fed.number
      ) into highest;
      if highest > coalesce(pg_sequence_last_value(fed.sequence), 0) then
        perform setval(fed.sequence, highest::bigint);
      end if;
    exception when others then
      null;
    end;
  end loop;
end $$`;
