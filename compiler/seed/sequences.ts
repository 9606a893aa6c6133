import { grouped } from "../grouped.ts";
import type { Session } from "../session/session.ts";
import type { SeededRowState } from "./upsert.ts";

/** Lets sequences go on behind the numbers that rows were given, so that the next row that asks for one gets a free one. */
export async function advanceSequences(session: Session, rows: readonly SeededRowState[]): Promise<void> {
  const written = rows.filter(({ outcome }) => outcome !== "unchanged");
  for (const [table, own] of grouped(written, ({ target }) => target.text)) {
    const given = own.flatMap(({ row }) =>
      [...row.values].flatMap(([column, value]) =>
        value.is === "value" && value.json !== null ? [{ column, text: String(value.json) }] : [],
      ),
    );
    const byColumn = grouped(given, ({ column }) => column);
    const owned = await session.query<{ column: string; sequence: string }>(
      `select c.name as column, pg_get_serial_sequence($1, c.name) as sequence from unnest($2::text[]) c(name)
       where pg_get_serial_sequence($1, c.name) is not null`,
      [table, [...byColumn.keys()]],
    );
    for (const { column, sequence } of owned) {
      await session.query(ADVANCE, [sequence, (byColumn.get(column) ?? []).map(({ text }) => text)]);
    }
  }
}

const ADVANCE = `
  select setval($1::text::regclass, given.most)
  from pg_sequences s, (select max(number) as most from unnest($2::int8[]) number) given
  where format('%I.%I', s.schemaname, s.sequencename) = $1::text and s.increment_by > 0
    and given.most between coalesce(s.last_value, s.start_value) and s.max_value
    and has_sequence_privilege($1::text, 'UPDATE')`;
