/**
 * Pages that a B-tree's rows would take at the average width of its columns, as `indexrelid`, `pages`. An estimate, none where
 * its table was not analysed. Deduplication makes real ones smaller, never larger.
 * @see PostgreSQL manual, "B-Tree Indexes", implementation
 */
export const INDEX_PAGES = `
  select w.indexrelid,
    ceil(c.reltuples * (8 + ceil(w.width / 8) * 8 + 4) / ((current_setting('block_size')::float8 - 40)
      * coalesce((select option_value::float8 from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 90)
      / 100)) * 1.05 + 2 as pages
  from (
    select i.indexrelid, i.indnatts, count(s.attname) as known, sum(s.avg_width * (1 - s.null_frac)) as width
    from pg_index i
    cross join unnest(i.indkey::int2[]) with ordinality u(number, position)
    join pg_class t on t.oid = case when u.number = 0 then i.indexrelid else i.indrelid end
    join pg_namespace n on n.oid = t.relnamespace
    join pg_attribute a on a.attrelid = t.oid and a.attnum = case when u.number = 0 then u.position else u.number end
    left join pg_stats s on s.schemaname = n.nspname and s.tablename = t.relname and s.attname = a.attname
      and not s.inherited
    group by i.indexrelid, i.indnatts
  ) w
  join pg_class c on c.oid = w.indexrelid join pg_am m on m.oid = c.relam
  where w.known = w.indnatts and m.amname = 'btree' and c.relkind = 'i' and c.reltuples >= 0`;
