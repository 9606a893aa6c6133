import { type ProvedMigration, proveMigration } from "../compiler/prove/proveMigration.ts";
import { scriptSource } from "../compiler/resolve/sqlSource.ts";
import { openShadow, type Shadow } from "../compiler/shadow/shadow.ts";

let embedded: Promise<Shadow> | undefined;

/** The embedded shadow, shared by the tests of one file. */
export function embeddedShadow(): Promise<Shadow> {
  embedded ??= openShadow(undefined);
  return embedded;
}

const asSource = (name: string, sql: string) => scriptSource(name, [{ file: `${name}.sql`, text: sql }]);

/**
 * Plans the way between two states written in SQL and proves it: forward leads to a catalog equal to that of `after`,
 * rollback to one equal to that of `before`. Fails with the facts that differ.
 */
export async function expectExact(before: string, after: string, shadow?: Shadow): Promise<ProvedMigration> {
  const on = shadow ?? (await embeddedShadow());
  const proved = await proveMigration(asSource("before", before), asSource("after", after), on, {
    withRows: true,
    withObserver: true,
    withInventory: true,
  });
  const unmodelled = [...proved.unmodelled.from, ...proved.unmodelled.to];
  if (unmodelled.length > 0) throw new Error(`of a kind that is not modelled: ${unmodelled.join(", ")}`);
  return proved;
}

/** A plan's SQL, one statement an element, for assertions on how it reads. */
export const statementsOf = (steps: ProvedMigration["forward"]): string[] =>
  steps.flatMap((step) => step.statements.map(({ sql }) => sql));
