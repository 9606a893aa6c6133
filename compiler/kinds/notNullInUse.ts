import type { FactId } from "../facts.ts";
import { quoteBody, quoteName, quoteText } from "../quote.ts";
import { type Statement, type Surroundings, statement } from "./kind.ts";
import { withoutTriggers } from "./triggers.ts";

/*
 * A table that others write to while a migration runs is never locked for as long as it takes to read or write its rows.
 */

/** How the checks are called under which a column becomes NOT NULL. A run that stopped half-way leaves one behind. */
export const PASSING_CHECK = "verso_not_null_";

export interface ColumnInUse {
  readonly relation: FactId;
  /** Printed. */
  readonly table: string;
  readonly name: string;
}

/**
 * Rows get their value a stretch of the table at a time. What came in meanwhile without one gets it once a check lets no
 * more come in; then that check is the proof by which PostgreSQL sets NOT NULL without reading the rows itself.
 * @see PostgreSQL manual, "ALTER TABLE", SET NOT NULL
 */
export function fillInUse(
  column: ColumnInUse,
  value: string | undefined,
  setNotNull: Statement | null,
  around: Surroundings,
): readonly Statement[] {
  const fill = (tag: string) => (value === undefined ? [] : [inStretches(column, value, tag, around)]);
  if (setNotNull === null) return fill("fill");
  const { table, name } = column;
  const check = quoteName(`${PASSING_CHECK}${name}`);
  const add = statement(
    `ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${quoteName(name)} IS NOT NULL) NOT VALID`,
  );
  return [
    ...fill("fill"),
    value === undefined ? add : { ...add, late: "apart" },
    ...fill("fill_rest"),
    statement(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${check}`, { late: "apart" }),
    { ...setNotNull, late: "apart" },
    statement(`ALTER TABLE ${table} DROP CONSTRAINT ${check}`, { late: "last" }),
  ];
}

/** 8 MB of the usual pages: some thousand rows, locked for well under a second. */
const STRETCH_PAGES = 1000;

/** Each stretch is committed by itself, and one that was done finds nothing to do: whoever is stopped runs it again. */
function inStretches(
  { relation, table, name }: ColumnInUse,
  value: string,
  tag: string,
  around: Surroundings,
): Statement {
  const column = quoteName(name);
  const page = (first: string) => `format('(%s,0)', ${first})::tid`;
  const update = statement(
    `UPDATE ${table} SET ${column} = ${value}
      WHERE ${column} IS NULL AND ctid >= ${page("verso_page")} AND ctid < ${page(`verso_page + ${STRETCH_PAGES}`)}`,
  );
  const changes = withoutTriggers(relation, [update], around);
  // Whoever waits for the table's triggers to rest makes all others wait.
  const patience = changes.length > 1 ? "    SET LOCAL lock_timeout = '3s';\n" : "";
  const body = `
#variable_conflict use_column
DECLARE
  verso_pages bigint := pg_relation_size(${quoteText(table)}) / current_setting('block_size')::bigint;
BEGIN
  FOR verso_page IN 0 .. verso_pages BY ${STRETCH_PAGES} LOOP
${patience}${changes.map(({ sql }) => `    ${sql};\n`).join("")}    COMMIT;
  END LOOP;
END
`;
  return statement(`DO ${quoteBody(body, tag)}`, { transactional: false, late: "apart" });
}
