import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fateOf, unknownNames } from "../../compiler/observe/coverage.ts";
import { renderCoverage } from "../../compiler/observe/renderCoverage.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { MAJORS, server } from "../servers.ts";
import { columnsIn, INVENTORY, parseInventory, readRelations, relationsOf, TABLE, WRITTEN_BY } from "./inventory.ts";

const inventory = parseInventory(readFileSync(INVENTORY, "utf8"));
const tables = Object.entries(inventory).filter(([, { is }]) => is === "table");

describe("every column of pg_catalog", () => {
  test.each(MAJORS)(
    `that PostgreSQL %i has is known; else ${WRITTEN_BY} -- --servers, and say what becomes of it`,
    async (major) => {
      const session = await openServerSession(await server(major));
      const relations = await readRelations(session).finally(() => session.close());
      const there = relations.map(({ relation, is, columns }) => `${is} ${relation}: ${columns.toSorted().join(" ")}`);
      const known = Object.entries(inventory).flatMap(([relation, one]) => {
        const columns = columnsIn(one, major);
        return columns.length === 0 ? [] : [`${one.is} ${relation}: ${columns.toSorted().join(" ")}`];
      });
      expect(there).toEqual(known);
    },
  );

  test("is modelled, derived or left out for a reason", () => {
    const forgotten = tables.flatMap(([catalog, { columns }]) =>
      Object.keys(columns).flatMap((column) => (fateOf(catalog, column) === null ? [`${catalog}.${column}`] : [])),
    );
    expect(forgotten).toEqual([]);
    expect(fateOf("pg_class", "relinvented")).toBeNull();
    expect(fateOf("pg_invented", "oid2")).toBeNull();
  });

  test("that the written lists name is in some version", () => {
    const columns = tables.flatMap(([catalog, one]) =>
      Object.keys(one.columns).map((column) => `${catalog}.${column}`),
    );
    expect(unknownNames(new Set(columns))).toEqual([]);
  });

  test(`stands in ${TABLE}; if it is stale, run ${WRITTEN_BY}`, () => {
    expect(renderCoverage(relationsOf(inventory), WRITTEN_BY)).toBe(readFileSync(TABLE, "utf8"));
  });
});
