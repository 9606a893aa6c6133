import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { check } from "../../compiler/apply/check.ts";
import { rollback } from "../../compiler/apply/rollback.ts";
import { describeDelta, diffFacts } from "../../compiler/diff/diffFacts.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { withoutIdleRoles } from "../../compiler/resolve/governed.ts";
import { type Major, pgDump } from "../servers.ts";
import type { SystemDatabase } from "./systemDatabase.ts";

/** Looks at the database each time it stands at a migration, going up (`arrived`) and coming down (`returned`). */
export interface Walk {
  readonly arrived?: (migration: string) => Promise<void>;
  readonly returned?: (migration: string) => Promise<void>;
  /** Facts that the way down may leave. */
  readonly stays?: (fact: string) => boolean;
  /** A second judge of equality: `dumperOf` a server's database. */
  readonly dump?: (() => Promise<string>) | null;
}

/**
 * The schema of a server's database as pg_dump sees it, or null where none is as new as the server. Lines are sorted: the
 * order of columns says nothing here, and a column that was dropped and came back stands last.
 */
export async function dumperOf(url: string | null, major: Major): Promise<(() => Promise<string>) | null> {
  const program = await pgDump(major);
  if (program === null || url === null) return null;
  return async () => {
    const { stdout } = await promisify(execFile)(
      program,
      ["--schema-only", "--exclude-schema=verso", "--exclude-schema=verso_attic", url],
      {
        maxBuffer: 2 ** 26,
      },
    );
    const lines = stdout.split("\n").filter((line) => !/^(?:--|\\(?:un)?restrict|SET |SELECT pg_catalog|$)/.test(line));
    return lines
      .map((line) => line.replace(/,$/, ""))
      .sort()
      .join("\n");
  };
}

/**
 * Empty → latest → empty, one migration at a time: coming down, the catalog at every stop is the one that was there going
 * up, and the ledger never sees drift.
 */
export async function walkHistory({ session, migrations }: SystemDatabase, walk: Walk = {}): Promise<void> {
  const { stays = () => false, dump } = walk;
  const look = async () => ({ facts: await readCatalog(session), dump: await dump?.() });
  const stops = [await look()];
  for (const { name } of migrations) {
    await apply(session, migrations, { to: name, acceptDataLoss: true });
    expect((await check(session)).drift).toEqual([]);
    stops.push(await look());
    await walk.arrived?.(name);
  }
  for (const { name } of migrations.toReversed()) {
    await rollback(session, { acceptDataLoss: true });
    stops.pop();
    const before = stops.at(-1);
    if (before === undefined) throw new Error("more came down than went up");
    const now = await look();
    const deltas = diffFacts(withoutIdleRoles(before.facts), withoutIdleRoles(now.facts));
    const unexpected = deltas.filter((delta) => !(delta.verb === "add" && stays(delta.fact.id)));
    expect(unexpected.map(describeDelta), `after the rollback of ${name}`).toEqual([]);
    if (dump != null) expect(now.dump, `pg_dump after the rollback of ${name}`).toBe(before.dump);
    await walk.returned?.(name);
  }
}
