import { describeDelta, diffFacts } from "../../compiler/diff/diffFacts.ts";
import type { FactId, Hint } from "../../compiler/facts.ts";
import { columnId } from "../../compiler/kinds/columns.ts";
import { factId } from "../../compiler/kinds/kind.ts";
import { tableId } from "../../compiler/kinds/tables.ts";
import { type ProvedMigration, proveMigration } from "../../compiler/prove/proveMigration.ts";
import { runSteps } from "../../compiler/prove/runSteps.ts";
import { quoteName, quotePath } from "../../compiler/quote.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import type { Session } from "../../compiler/session/session.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { printWorld, settle } from "./evolve.ts";
import { tablesOf } from "./rooms/tables.ts";
import { fillRows, type Rows, readRows, rowsChanged } from "./rows.ts";
import { emptyWorld, type Thing, thingAt, type World } from "./world.ts";

/** A database that lives through one evolution after another, with its rows. */
export interface Chain {
  readonly world: World;
  /** @throws whatever does not hold: the proof, the rows, that there is no second difference */
  evolve(next: World, options: { readonly withObserver: boolean }): Promise<ProvedMigration>;
  /** Begins anew, with nothing unless told otherwise. */
  restart(world?: World): Promise<void>;
  close(): Promise<void>;
}

/**
 * Every state is built in a transaction of the one server that is rolled back, and the database that evolves is on the
 * other, since roles are the whole server's: a proof then costs no new database and no planning of the catalog's query.
 */
export async function openChain(deskUrl: string, liveUrl: string, major: number): Promise<Chain> {
  const [desks, lives] = [await openShadow(deskUrl), await openShadow(liveUrl)];
  const desk = withinTransactions(await desks.scratch());
  let live = await lives.scratch();
  const empty = emptyWorld(major);
  let world = empty;
  const restart = async (next: World = empty): Promise<void> => {
    await live.close();
    live = await lives.scratch();
    world = next;
    await source("before", next).build(live, new Set());
    await fillRows(live, next);
  };

  return {
    get world() {
      return world;
    },
    async evolve(next, { withObserver }) {
      const offers = [desk.open, async () => ({ ...live, close: async () => {} })];
      let isLost = false;
      const scratch = async () => {
        const next = offers.shift();
        // A migration that stopped between two steps leaves nothing to go on from.
        isLost ||= next === undefined;
        return next?.() ?? lives.scratch();
      };
      const shadow: Shadow = { ...lives, scratch };
      const before = source("before", world);
      const from = {
        ...before,
        build: async (session: Session, standIns: Set<string>) => {
          if (session.name !== live.name) await before.build(session, standIns);
        },
      };
      const to = { ...source("after", next), hints: hintsBetween(world, next) };
      const rows = await readRows(live, world);
      const migration = await proveMigration(from, to, shadow, { withRows: false, withObserver });
      if (isLost) {
        await restart(next);
        return migration;
      }
      expectRows(rows, await readRows(live, world), world, next, "after rollback");
      await runSteps(live, migration.forward);
      const deltas = withObserver ? diffFacts(await readCatalog(live), migration.ends) : [];
      if (deltas.length > 0)
        throw new Error(`a second time, forward leads elsewhere: ${deltas.map(describeDelta).join("; ")}`);
      expectRows(rows, await readRows(live, next), world, next, "after forward");
      await fillRows(live, next);
      world = settle(next);
      return migration;
    },
    restart,
    async close() {
      await live.close();
      await desks.close();
      await lives.close();
    },
  };
}

export const source = (name: string, world: World) =>
  scriptSource(name, [{ file: `${name}.sql`, text: printWorld(world) }]);

function expectRows(rows: Rows, then: Rows, before: World, after: World, when: string): void {
  const changed = rowsChanged(rows, then, before, after);
  if (changed.length > 0) throw new Error(`rows changed, ${when}: ${changed.join("; ")}`);
}

/** What rows rest on, by what Verso calls it; other kinds are found again, or made anew, without being told. */
const RENAMED: Readonly<Record<string, string>> = {
  schema: "schema",
  enum: "enum",
  domain: "domain",
  composite: "composite type",
  range: "range type",
  sequence: "sequence",
};

/** What a definition would say of tables and columns that are called otherwise, or are elsewhere. */
function hintsBetween(before: World, after: World): ReadonlyMap<FactId, Hint> {
  const hints = new Map<FactId, Hint>();
  const plainSchema = (uid: number | null, world: World): string =>
    uid === null || uid === 0 ? "public" : thingAt(world, uid).name;
  for (const thing of after.things) {
    const kind = RENAMED[thing.kind];
    const old = before.things.find(({ uid }) => uid === thing.uid);
    if (old === undefined || kind === undefined) continue;
    const idOf = ({ name, home }: Thing, world: World): FactId =>
      factId(kind, home === null ? quoteName(name) : quotePath(plainSchema(home, world), name));
    const [id, oldId] = [idOf(thing, after), idOf(old, before)];
    if (id !== oldId) hints.set(id, { renamedFrom: oldId });
  }
  for (const table of tablesOf(after)) {
    const old = tablesOf(before).find(({ uid }) => uid === table.uid);
    if (old === undefined) continue;
    const [schema, oldSchema] = [plainSchema(table.home, after), plainSchema(old.home, before)];
    const id = tableId(schema, table.name);
    const oldId = tableId(oldSchema, old.name);
    if (id !== oldId) hints.set(id, { renamedFrom: oldId });
    for (const column of table.attributes.columns) {
      const was = old.attributes.columns.find(({ uid }) => uid === column.uid);
      if (was === undefined || was.name === column.name) continue;
      hints.set(columnId(schema, table.name, column.name), { renamedFrom: columnId(schema, table.name, was.name) });
    }
  }
  return hints;
}

/** A session whose work is taken back when it is closed: what it begins and ends itself is nested in that. */
function withinTransactions(session: Session): { open(): Promise<Session> } {
  return {
    open: async () => {
      await session.run("BEGIN");
      return {
        ...session,
        run: async (script) => {
          if (script === "ROLLBACK") return session.run("ROLLBACK TO own; RELEASE own");
          if (script === "COMMIT") return session.run("RELEASE own");
          return session.run(script.replace(/^BEGIN[^;]*/, "SAVEPOINT own"));
        },
        close: async () => {
          await session.run("ROLLBACK");
          await session.run("RESET ALL");
        },
      };
    },
  };
}
