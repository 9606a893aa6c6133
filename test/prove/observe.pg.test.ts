import { expect, test } from "vitest";
import type { FactId } from "../../compiler/facts.ts";
import { observeStatements } from "../../compiler/prove/observe.ts";
import { runSteps } from "../../compiler/prove/runSteps.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { freshDatabase, MAJORS } from "../servers.ts";

test.each(["embedded", ...MAJORS] as const)(
  "on %s, a scan is its own statement's, not the next transaction's",
  async (engine) => {
    const database = engine === "embedded" ? null : await freshDatabase(engine);
    const session = database === null ? await openEmbeddedSession() : await openServerSession(database.url);
    try {
      await session.run("create table t (a int); insert into t select generate_series(1, 10)");
      const said = (sql: string) => ({ sql, verb: "alter", id: "table public.t" as FactId }) as const;
      const observer = observeStatements();
      await runSteps(
        session,
        [
          { transactional: true, statements: [said("alter table t add constraint positive check (a > 0)")] },
          { transactional: false, statements: [said("create index concurrently t_a on t (a)")] },
          {
            transactional: true,
            statements: [said("comment on table t is 'x'"), said("alter table t add check (a < 99)")],
          },
        ],
        observer,
      );
      expect(observer.observations().map(({ scans }) => scans)).toEqual([["t"], [], ["t"]]);
    } finally {
      await session.close();
      await database?.close();
    }
  },
);
