import { type Account, code, documenter, joined, type Reading, type Row, type Words } from "../../document/account.ts";
import type { Fact, FactId } from "../../facts.ts";
import { quotePath } from "../../quote.ts";
import type { ForeignTable } from "../foreignTables.ts";
import { factId } from "../kind.ts";
import type { Table } from "../tables.ts";
import { commentOn, grantRows, ownerNote } from "./access.ts";
import { PARTITIONS, TABLES } from "./sections.ts";

export const tableDocumenter = documenter<Table>({
  tell: (fact, reading) => {
    const { attributes: a } = fact;
    const { length: policies } = reading.children(fact.id).filter(({ kind }) => kind === "policy");
    const whoPasses = a.forceRowSecurity ? "for its owner too" : "but for its owner";
    const notes: readonly Words[] = [
      ...(a.partitionKey === null ? [] : [["Partitioned by ", code(a.partitionKey), "."]]),
      ...(a.ofType === null ? [] : [["Of type ", code(reading.short(a.ofType)), "."]]),
      ...(a.rowSecurity
        ? [
            [
              policies === 0
                ? `Row-level security is on without a policy: no row is seen, ${whoPasses}.`
                : `Row-level security: only what a policy below allows, ${whoPasses}.`,
            ],
          ]
        : policies > 0
          ? [["Row-level security is off: the policies below decide nothing."]]
          : []),
      ...(a.isUnlogged ? [["Unlogged: empty after a crash."]] : []),
    ];
    return relation(fact, notes, reading);
  },
  draw: drawBox,
});

export const foreignTableDocumenter = documenter<ForeignTable>({
  tell: (fact, reading) =>
    relation(fact, [["Rows of the foreign server ", code(fact.attributes.server), "."]], reading),
  draw: drawBox,
});

type Relation = Pick<Table, "schema" | "name" | "inherits" | "partitionOf" | "partitionBound">;

/** Partitions are told, and drawn, with what they are partitions of. */
function relation({ id, attributes: a }: Fact<Relation>, own: readonly Words[], reading: Reading): Account | null {
  if (a.partitionOf !== null) return null;
  const { short } = reading;
  const parents = a.inherits.map((path): Words => [code(short(path), factId("table", path))]);
  const notes = [
    ...own,
    ...(parents.length === 0 ? [] : [["Inherits from ", ...joined(parents), "."]]),
    ...ownerNote(id, reading),
  ];
  const name = short(quotePath(a.schema, a.name));
  return {
    section: TABLES,
    cells: [[code(name)]],
    page: { notes, rows: [...partitionRows(id, reading), ...grantRows(id, reading)] },
  };
}

function partitionRows(of: FactId, reading: Reading): readonly Row[] {
  const { facts, short } = reading;
  const parts = [...facts.values()].filter(
    ({ attributes }) => typeof attributes.partitionOf === "string" && factId("table", attributes.partitionOf) === of,
  ) as readonly Fact<object>[] as readonly Fact<Relation>[];
  return parts.flatMap(({ id, attributes: a }) => {
    const path = quotePath(a.schema, a.name);
    const key = facts.get(id)?.attributes.partitionKey;
    const further: Words = typeof key === "string" ? ["; partitioned by ", code(key)] : [];
    const cells: readonly Words[] = [[code(short(path))], [code(a.partitionBound ?? ""), ...further]];
    return [{ section: PARTITIONS, cells, comment: commentOn(facts, id) }, ...partitionRows(id, reading)];
  });
}

function drawBox({ attributes: a }: Fact<Relation>) {
  return a.partitionOf === null ? ({ draws: "box", schema: a.schema, name: a.name } as const) : null;
}
