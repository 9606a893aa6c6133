import type {
  AnyColumn,
  ColumnOptions,
  Identity as IdentityOption,
  ReferenceOptions,
  Target,
} from "../declare/columns.ts";
import { REFERENCE, type Reference, type Sql } from "../declare/sql.ts";
import type { InheritedColumn, Table as TableDeclaration, TableLike } from "../declare/tables.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { Fact, FactId, FactIndex } from "../facts.ts";
import type { Place } from "../load/loadDomain.ts";
import { nearest } from "../nearest.ts";
import { quoteBody, quoteName, quotePath, quoteText } from "../quote.ts";
import type { TableScope } from "./constraints.ts";
import { checkOptions, type Declaring, renamedFrom, splitPath, storageParameters } from "./declaring.ts";
import { defaults, literal } from "./defaults.ts";
import { alterOptions as foreignOptionsBetween, optionTexts } from "./foreignOptions.ts";
import { nameText } from "./given.ts";
import { heldRows } from "./heldRows.ts";
import { identitySequences } from "./identitySequences.ts";
import {
  type Alter,
  type Change,
  clauseOf,
  defineKind,
  factId,
  notOfExtension,
  type Statement,
  type Surroundings,
  statement,
  userSchema,
} from "./kind.ts";
import { objectName, objectNameSql } from "./naming.ts";
import { type ColumnInUse, fillInUse } from "./notNullInUse.ts";
import { tablesAbove } from "./partitions.ts";
import type { Looks, Obstacle } from "./rowsToBe.ts";
import { type Sequence, sequences } from "./sequences.ts";
import { continueNumbers, ownSequence, serialType } from "./serial.ts";
import { newest, oddScale } from "./since.ts";
import { withoutTriggers } from "./triggers.ts";

/** Options of the sequence behind an identity column, as numbers printed in decimal (bigint range). */
export type Identity = {
  readonly always: boolean;
  readonly start: string;
  readonly increment: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cache: string;
  readonly cycle: boolean;
  /** Printed name of the sequence where PostgreSQL would not have chosen it. */
  readonly sequence: string | null;
};

/** @see PostgreSQL manual, "pg_attribute" */
export type Column = {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** What it is a column of. */
  readonly relation: "table" | "foreign table";
  /** As format_type prints it with an empty search_path. */
  readonly type: string;
  /** Printed collation where it is not the type's own. */
  readonly collation: string | null;
  readonly notNull: boolean;
  /** Name of the NOT NULL constraint where PostgreSQL would not have chosen it (18 and later). */
  readonly notNullName: string | null;
  /** NOT NULL as PostgreSQL 18 has it: rows not looked at yet; tables that inherit not bound; said of an inherited column too. */
  readonly notNullIsValidated: boolean;
  readonly notNullIsInheritable: boolean;
  readonly notNullIsOwn: boolean;
  readonly identity: Identity | null;
  readonly generated: { readonly expression: string; readonly isStored: boolean } | null;
  /** Where it is not the type's own: PLAIN, MAIN, EXTERNAL, EXTENDED. */
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statisticsTarget: number | null;
  /** Attribute options such as `n_distinct=100`; options of a foreign table's column apart. */
  readonly options: readonly string[];
  readonly foreignOptions: readonly string[];
  /** It came with a parent table, or a composite type, and is not declared here again. */
  readonly isInherited: boolean;
  /** Printed columns of parent tables that it came with, or that came to be one with it. */
  readonly inheritedFrom: readonly string[];
  readonly position: number;
};

export const columnId = (schema: string, table: string, name: string) =>
  factId("column", quotePath(schema, table, name));

const table = (a: Column): string => quotePath(a.schema, a.table);

/** A foreign table can be the partition of a table. */
const columnsAbove = (a: Column): readonly FactId[] => a.inheritedFrom.map((path) => factId("column", path));

const alterColumn = (a: Column, action: string, more: Omit<Statement, "sql"> = {}): Statement =>
  clauseOf({ table: table(a), column: a.name, text: `ALTER COLUMN ${quoteName(a.name)} ${action}`, sort: null }, more);

function typeText(a: Column): string {
  return a.collation === null ? a.type : `${a.type} COLLATE ${a.collation}`;
}

const SEQUENCE_LIMITS: Readonly<Record<string, string>> = {
  smallint: "32767",
  integer: "2147483647",
  bigint: "9223372036854775807",
};

type Bounds = Pick<Identity, "minimum" | "maximum">;

/** The bounds of an ascending or descending sequence of the column's type that names none. */
function ownBounds(a: Column, { increment }: Identity): Bounds {
  const limit = SEQUENCE_LIMITS[a.type] ?? "9223372036854775807";
  return increment.startsWith("-")
    ? { minimum: `-${BigInt(limit) + 1n}`, maximum: "-1" }
    : { minimum: "1", maximum: limit };
}

/** Only what differs from the defaults of a sequence of the column's type. */
function sequenceOptions(a: Column, identity: Identity): string {
  const { minimum, maximum } = ownBounds(a, identity);
  const start = identity.increment.startsWith("-") ? identity.maximum : identity.minimum;
  const options = [
    identity.sequence === null ? "" : `SEQUENCE NAME ${identity.sequence}`,
    identity.start === start ? "" : `START WITH ${identity.start}`,
    identity.increment === "1" ? "" : `INCREMENT BY ${identity.increment}`,
    identity.minimum === minimum ? "" : `MINVALUE ${identity.minimum}`,
    identity.maximum === maximum ? "" : `MAXVALUE ${identity.maximum}`,
    identity.cache === "1" ? "" : `CACHE ${identity.cache}`,
    identity.cycle ? "CYCLE" : "",
  ].filter((option) => option !== "");
  return options.length > 0 ? ` (${options.join(" ")})` : "";
}

function identityText(a: Column, identity: Identity): string {
  return `GENERATED ${identity.always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY${sequenceOptions(a, identity)}`;
}

const generatedText = ({ expression, isStored }: NonNullable<Column["generated"]>): string =>
  `GENERATED ALWAYS AS (${expression})${isStored ? " STORED" : " VIRTUAL"}`;

function definition(fact: Fact<Column>, around: Surroundings): string {
  const { attributes: a } = fact;
  const serial = serialType(fact.id, around);
  if (serial !== null) return `${quoteName(a.name)} ${serial}`;
  return [
    quoteName(a.name),
    a.compression === null ? a.type : `${a.type} COMPRESSION ${a.compression}`,
    a.collation === null ? "" : `COLLATE ${a.collation}`,
    a.foreignOptions.length > 0 ? `OPTIONS (${a.foreignOptions.join(", ")})` : "",
    ...around.folded(fact.id),
    a.generated === null ? "" : generatedText(a.generated),
    a.identity === null ? "" : identityText(a, a.identity),
    a.notNull && a.notNullIsValidated
      ? `${a.notNullName === null ? "" : `CONSTRAINT ${quoteName(a.notNullName)} `}NOT NULL${a.notNullIsInheritable ? "" : " NO INHERIT"}`
      : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

/** A number, a word of boolean, or a text without escapes, with its cast. */
const CONSTANT = /^(?:-?\d+(?:\.\d+)?|true|false|'(?:[^'\\]|'')*'(?:::[a-z ]+)?)$/;

const withoutCast = (clause: string): string => clause.replace(/::[a-z ]+$/, "");

/** A new column with the same value in every row: PostgreSQL keeps it once, and writes none of them. */
function addConstant(fact: Fact<Column>, value: string, around: Surroundings): readonly Statement[] {
  const { attributes: a } = fact;
  const given = `DEFAULT ${value}`;
  const defaults = around.folded(fact.id);
  const isKept = defaults.some((clause) => withoutCast(clause) === withoutCast(given));
  const text = definition(fact, isKept ? around : { ...around, folded: () => [given] });
  const after = defaults.length === 0 ? ["DROP DEFAULT"] : defaults.map((clause) => `SET ${clause}`);
  return [
    statement(`ALTER TABLE ${table(a)} ADD COLUMN ${text}`),
    ...(isKept ? [] : after.map((clause) => alterColumn(a, clause))),
  ];
}

/** A new NOT NULL column whose rows are filled by the definition's `backfill`, then held to it. */
function addFilled(fact: Fact<Column>, backfill: string, around: Surroundings): readonly Statement[] {
  const { attributes: a } = fact;
  if (CONSTANT.test(backfill) && a.identity === null && !around.refused(fact.id))
    return addConstant(fact, backfill, around);
  const collation = a.collation === null ? "" : ` COLLATE ${a.collation}`;
  const add = statement(`ALTER TABLE ${table(a)} ADD COLUMN ${quoteName(a.name)} ${a.type}${collation}`);
  const defaults = around.folded(fact.id).map((clause) => alterColumn(a, `SET ${clause}`));
  if (canBeFilledInUse(fact, around))
    return [add, ...defaults, ...fillInUse(columnInUse(a), backfill, a.notNull ? setNotNull(a) : null, around)];
  return [
    add,
    ...withoutTriggers(
      factId(a.relation, table(a)),
      [statement(`UPDATE ${table(a)} SET ${quoteName(a.name)} = ${backfill}`)],
      around,
    ),
    ...defaults,
    ...(a.notNull ? [setNotNull(a)] : []),
  ];
}

const columnInUse = (a: Column): ColumnInUse => ({
  relation: factId(a.relation, table(a)),
  table: table(a),
  name: a.name,
});

/** Not beneath other tables, whose rows are not in its own stretches, nor before rows that are set aside by their values. */
function canBeFilledInUse({ id, attributes: a }: Fact<Column>, around: Surroundings): boolean {
  const rows = factId(a.relation, table(a));
  return (
    a.relation === "table" &&
    around.inUse(rows) &&
    !around.refused(id) &&
    around.facts.get(rows)?.attributes.partitionKey === null &&
    !around.dependents(rows).some(({ kind }) => kind === "table") &&
    !around.dependents(id).some((one) => around.hint(one.id).orphans !== undefined)
  );
}

/** A sequence can only be owned by a column that is there, and the column takes its numbers from the sequence. */
function addNumbered(fact: Fact<Column>, sequence: Fact<Sequence>, around: Surroundings): readonly Statement[] {
  const { schema, name, ownedBy } = sequence.attributes;
  const free = { ...sequence, attributes: { ...sequence.attributes, ownedBy: null } } satisfies Fact<Sequence>;
  return [
    ...sequences.create(free, around),
    statement(`ALTER TABLE ${table(fact.attributes)} ADD COLUMN ${definition(fact, around)}`),
    statement(`ALTER SEQUENCE ${quotePath(schema, name)} OWNED BY ${ownedBy}`),
  ];
}

/** Values that say nothing, by type without its modifier. */
const STAND_INS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["smallint", "integer", "bigint", "numeric", "real", "double precision"].map((t) => [t, "0"])),
  ...Object.fromEntries(["text", "character varying", "character", "bytea"].map((t) => [t, "''"])),
  ...Object.fromEntries(["date", "timestamp without time zone", "timestamp with time zone"].map((t) => [t, "'epoch'"])),
  boolean: "false",
  interval: "'0'",
  json: "'{}'",
  jsonb: "'{}'",
  uuid: "gen_random_uuid()",
};

/**
 * What rows get in a NOT NULL column that a rollback makes again, when PostgreSQL would not have it without: the values that
 * it held are gone. Undefined where there is no such need, or no such value.
 */
function standIn({ id, attributes: a }: Fact<Column>, around: Surroundings): string | undefined {
  const isBare =
    a.notNull &&
    a.identity === null &&
    a.generated === null &&
    !around.dependents(id).some(({ kind, parent }) => kind === "default" && parent === id);
  // A foreign table's rows are elsewhere, and not ours to fill.
  if (a.relation === "foreign table") return undefined;
  if (around.hint(id).wasThere !== true || !(isBare || around.refused(id, "23502"))) return undefined;
  if (a.type.endsWith("[]")) return "'{}'";
  const isEnum = around.facts.has(factId("enum", a.type));
  const type = a.type.replace(/\([^)]*\)/, "");
  if (isEnum) return `(enum_range(NULL::${a.type}))[1]`;
  return STAND_INS[type] === "''" && isUnique(id, around) ? `ctid::text::${type}` : STAND_INS[type];
}

const isUnique = (id: FactId, around: Surroundings): boolean =>
  around
    .dependents(id)
    .some(({ attributes: { type, isUnique: own } }) => own === true || type === "unique" || type === "primary key");

/** The same where no two rows may have the same number: they are counted. */
function addCounted(fact: Fact<Column>, around: Surroundings): readonly Statement[] {
  const { attributes: a } = fact;
  return [
    statement(`ALTER TABLE ${table(a)} ADD COLUMN ${quoteName(a.name)} ${a.type} GENERATED BY DEFAULT AS IDENTITY`),
    dropIdentity(a),
    ...around.folded(fact.id).map((clause) => alterColumn(a, `SET ${clause}`)),
  ];
}

const setNotNull = (a: Column): Statement => {
  if (a.notNullName === null && a.notNullIsValidated && a.notNullIsInheritable) return alterColumn(a, "SET NOT NULL");
  const name = a.notNullName === null ? "" : `CONSTRAINT ${quoteName(a.notNullName)} `;
  const how = `${a.notNullIsInheritable ? "" : " NO INHERIT"}${a.notNullIsValidated ? "" : " NOT VALID"}`;
  return statement(`ALTER TABLE ${table(a)} ADD ${name}NOT NULL ${quoteName(a.name)}${how}`);
};

/** The rows without a value where one is wanted from now on. */
function missing({ id, attributes: a }: Fact<Column>, looks: Looks): Obstacle | null {
  const was = looks.columnBefore(id);
  const rows = looks.at(table(a));
  if (!a.notNull || was === null || was.notNull || looks.isFilled(id) || a.generated !== null || rows === null)
    return null;
  const name = quoteName(a.name);
  return {
    id,
    what: `rows of ${table(a)} without a value in ${name}`,
    fate: "refused",
    query: looks.select(table(a), [name], [rows, null], `child.${name} IS NULL`),
  };
}

const alterType: Alter<Column> = ({ from, to }, around) => {
  const a = to.attributes;
  // An inherited column follows its parent's, declared here again or not.
  if (a.isInherited && from.attributes.isInherited) return [];
  if (a.inheritedFrom.some((above) => from.attributes.inheritedFrom.includes(above))) return [];
  const refused = around.refused(to.id);
  const cast = around.refused(to.id, "42846") ? castByText({ from, to }, around) : `${quoteName(a.name)}::${a.type}`;
  // No cast leads from one type to the other and the definition gives no expression: the values cannot be kept.
  if (cast === null && around.hint(to.id).using === undefined) return "replace";
  const using = around.hint(to.id).using ?? (refused && a.relation === "table" ? cast : null);
  const text = `ALTER COLUMN ${quoteName(a.name)} TYPE ${typeText(a)}${using === null ? "" : ` USING ${using}`}`;
  const rebuilds = refused ? "all" : "readers";
  // What a definition converts by may read other columns, which must be as it finds them.
  const change =
    around.hint(to.id).using === undefined
      ? clauseOf({ table: table(a), column: a.name, text, sort: "type" }, { rebuilds })
      : statement(`ALTER TABLE ${table(a)} ${text}`, { rebuilds });
  return besideRowsOf(to, around, change);
};

function besideRowsOf(column: Fact<Column>, around: Surroundings, change: Statement): readonly Statement[] {
  if (column.parent === null || !around.refused(column.id, "0A000")) return [change];
  const { aside, back } = heldRows(column.parent, around);
  return [...aside, change, ...back];
}

/** From one type of the database to another of the same kind, an enum to an enum, values go as they are written. */
function castByText({ from, to }: Change<Column>, around: Surroundings): string | null {
  const kindOfType = ({ dependsOn, attributes }: Fact<Column>): string | undefined => {
    const path = attributes.type.replace(/\[\]$/, "");
    return dependsOn.map((id) => id.slice(0, -path.length)).find((kind, i) => dependsOn[i] === `${kind}${path}`);
  };
  const [before, after] = [kindOfType(from), kindOfType(to)];
  if (before === undefined || before !== after || around.refused(to.id, "22P02")) return null;
  return `${quoteName(to.attributes.name)}::text::${to.attributes.type}`;
}

/** Whether a parent table's column of the same name is NOT NULL, so that a child's is by inheritance. */
function inheritsNotNull(a: Column, facts: FactIndex): boolean {
  if (!a.isInherited) return false;
  const parents = facts.get(factId(a.relation, table(a)))?.dependsOn ?? [];
  return parents.some((parent) => {
    const path = parent.slice(parent.indexOf(" ") + 1);
    const above = facts.get(factId("column", `${path}.${quoteName(a.name)}`))?.attributes;
    return above?.notNull === true && above.notNullIsInheritable === true;
  });
}

/** Whether it is NOT NULL here too, under a name of its own: once it is inherited, no statement but CREATE can say so. */
const isNamedAnew = (a: Column): boolean =>
  a.isInherited && a.notNull && a.notNullIsOwn && a.notNullName !== null && a.notNullIsValidated;

/** A partition that computes a column otherwise than its parent. */
function computesItself(a: Column, { facts }: Surroundings): boolean {
  const above = facts.get(factId(a.relation, table(a)))?.attributes.partitionOf;
  if (typeof above !== "string" || a.generated === null) return false;
  const column = facts.get(factId("column", `${above}.${quoteName(a.name)}`)) as Fact<Column> | undefined;
  return column !== undefined && column.attributes.generated?.expression !== a.generated.expression;
}

/** What a table that inherits a column says of it when it is made; null for nothing. */
function inheritedClause(a: Column, around: Surroundings): string | null {
  const clauses = [
    computesItself(a, around) && a.generated !== null ? `${quoteName(a.name)} ${generatedText(a.generated)}` : "",
    isNamedAnew(a) ? `CONSTRAINT ${quoteName(notNullName(a))} NOT NULL ${quoteName(a.name)}` : "",
  ].filter((clause) => clause !== "");
  return clauses.length === 0 ? null : clauses.join(", ");
}

/** Generated from what its table inherits, which is there once the table is. */
const readsInherited = ({ dependsOn, parent }: Fact<Column>, around: Surroundings): boolean =>
  dependsOn.some((id) => {
    const other = around.facts.get(id);
    return other?.parent === parent && other.attributes.isInherited === true;
  });

const dropIdentity = (a: Column): Statement => alterColumn(a, "DROP IDENTITY");

const alterNotNull: Alter<Column> = ({ from, to }, around) => {
  const a = to.attributes;
  if (inheritsNotNull(a, a.notNull ? around.facts : around.others)) return [];
  // An identity column cannot be nullable.
  if (!a.notNull)
    return [...(from.attributes.identity === null ? [] : [dropIdentity(a)]), alterColumn(a, "DROP NOT NULL")];
  const { backfill } = around.hint(to.id);
  if (a.notNullIsValidated && canBeFilledInUse(to, around))
    return fillInUse(columnInUse(a), backfill, setNotNull(a), around);
  return [
    ...(backfill === undefined
      ? []
      : withoutTriggers(
          factId(a.relation, table(a)),
          [statement(`UPDATE ${table(a)} SET ${quoteName(a.name)} = ${backfill} WHERE ${quoteName(a.name)} IS NULL`)],
          around,
        )),
    setNotNull(a),
  ];
};

/** From one NOT NULL constraint to another of the same column. */
const alterNotNullForm: Alter<Column> = (change, around) => {
  const [from, to] = [change.from.attributes, change.to.attributes];
  if (!from.notNull || !to.notNull) return alterNotNull(change, around);
  if (inheritsNotNull(to, around.facts) && inheritsNotNull(from, around.others)) {
    if (from.notNullIsOwn === to.notNullIsOwn) return [];
    return ownNotNull(change.to, around);
  }
  const name = quoteName(notNullName(to));
  return [
    ...(from.notNullIsInheritable === to.notNullIsInheritable
      ? []
      : [
          statement(`ALTER TABLE ${table(to)} ALTER CONSTRAINT ${name} ${to.notNullIsInheritable ? "" : "NO "}INHERIT`),
        ]),
    ...(from.notNullIsValidated === to.notNullIsValidated
      ? []
      : to.notNullIsValidated
        ? [statement(`ALTER TABLE ${table(to)} VALIDATE CONSTRAINT ${name}`)]
        : [alterColumn(to, "DROP NOT NULL"), setNotNull(to)]),
  ];
};

/** Said here as well as by the parents, or no longer: the parents' goes for a moment, because it gives the name. */
function ownNotNull({ attributes: a }: Fact<Column>, around: Surroundings): readonly Statement[] {
  const parents = (around.facts.get(factId(a.relation, table(a)))?.dependsOn ?? []).flatMap((parent) => {
    const path = parent.slice(parent.indexOf(" ") + 1);
    const above = around.facts.get(factId("column", `${path}.${quoteName(a.name)}`)) as Fact<Column> | undefined;
    return above?.attributes.notNull === true ? [above.attributes] : [];
  });
  return [
    ...parents.map((above) => alterColumn(above, "DROP NOT NULL")),
    a.notNullIsOwn ? setNotNull(a) : alterColumn(a, "DROP NOT NULL"),
    ...parents.map(setNotNull),
  ];
}

const notNullName = (a: Column): string => a.notNullName ?? objectName(a.table, a.name, "not_null");

/**
 * Renaming a table or a column leaves the constraint with the old name. Before PostgreSQL 18 it has none, and the same
 * script runs there.
 */
const renameNotNull: Alter<Column> = ({ from: { attributes: from }, to: { attributes: to } }, around) => {
  if (!from.notNull || !to.notNull || from.notNullIsOwn !== to.notNullIsOwn) return [];
  const rename = `ALTER TABLE ${table(to)} RENAME CONSTRAINT ${quoteName(notNullName(from))} TO ${quoteName(notNullName(to))}`;
  if (around.version >= 180000) return [statement(rename)];
  const guarded = `\nBEGIN\n  IF current_setting('server_version_num')::int >= 180000 THEN\n    ${rename};\n  END IF;\nEND\n`;
  return [statement(`DO ${quoteBody(guarded)}`)];
};

/** The sequence behind an identity column, printed. */
export const identitySequence = (
  { schema, table, name }: Pick<Column, "schema" | "table" | "name">,
  { sequence }: Pick<Identity, "sequence">,
): string => sequence ?? quotePath(schema, objectName(table, name, "seq"));

/** The new sequence goes on after the numbers that rows have. */
const countOn = (a: Column, identity: Identity): readonly Statement[] =>
  a.relation === "foreign table"
    ? []
    : [continueNumbers(`pg_get_serial_sequence(${quoteText(table(a))}, ${quoteText(a.name)})`, a, identity)];

const alterIdentity: Alter<Column> = ({ from, to }, around) => {
  const a = to.attributes;
  const [before, after] = [from.attributes.identity, a.identity];
  if (after === null) return [dropIdentity(a)];
  // SET DEFAULT and identity exclude one another; the default's own drop comes first because the default is gone there.
  if (before === null) return [alterColumn(a, `ADD ${identityText(a, after)}`), ...countOn(a, after)];
  // The sequence follows its column's type, and bounds that were the old type's own follow with it.
  const keeps = (bound: keyof Bounds) =>
    from.attributes.type === a.type
      ? before[bound] === after[bound]
      : before[bound] === ownBounds(from.attributes, before)[bound] && after[bound] === ownBounds(a, after)[bound];
  const sets = [
    before.always === after.always ? "" : `SET GENERATED ${after.always ? "ALWAYS" : "BY DEFAULT"}`,
    before.increment === after.increment ? "" : `SET INCREMENT BY ${after.increment}`,
    keeps("minimum") ? "" : `SET MINVALUE ${after.minimum}`,
    keeps("maximum") ? "" : `SET MAXVALUE ${after.maximum}`,
    before.start === after.start ? "" : `SET START WITH ${after.start}`,
    before.cache === after.cache ? "" : `SET CACHE ${after.cache}`,
    before.cycle === after.cycle ? "" : `SET ${after.cycle ? "" : "NO "}CYCLE`,
    // The number that it has reached lies outside of the new bounds.
    around.refused(to.id, "22023") ? "RESTART" : "",
  ].filter((set) => set !== "");
  const [oldName, newName] = [identitySequence(from.attributes, before), identitySequence(a, after)];
  return [
    ...(oldName === newName
      ? []
      : [statement(`ALTER SEQUENCE ${oldName} RENAME TO ${quoteName(splitPath(newName).at(-1) ?? "")}`)]),
    ...(sets.length > 0 ? [alterColumn(a, sets.join(" "))] : []),
  ];
};

/** A partition may compute a column otherwise than its parent, whose change goes down to it. */
const alterPartitionsOwn: Alter<Column> = ({ to: { attributes: a } }, around) => {
  const above = tablesAbove(factId(a.relation, table(a)), around.facts)[0];
  const path = `${above?.slice("table ".length)}.${quoteName(a.name)}`;
  const parents = around.facts.get(factId("column", path))?.attributes as Column | undefined;
  if (above === undefined || a.generated === null || parents?.generated?.expression === a.generated.expression)
    return [];
  return [alterColumn(a, `SET EXPRESSION AS (${a.generated.expression})`)];
};

const alterGenerated: Alter<Column> = ({ from, to }, around) => {
  const [before, after] = [from.attributes.generated, to.attributes.generated];
  if (to.attributes.isInherited) return alterPartitionsOwn({ from, to }, around);
  if (after === null) return before?.isStored === true ? [alterColumn(to.attributes, "DROP EXPRESSION")] : "replace";
  const canSet = around.version >= 170000 && before !== null && before.isStored === after.isStored;
  return canSet ? [alterColumn(to.attributes, `SET EXPRESSION AS (${after.expression})`)] : "replace";
};

// Before PostgreSQL 16 the type's own storage must be named; these are the built-in types that are not EXTENDED.
const MAIN_TYPES = /^(?:numeric|inet|cidr)\b(?!.*\[\])/;

const setStorage = (a: Column, version: number) => {
  const own = version >= 160000 ? "DEFAULT" : MAIN_TYPES.test(a.type) ? "MAIN" : "EXTENDED";
  return alterColumn(a, `SET STORAGE ${a.storage ?? own}`);
};
const setStatistics = (a: Column) => alterColumn(a, `SET STATISTICS ${a.statisticsTarget ?? -1}`);

const alterOptions: Alter<Column> = ({ from, to }) => {
  const name = (option: string) => option.slice(0, option.indexOf("="));
  const kept = new Set(to.attributes.options.map(name));
  const gone = from.attributes.options.map(name).filter((option) => !kept.has(option));
  return [
    ...(gone.length > 0 ? [alterColumn(to.attributes, `RESET (${gone.join(", ")})`)] : []),
    ...(to.attributes.options.length > 0
      ? [alterColumn(to.attributes, `SET (${to.attributes.options.join(", ")})`)]
      : []),
  ];
};

const alterForeignOptions: Alter<Column> = ({ from, to }) => [
  alterColumn(to.attributes, foreignOptionsBetween(from.attributes.foreignOptions, to.attributes.foreignOptions)),
];

const STORAGE = `case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' when 'x' then 'EXTENDED' end`;

export const columns = defineKind<Column>({
  kind: "column",
  script: "tables",
  query: (version) => `
    select 'pg_class'::regclass::oid::int8 as classid, c.oid::int8 as objid, a.attnum::int as objsubid,
      n.nspname as schema, c.relname as table, a.attname as name,
      case c.relkind when 'f' then 'foreign table' else 'table' end as relation,
      format_type(a.atttypid, a.atttypmod) as type,
      case when a.attcollation <> 0 and a.attcollation <> t.typcollation then (
        select case when cn.nspname = 'pg_catalog' then quote_ident(co.collname)
          else format('%I.%I', cn.nspname, co.collname) end
        from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation
      ) end as collation,
      a.attnotnull as "notNull",
      ${
        version >= 180000
          ? `case when a.attnotnull then (select k.conname from pg_constraint k
             where k.conrelid = c.oid and k.contype = 'n' and k.conkey = array[a.attnum] and k.conislocal
               and k.conname <> ${objectNameSql("c.relname", "a.attname", "not_null")}) end`
          : "null::text"
      } as "notNullName",
      ${
        version >= 180000
          ? `coalesce(nn.convalidated, true) as "notNullIsValidated", not coalesce(nn.connoinherit, false) as "notNullIsInheritable",
             coalesce(nn.conislocal and not (a.attislocal or c.relispartition), false) as "notNullIsOwn",`
          : `true as "notNullIsValidated", true as "notNullIsInheritable", false as "notNullIsOwn",`
      }
      case when a.attidentity <> '' then (
        select jsonb_build_object('always', a.attidentity = 'a', 'start', s.seqstart::text,
          'increment', s.seqincrement::text, 'minimum', s.seqmin::text, 'maximum', s.seqmax::text,
          'cache', s.seqcache::text, 'cycle', s.seqcycle,
          'sequence', case when q.relnamespace = c.relnamespace and q.relname = coalesce(
              ${objectNameSql("c.relname", "a.attname", "seq")}, q.relname) then null else format('%I.%I', qn.nspname, q.relname) end)
        from pg_depend d join pg_sequence s on s.seqrelid = d.objid
        join pg_class q on q.oid = d.objid join pg_namespace qn on qn.oid = q.relnamespace
        where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
          and d.refobjid = c.oid and d.refobjsubid = a.attnum and d.deptype = 'i') end as identity,
      case when a.attgenerated <> '' then jsonb_build_object(
        'expression', pg_get_expr(d.adbin, d.adrelid), 'isStored', a.attgenerated = 's') end as generated,
      case when a.attstorage <> t.typstorage then ${STORAGE} end as storage,
      case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression,
      nullif(a.attstattarget, -1)::int as "statisticsTarget",
      case when a.attoptions is null then '{}' else array(select o from unnest(a.attoptions) o order by 1) end as options,
      case when a.attfdwoptions is null then '{}' else array(
        select format('%I %L', o.option_name, o.option_value) from pg_options_to_table(a.attfdwoptions) o
        order by 1) end as "foreignOptions",
      a.attinhcount > 0 and not a.attislocal or c.reloftype <> 0 as "isInherited",
      case when a.attinhcount = 0 then '{}' else array(
        select format('%I.%I.%I', pn.nspname, p.relname, a.attname)
        from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
        where i.inhrelid = c.oid and exists (
          select from pg_attribute above where above.attrelid = p.oid and above.attname = a.attname and not above.attisdropped)
        order by 1) end as "inheritedFrom",
      a.attnum::int as position,
      case when a.attgenerated <> '' then jsonb_build_array(
        jsonb_build_array('pg_attrdef'::regclass::oid::int8, d.oid::int8, 0)) end as aliases
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    ${
      version >= 180000
        ? "left join pg_constraint nn on nn.conrelid = c.oid and nn.contype = 'n' and nn.conkey = array[a.attnum]"
        : ""
    }
    where c.relkind in ('r', 'p', 'f') and c.relpersistence <> 't' and a.attnum > 0 and not a.attisdropped
      and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => quotePath(a.schema, a.table, a.name),
  parent: (a) => factId(a.relation, table(a)),
  needs: columnsAbove,
  goesAlong: columnsAbove,
  designate: (a) => `COLUMN ${quotePath(a.schema, a.table, a.name)}`,
  clause: (fact, around) => {
    const { attributes: a } = fact;
    if (a.isInherited) return inheritedClause(a, around);
    return readsInherited(fact, around) ? null : definition(fact, around);
  },
  create: (fact, around) => {
    if (fact.attributes.isInherited) return [];
    const sequence = serialType(fact.id, around) === null ? ownSequence(fact.id, around) : null;
    if (sequence !== null) return addNumbered(fact, sequence, around);
    const given = around.hint(fact.id).backfill;
    const backfill = given ?? standIn(fact, around);
    if (given === undefined && backfill === "0" && fact.attributes.type in SEQUENCE_LIMITS && isUnique(fact.id, around))
      return addCounted(fact, around);
    return backfill === undefined || around.isNew(factId(fact.attributes.relation, table(fact.attributes)))
      ? besideRowsOf(
          fact,
          around,
          clauseOf({
            table: table(fact.attributes),
            column: fact.attributes.name,
            text: `ADD COLUMN ${definition(fact, around)}`,
            sort: "new column",
          }),
        )
      : addFilled(fact, backfill, around);
  },
  complete: ({ attributes: a }, around) => [
    ...(a.notNull &&
    !isNamedAnew(a) &&
    (a.isInherited ? a.notNullIsOwn || !inheritsNotNull(a, around.facts) : !a.notNullIsValidated)
      ? [setNotNull(a)]
      : []),
    ...(a.storage !== null ? [setStorage(a, around.version)] : []),
    ...(a.statisticsTarget !== null ? [setStatistics(a)] : []),
    ...(a.options.length > 0 ? [alterColumn(a, `SET (${a.options.join(", ")})`)] : []),
  ],
  drop: ({ attributes: a }) =>
    a.isInherited
      ? []
      : [
          statement(
            `ALTER TABLE ${table(a)} DROP COLUMN ${quoteName(a.name)}`,
            a.generated === null ? { destroys: `column ${quotePath(a.schema, a.table, a.name)} and its values` } : {},
          ),
        ],
  prints: ["generated"],
  alter: {
    schema: "identity",
    table: "identity",
    name: "identity",
    relation: "identity",
    type: alterType,
    collation: alterType,
    notNull: alterNotNull,
    notNullName: renameNotNull,
    notNullIsValidated: alterNotNullForm,
    notNullIsInheritable: alterNotNullForm,
    notNullIsOwn: alterNotNullForm,
    identity: alterIdentity,
    generated: alterGenerated,
    storage: ({ to }, around) => [setStorage(to.attributes, around.version)],
    compression: ({ to }) => [alterColumn(to.attributes, `SET COMPRESSION ${to.attributes.compression ?? "default"}`)],
    statisticsTarget: ({ to }) => [setStatistics(to.attributes)],
    options: alterOptions,
    foreignOptions: alterForeignOptions,
    isInherited: "no difference",
    inheritedFrom: "no difference",
    position: "no difference",
  },
  rename: (from, to) => [
    statement(`ALTER TABLE ${table(to)} RENAME COLUMN ${quoteName(from.name)} TO ${quoteName(to.name)}`),
  ],
  holdsData: true,
  obstacle: missing,
  pins: (a) => a.generated !== null,
  order: (a) => a.position,
  since: (a, facts) =>
    newest(
      a.generated?.isStored === false && { version: 180000, feature: "virtual generated columns" },
      a.notNullName !== null && { version: 180000, feature: "named NOT NULL constraints" },
      !a.notNullIsValidated && { version: 180000, feature: "NOT NULL constraints that are NOT VALID" },
      !a.notNullIsInheritable && { version: 180000, feature: "NOT NULL constraints with NO INHERIT" },
      a.identity !== null &&
        typeof facts.get(factId(a.relation, table(a)))?.attributes.partitionKey === "string" && {
          version: 170000,
          feature: "identity columns of partitioned tables",
        },
      oddScale(a.type),
    ),
  place: (a) => a.position,
  // A name that PostgreSQL gave before something was renamed, and a NOT NULL said twice, are nobody's wish.
  asRecordedBy: (a, version) =>
    version < 180000 && (a.notNullIsOwn || /_not_null\d*$/.test(a.notNullName ?? ""))
      ? { ...a, notNullIsOwn: false, notNullName: /_not_null\d*$/.test(a.notNullName ?? "") ? null : a.notNullName }
      : a,
});

const OPTIONS = {
  primaryKey: true,
  unique: true,
  nullable: true,
  default: true,
  identity: true,
  generated: true,
  virtual: true,
  check: true,
  collate: true,
  storage: true,
  compression: true,
  statistics: true,
  with: true,
  comment: true,
  notNullName: true,
  notNullNotValid: true,
  notNullNoInherit: true,
  renamedFrom: true,
  backfill: true,
  using: true,
  foreignOptions: true,
  secret: true,
} satisfies Record<keyof ColumnOptions<unknown>, true>;

const REFERENCE_OPTIONS = {
  ...OPTIONS,
  onDelete: true,
  onUpdate: true,
  match: true,
  period: true,
  deferrable: true,
  notValid: true,
  notEnforced: true,
  orphans: true,
  name: true,
  index: true,
  constraintComment: true,
  constraintRenamedFrom: true,
} satisfies Record<keyof ReferenceOptions, true>;

/** The sequence behind an identity column, where something is said of it. */
function declareIdentitySequence(
  { declaring, schema, name: table }: TableScope,
  { name: column, options: { identity } }: AnyColumn & { readonly name: string },
  { position }: Place,
): void {
  if (typeof identity !== "object" || (identity.grants ?? identity.sequenceComment) === undefined) return;
  const sequence = quotePath(schema, identity.sequence ?? objectName(table, column, "seq"));
  const { grants, sequenceComment: comment } = identity;
  declaring.add(identitySequences, { schema, table, column, sequence }, { place: { position }, grants, comment });
}

const INHERITED_OPTIONS = {
  default: true,
  generated: true,
  notNull: true,
  storage: true,
  statistics: true,
  with: true,
  comment: true,
} satisfies Record<keyof InheritedColumn, true>;

/**
 * The facts of one column of a declared table: itself and its default. Its constraints are the table's.
 * @param inherited what the table says of a column that it inherits; null for one of its own
 */
export function declareColumn(
  scope: TableScope,
  column: AnyColumn & { readonly name: string },
  position: number,
  inherited: InheritedColumn | null = null,
): void {
  const { declaring, declaration, source, schema, name: table, self, relation } = scope;
  const { name, options } = column;
  const isInherited = inherited !== null;
  const written = source.column(name, column);
  // What the parent says of its column is no comment on this one.
  const place = isInherited ? { position: written.position } : written;
  checkOptions(options, column.target === undefined ? OPTIONS : REFERENCE_OPTIONS, `column ${table}.${name}`, place);
  if (inherited !== null) checkOptions(inherited, INHERITED_OPTIONS, `inherited column ${table}.${name}`, place);
  const needs = new Set<FactId>();
  const text = (sql: Sql | string): string => declaring.text(sql, needs, place, self);
  const type = text(typeOf(column, declaration, declaring, place));
  const { collate } = options;
  const generated = inherited?.generated ?? options.generated;
  const own = inherited?.notNull;
  const isKey = options.primaryKey === true || keyColumns(declaration).includes(name);
  declaring.add(
    columns,
    {
      schema,
      table,
      name,
      relation,
      type,
      collation: collate === undefined ? null : nameText(collate, text),
      notNull: isKey || options.nullable !== true || own !== undefined,
      notNullName: isInherited ? (typeof own === "string" ? own : null) : (options.notNullName ?? null),
      notNullIsValidated: options.notNullNotValid !== true,
      notNullIsInheritable: options.notNullNoInherit !== true,
      notNullIsOwn: own !== undefined,
      identity: options.identity === undefined ? null : identityOf(schema, type, options.identity),
      generated: generated === undefined ? null : { expression: text(generated), isStored: options.virtual !== true },
      storage: (inherited?.storage ?? options.storage)?.toUpperCase() ?? null,
      compression: options.compression ?? null,
      statisticsTarget: (inherited ?? options).statistics ?? null,
      options: storageParameters((inherited ?? options).with),
      foreignOptions: optionTexts(options.foreignOptions),
      isInherited,
      inheritedFrom: [],
      position,
    } satisfies Column,
    {
      place,
      needs,
      comment: (inherited ?? options).comment,
      hint: {
        ...renamedFrom(options.renamedFrom, schema, (_, old) => columnId(schema, table, old)),
        ...(options.backfill === undefined ? {} : { backfill: text(literal(options.backfill, type, place)) }),
        ...(options.using === undefined ? {} : { using: text(options.using) }),
      },
    },
  );
  declareIdentitySequence(scope, column, place);
  const value = (inherited ?? options).default;
  if (value !== undefined) {
    const defaultNeeds = new Set<FactId>();
    const expression = declaring.text(literal(value, type, place), defaultNeeds, place, self);
    const attributes = { schema, table, column: name, relation, expression };
    declaring.add(defaults, attributes, { place: { position: place.position }, needs: defaultNeeds });
  }
}

/** Columns of the primary key that the table as a whole declares. */
export function keyColumns({ options: { primaryKey } }: TableLike): readonly string[] {
  if (primaryKey === undefined) return [];
  return "columns" in primaryKey ? primaryKey.columns : primaryKey;
}

/** A column's type as SQL; a foreign key has its target's. @throws Diagnostic when that leads nowhere */
function typeOf(
  column: AnyColumn & { readonly name: string },
  table: TableLike,
  declaring: Declaring,
  place: Place,
  seen: readonly AnyColumn[] = [],
): Sql {
  if (column.target === undefined) return column.type;
  if (seen.includes(column)) {
    throw new Diagnostic({
      code: "type-of-circle",
      what: `${table.name}.${column.name} takes its type from a column that takes its type from it`,
      at: place.position,
      next: "declare one of them as a plain column, and its foreign key under foreignKeys",
    });
  }
  const { declaration, column: name } = targetOf(column.target, table, declaring, place);
  const target = declaration.columns[name];
  if (target === undefined) throw columnNotFound(declaration, name, place);
  return typeOf(target, declaration, declaring, place, [...seen, column]);
}

/** The table and column that a foreign key points at; without the column where `onlyTable` is asked. */
export function targetOf(
  target: Target,
  table: TableLike,
  declaring: Declaring,
  place: Place,
  onlyTable = false,
): { readonly declaration: TableLike; readonly column: string } {
  const reference =
    typeof target === "string"
      ? referenceByName(target)
      : typeof target === "function"
        ? thunk(target, place)
        : target[REFERENCE];
  const found = declaring.get(reference, place, table[REFERENCE]).declaration;
  if (!isTable(found)) {
    throw new Diagnostic({
      code: "reference-not-a-table",
      what: `${reference.name} is a ${found.declares}, and a foreign key needs a table`,
      at: place.position,
      next: "reference a table, or one of its columns",
    });
  }
  return { declaration: found, column: reference.column ?? (onlyTable ? "" : soleKey(found, place)) };
}

function thunk(target: () => { readonly [REFERENCE]: Reference }, place: Place): Reference {
  const found: { readonly [REFERENCE]?: Reference } | undefined = target();
  if (found?.[REFERENCE] !== undefined) return found[REFERENCE];
  throw new Diagnostic({
    code: "reference-undefined",
    what: "the target of this foreign key is undefined",
    at: place.position,
    why: "two files that import one another, or a column that is not there",
    next: 'name the target by text: references("table.column", …)',
  });
}

/** `users.id` or `app.users.id`. */
export function referenceByName(target: string): Reference {
  const parts = splitPath(target);
  const [a = "", b, c] = parts;
  if (b === undefined) return { to: "table", name: a };
  return c === undefined ? { to: "table", name: a, column: b } : { to: "table", schema: a, name: b, column: c };
}

const isTable = (declaration: { readonly declares: string }): declaration is TableDeclaration =>
  declaration.declares === "table";

function soleKey(table: TableLike, place: Place): string {
  const own = Object.values(table.columns).filter((column) => column.options.primaryKey === true);
  const names = own.length > 0 ? own.map((column) => column.name) : keyColumns(table);
  const [name] = names;
  if (name !== undefined && names.length === 1) return name;
  throw new Diagnostic({
    code: "reference-without-key",
    what: `the table ${table.name} has ${names.length === 0 ? "no primary key" : `a primary key of ${names.length} columns`}, so a foreign-key column cannot take it as its target`,
    at: place.position,
    next:
      names.length === 0
        ? `give ${table.name} a primary key, or say the column: references(() => ${table.name}.columns.…, …)`
        : `declare plain columns, and under foreignKeys: { columns: [${names.map((one) => JSON.stringify(one)).join(", ")}], references: () => ${table.name}, onDelete: … }`,
  });
}

export function columnNotFound(table: TableLike, name: string, place: Place): Diagnostic {
  const meant = nearest(name, Object.keys(table.columns));
  return new Diagnostic({
    code: "column-not-found",
    what: `the table ${table.name} has no column ${name}`,
    at: place.position,
    next: meant === null ? `its columns: ${Object.keys(table.columns).join(", ")}` : `did you mean ${meant}?`,
  });
}

/** All options of the sequence, as PostgreSQL fills them in. */
function identityOf(schema: string, type: string, given: IdentityOption): Identity {
  const options = typeof given === "string" ? { generated: given } : given;
  const increment = String(options.increment ?? 1);
  const limit = SEQUENCE_LIMITS[type] ?? "9223372036854775807";
  const ascending = !increment.startsWith("-");
  const minimum = String(options.minimum ?? (ascending ? 1 : -(BigInt(limit) + 1n)));
  const maximum = String(options.maximum ?? (ascending ? limit : -1));
  return {
    always: options.generated === "always",
    start: String(options.start ?? (ascending ? minimum : maximum)),
    increment,
    minimum,
    maximum,
    cache: String(options.cache ?? 1),
    cycle: options.cycle ?? false,
    sequence: options.sequence === undefined ? null : quotePath(schema, options.sequence),
  };
}
