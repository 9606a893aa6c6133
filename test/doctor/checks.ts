import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examine } from "../../compiler/doctor/examine.ts";
import type { Finding, Report } from "../../compiler/doctor/finding.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { DatabaseError, type Session } from "../../compiler/session/session.ts";
import { type Major, ownDatabase } from "../servers.ts";
import { CASES, type Case, LOW } from "./cases.ts";

/** Every case in one database, which is looked at once, mended by the statements that it was told, and looked at again. */
export function describeChecks(on: "embedded" | Major): void {
  describe(`a database on ${on}`, () => {
    let session: Session;
    let close: () => Promise<void>;
    let report: Report;
    beforeAll(async () => {
      ({ session, close } = await opened(on));
      for (const { ill, well } of casesFor(session)) for (const sql of [...ill, ...well]) await runOne(session, sql);
      await settle(session);
      report = await examine(session, { thresholds: LOW });
    });
    afterAll(() => close?.());

    test.each(CASES)("$check: what is ill is found, and nothing else", ({ check, found, notFound, since = 0 }) => {
      if (session.version < since * 10_000) return;
      const objects = report.findings
        .filter((finding) => finding.check === check && finding.object !== "server")
        .map(({ severity, object }) => [severity, object]);
      if (notFound === undefined) expect(objects).toEqual(found);
      else {
        expect(objects).toEqual(expect.arrayContaining([...found]));
        expect(objects.map(([, object]) => object).filter((object) => notFound.includes(object ?? ""))).toEqual([]);
      }
    });

    test("every finding says what it is, why that matters, and what to run; no check fails", () => {
      expect(report.outcomes).toHaveLength(36);
      expect(report.outcomes.filter(({ status }) => status === "failed")).toEqual([]);
      for (const { id, check, object, title, why, remedies } of report.findings) {
        expect({ id, title: title !== "", why: why !== "", remedies: remedies.length > 0 }).toEqual({
          ...{ id: `${check} ${object}`, title: true, why: true, remedies: true },
        });
      }
      expect(new Set(report.findings.map(({ id }) => id)).size).toBe(report.findings.length);
    });

    test("what it says to run takes the findings away", async () => {
      const own = new Set(
        casesFor(session)
          .filter(({ isMended = true }) => isMended)
          .map(({ check }) => check),
      );
      const ids = new Set(
        casesFor(session).flatMap(({ check, found }) => found.map(([, object]) => `${check} ${object}`)),
      );
      const toMend = report.findings.filter(({ id, check }) => own.has(check) && ids.has(id));
      expect(new Set(toMend.map(({ check }) => check))).toEqual(own);
      for (const { remedies } of inOrderOfMending(toMend)) for (const { sql } of remedies) await runOne(session, sql);
      await settle(session);
      const after = await examine(session, { thresholds: LOW });
      expect(after.findings.map(({ id }) => id).filter((id) => toMend.some((finding) => finding.id === id))).toEqual(
        [],
      );
    });
  });
}

/** A type is altered while the indexes on it are there, and an index is made before it can be said to be the same as another. */
const inOrderOfMending = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => Number(a.check === "duplicate-index") - Number(b.check === "duplicate-index"));

const casesFor = ({ version }: Session): readonly Case[] => CASES.filter(({ since = 0 }) => version >= since * 10_000);

async function opened(on: "embedded" | Major): Promise<{ session: Session; close: () => Promise<void> }> {
  if (on === "embedded") {
    const session = await openEmbeddedSession({ extensions: ["hstore", "pg_trgm"] });
    return { session, close: () => session.close() };
  }
  const database = await ownDatabase(on);
  const session = await openServerSession(database.url);
  return {
    session,
    close: async () => {
      await session.close();
      await database.close();
    },
  };
}

async function runOne(session: Session, sql: string): Promise<void> {
  // What they count comes at once, what statements before them did a second later.
  if (/^(vacuum|analyze)/i.test(sql)) await settle(session);
  if (!sql.startsWith("-- fails")) return session.run(sql);
  await expect(session.run(sql)).rejects.toThrow(DatabaseError);
}

/** Until what the session did is counted. */
async function settle(session: Session): Promise<void> {
  await session.run(session.version >= 150_000 ? "select pg_stat_force_next_flush()" : "select pg_sleep(1.5)");
  await session.run("select 1");
}
