import { plural } from "../quantities.ts";
import type { Session } from "../session/session.ts";
import { type Relation, readCounted } from "./relations.ts";
import type { Job, Measures, Surroundings, Task } from "./task.ts";
import { notAllowed, SHARE_OF_AUTOVACUUM } from "./words.ts";

/** Room of dead rows for new ones, an up-to-date visibility map and statistics, and old rows frozen. */
export const vacuum: Task = {
  does: "VACUUM (ANALYZE) of tables with many dead, new or old rows",
  find: async (around) =>
    [...around.relations.values()]
      .filter(({ isPartitioned }) => !isPartitioned)
      .map((relation) => jobOf(relation, around))
      .sort((a, b) => b.need - a.need),
};

function jobOf(relation: Relation, { session }: Surroundings): Job {
  const { oid, path, bytes, vacuums } = relation;
  const [reason, need] = needOf(relation);
  return {
    object: path,
    relation,
    bytes,
    need,
    reason,
    obstacle: relation.mayVacuum ? undefined : notAllowed(path, session),
    sql: [`VACUUM (ANALYZE, SKIP_LOCKED) ${path}`],
    before: measuresOf(relation),
    measure: async (hasWarned) => {
      const after = await readCounted(session, oid, (one) => one.vacuums > vacuums);
      return after === undefined || (hasWarned && after.vacuums === vacuums) ? null : measuresOf(after);
    },
    remarks: async ({ deadRows = 0 }) =>
      deadRows === 0 ? [] : [`${plural(deadRows, "dead row")} cannot go yet${await whoSeesDeadRows(session)}`],
  };
}

const measuresOf = ({ bytes, deadRows, changedRows, age }: Relation): Measures => ({
  bytes,
  deadRows,
  changedRows,
  age,
});

function needOf(relation: Relation): readonly [reason: string, need: number] {
  const { deadRows, vacuumAt, insertedRows, insertVacuumAt, age, freezeAt } = relation;
  const needs: readonly (readonly [string, number])[] = [
    [
      `${plural(deadRows, "dead row")}; autovacuum comes at ${plural(vacuumAt, "")}`,
      deadRows / (vacuumAt * SHARE_OF_AUTOVACUUM),
    ],
    [`${plural(insertedRows, "new row")} since its last VACUUM`, insertedRows / (insertVacuumAt * SHARE_OF_AUTOVACUUM)],
    [`${plural(age, "transaction")} since it was last frozen`, age / Math.max(1, freezeAt)],
  ];
  const [first = ["", 0] as const] = needs.toSorted(([, one], [, other]) => other - one);
  return first[1] >= 1 ? first : [`${plural(deadRows, "dead row")}`, 0];
}

async function whoSeesDeadRows(session: Session): Promise<string> {
  const [oldest] = await session.query<{ text: string }>(`
    select text from (
      select format('backend %s%s has a transaction open since %s', pid,
        coalesce(' (' || nullif(application_name, '') || ')', ''), to_char(xact_start, 'HH24:MI:SS TZ')) as text,
        age(backend_xmin) as age
      from pg_stat_activity where backend_xmin is not null and pid <> pg_backend_pid()
      union all
      select format('the prepared transaction %L is open since %s', gid, to_char(prepared, 'YYYY-MM-DD HH24:MI')),
        age(transaction) from pg_prepared_xacts
      union all
      select format('the replication slot %I holds them', slot_name), age(xmin)
      from pg_replication_slots where xmin is not null
    ) holders order by age desc limit 1`);
  return oldest === undefined ? "" : `: ${oldest.text}`;
}
