import type { Decoding } from "../client/relations.ts";
import type { CompiledDomain } from "../compile/compileDomain.ts";
import type { AnyColumn } from "../declare/columns.ts";
import type { Fact, FactId, FactIndex } from "../facts.ts";
import { type Column, columnId } from "../kinds/columns.ts";
import type { Comment } from "../kinds/comments.ts";
import type { Composite } from "../kinds/composites.ts";
import type { Constraint } from "../kinds/constraints.ts";
import type { Domain } from "../kinds/domains.ts";
import type { Enum } from "../kinds/enums.ts";
import type { Extension } from "../kinds/extensions.ts";
import type { Index } from "../kinds/indexes.ts";
import { factId, ofKind } from "../kinds/kind.ts";
import { foreignKeyShape, keyShape } from "../kinds/pulled/constraints.ts";
import { type Shape, shapeOf } from "../kinds/pulled/indexes.ts";
import { kindOf } from "../kinds/registry.ts";
import type { Table } from "../kinds/tables.ts";
import { quotePath } from "../quote.ts";
import { type DeclaredTypes, keysIn, readDeclaredTypes, unmark } from "./declaredTypes.ts";
import { inJson } from "./inJson.ts";
import { nameScope, pascal, propertyKey } from "./names.ts";
import {
  CUSTOM_TYPES,
  ENUMS,
  elementOf,
  isSpatial,
  isUserType,
  type TypeImport,
  type TypeText,
  type UserTypes,
  valueType,
} from "./valueTypes.ts";

/** What a domain's client is written from. */
export interface ClientModel {
  readonly domain: string;
  /** The schema whose tables lie in the domain's folder itself; those of others have a folder below. */
  readonly schema: string;
  /** Without partitions, whose rows are their table's. */
  readonly tables: readonly TableModel[];
  readonly enums: readonly EnumModel[];
  /** Without their columns' types, which only PostgreSQL knows. */
  readonly views: readonly ViewModel[];
  /** Domains, composite types, and what jsonb columns hold, in an order that reads from top to bottom. */
  readonly customTypes: readonly CustomTypeModel[];
  /** Printed schemas of extensions, by name. */
  readonly extensions: ReadonlyMap<string, string>;
  /** What values of the domain's own types are. */
  readonly types: UserTypes;
  /** By name as SQL. */
  readonly domains: ReadonlyMap<string, Domain>;
  readonly composites: ReadonlyMap<string, Composite>;
}

export interface EnumModel {
  readonly name: string;
  readonly comment: string | null;
  readonly labels: readonly string[];
}

export interface CustomTypeModel {
  readonly name: string;
  /** Statements, as they stand in the file. */
  readonly text: string;
  readonly imports: readonly TypeImport[];
}

export interface TableModel {
  readonly id: FactId;
  readonly schema: string;
  readonly name: string;
  /** As SQL. */
  readonly path: string;
  /** Of its row; other types of the table begin with it. */
  readonly typeName: string;
  /** Path of its file in the domain's folder, without extension. */
  readonly file: string;
  readonly comment: string | null;
  readonly columns: readonly ColumnModel[];
  readonly keys: readonly KeyModel[];
  readonly foreignKeys: readonly ForeignKeyModel[];
  readonly indexes: readonly IndexModel[];
  readonly constraints: readonly ConstraintModel[];
}

export interface ViewModel {
  readonly id: FactId;
  /** What gets its rows anew, where it keeps them. */
  readonly refresh: Readonly<Record<"plain" | "concurrent", string>> | null;
  readonly schema: string;
  readonly name: string;
  readonly path: string;
  readonly typeName: string;
  readonly file: string;
  readonly comment: string | null;
  readonly columnComments: Readonly<Record<string, string>>;
  readonly indexes: readonly IndexModel[];
}

export interface ColumnModel {
  readonly name: string;
  readonly comment: string | null;
  /** As the definitions have it: `numeric(10,2)`, `app.mood[]`. */
  readonly sqlType: string;
  readonly isUserType: boolean;
  /** What a domain is made of in the end; else the type itself. */
  readonly baseType: string;
  /** Of a value that is not null. */
  readonly value: TypeText;
  readonly isNullable: boolean;
  readonly insertion: "required" | "optional" | "never";
  /** It gets a value by itself: a default, its type's default, a number, an expression. */
  readonly hasDefault: boolean;
  readonly default: string | null;
  readonly isSecret: boolean;
  /** Inside JSON: as JSON writes it, or as the text that PostgreSQL writes, and how that is read. */
  readonly inJson: "as it is" | { readonly decode: Decoding };
}

export interface KeyModel {
  readonly name: string;
  readonly isPrimary: boolean;
  readonly columns: readonly string[];
  readonly isDeferrable: boolean;
  readonly comment: string | null;
}

export interface ForeignKeyModel {
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: FactId;
  readonly targetColumns: readonly string[];
}

export interface IndexModel extends Shape {
  readonly name: string;
  readonly isUnique: boolean;
  readonly comment: string | null;
}

export interface ConstraintModel {
  readonly name: string;
  readonly kind: "primary key" | "unique" | "foreign key" | "check" | "exclusion";
  /** In the definition's order; for a check those that it mentions. */
  readonly columns: readonly string[];
  readonly comment: string | null;
}

/** Everything that the generated files say, from facts and from TypeScript's knowledge of the definitions. */
export async function buildModel(domain: CompiledDomain): Promise<ClientModel> {
  const facts = [...domain.facts.values()];
  const tables = byName(ofKind<Table>(facts, "table").filter(({ attributes }) => attributes.partitionOf === null));
  const declared = await readDeclaredTypes(
    domain,
    tables.map(({ id }) => id),
  );
  const chooseName = nameScope();
  const typeNames = new Map(
    tables.map(({ id, attributes: a }) => [id, chooseName(pascal(a.name), pascal(`${a.schema}_${a.name}`))]),
  );
  const views = byName(
    facts.filter((fact) => kindOf(fact).selects !== undefined) as readonly Fact<object>[] as readonly Fact<ViewNamed>[],
  );
  for (const { id, attributes: a } of views) {
    typeNames.set(id, chooseName(pascal(a.name), pascal(`${a.schema}_${a.name}`)));
  }
  const names = customNames(declared, chooseName, new Set([...typeNames.values()]));
  const { enums, customTypes, types } = userTypes(facts, domain.facts, declared, names, chooseName);
  const schema = defaultSchema(domain);
  const around: Surroundings = {
    domain,
    declared,
    names,
    types,
    typeNames,
    schema,
    domains: new Map(ofKind<Domain>(facts, "domain").map(({ attributes: a }) => [quotePath(a.schema, a.name), a])),
    composites: new Map(
      ofKind<Composite>(facts, "composite type").map(({ attributes: a }) => [quotePath(a.schema, a.name), a]),
    ),
    columns: byTable<Column>(facts, "column"),
    constraints: byTable<Constraint>(facts, "constraint"),
    indexes: byTable<Index>(facts, "index"),
  };
  return {
    domain: domain.name,
    schema,
    tables: tables.map((table) => tableModel(table, around)),
    views: views.map((view) => viewModel(view, around)),
    enums,
    customTypes,
    extensions: new Map(ofKind<Extension>(facts, "extension").map(({ attributes: a }) => [a.name, a.schema])),
    types,
    domains: around.domains,
    composites: around.composites,
  };
}

type ViewNamed = { readonly schema: string; readonly name: string };

interface Surroundings {
  readonly domain: CompiledDomain;
  readonly declared: DeclaredTypes;
  readonly names: ReadonlyMap<string, string>;
  readonly types: UserTypes;
  readonly typeNames: ReadonlyMap<FactId, string>;
  readonly schema: string;
  readonly domains: ReadonlyMap<string, Domain>;
  readonly composites: ReadonlyMap<string, Composite>;
  /** By the fact that they live in. */
  readonly columns: ByTable<Column>;
  readonly constraints: ByTable<Constraint>;
  readonly indexes: ByTable<Index>;
}

type ByTable<A> = ReadonlyMap<FactId | null, readonly Fact<A>[]>;

function byTable<A extends object>(facts: readonly Fact[], kind: string): ByTable<A> {
  const found = new Map<FactId | null, Fact<A>[]>();
  for (const fact of ofKind<A>(facts, kind)) {
    const known = found.get(fact.parent);
    if (known === undefined) found.set(fact.parent, [fact]);
    else known.push(fact);
  }
  return found;
}

function defaultSchema({ domain: { options } }: CompiledDomain): string {
  const { schema = "public" } = options;
  return typeof schema === "string" ? schema : schema.name;
}

const commentOn = (facts: FactIndex, id: FactId): string | null =>
  (facts.get(factId("comment", id)) as Fact<Comment> | undefined)?.attributes.text ?? null;

/** So that a definition can move to another file without a change here. */
const byName = <A extends { readonly schema: string; readonly name: string }>(facts: readonly Fact<A>[]) =>
  facts.toSorted(({ attributes: a }, { attributes: b }) => {
    const [one, other] = [quotePath(a.name, a.schema), quotePath(b.name, b.schema)];
    return one < other ? -1 : Number(one > other);
  });

/** Names of the types that the definitions' TypeScript brings, by key. */
function customNames(
  { named }: DeclaredTypes,
  chooseName: ReturnType<typeof nameScope>,
  taken: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  return new Map(
    named
      .toSorted((one, other) => (one.key < other.key ? -1 : 1))
      .map(({ key, name, module }) => {
        if (module === "verso" && name === "Json") return [key, "Json"];
        return [key, chooseName(taken.has(name) ? `${name}Value` : name)];
      }),
  );
}

const JSON_TEXT = `/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };`;

function userTypes(
  facts: readonly Fact[],
  index: FactIndex,
  declared: DeclaredTypes,
  names: ReadonlyMap<string, string>,
  chooseName: ReturnType<typeof nameScope>,
): { readonly enums: EnumModel[]; readonly customTypes: CustomTypeModel[]; readonly types: UserTypes } {
  const types = new Map<string, TypeText>();
  const enums = byName(ofKind<Enum>(facts, "enum")).map(({ id, attributes: a }): EnumModel => {
    const name = chooseName(pascal(a.name), pascal(`${a.schema}_${a.name}`));
    types.set(quotePath(a.schema, a.name), { text: name, imports: [{ name, file: ENUMS }] });
    return { name, comment: commentOn(index, id), labels: a.labels };
  });
  const domains = byName(ofKind<Domain>(facts, "domain"));
  const composites = byName(ofKind<Composite>(facts, "composite type"));
  for (const { attributes: a } of [...domains, ...composites]) {
    const name = chooseName(pascal(a.name), pascal(`${a.schema}_${a.name}`));
    types.set(quotePath(a.schema, a.name), { text: name, imports: [{ name, file: CUSTOM_TYPES }] });
  }
  const nameAt = (path: string): string => types.get(path)?.text ?? path;
  const elsewhere = (imports: readonly TypeImport[]) => imports.filter(({ file }) => file !== CUSTOM_TYPES);
  const written = [
    ...domains.map(({ id, attributes: a }): CustomTypeModel => {
      const name = nameAt(quotePath(a.schema, a.name));
      const { text, imports } = valueType(a.type, types);
      const type = `export type ${name} = ${branded(text, a.name)};`;
      return { name, text: `${docText(commentOn(index, id), "")}${type}`, imports: elsewhere(imports) };
    }),
    ...composites.map(({ id, attributes: a }): CustomTypeModel => {
      const name = nameAt(quotePath(a.schema, a.name));
      const values = a.attributes.map((attribute) => ({ ...attribute, value: valueType(attribute.type, types) }));
      const lines = values.map(({ name: key, value }) => `  ${propertyKey(key)}: ${value.text} | null;`);
      const text = `${docText(commentOn(index, id), "")}export interface ${name} {\n${lines.join("\n")}\n}`;
      return { name, text, imports: elsewhere(values.flatMap(({ value }) => value.imports)) };
    }),
    ...declared.named
      .toSorted((one, other) => (one.key < other.key ? -1 : 1))
      .flatMap(({ key, name, declaration, module }): CustomTypeModel[] => {
        const known = names.get(key) ?? name;
        if (module === "verso") return [];
        const renamed = known === name ? name : `${name} as ${known}`;
        const text =
          declaration === null
            ? `export type { ${renamed} } from ${JSON.stringify(module)};`
            : unmark(declaration, (one) => names.get(one) ?? one);
        return [{ name: known, text, imports: [] }];
      }),
  ];
  const json: CustomTypeModel = { name: "Json", text: JSON_TEXT, imports: [] };
  return { enums, customTypes: [json, ...written], types };
}

function tableModel({ id, attributes: a }: Fact<Table>, around: Surroundings): TableModel {
  const { domain, typeNames } = around;
  const constraints = around.constraints.get(id) ?? [];
  const comment = (of: FactId) => commentOn(domain.facts, of);
  const keys = constraints.flatMap(({ id: own, attributes: one }): KeyModel[] => {
    const isKey = one.type === "primary key" || one.type === "unique";
    // Of two rows that a key over periods of time tells apart, neither is found by equal values.
    const shape = isKey && !one.definition.includes("WITHOUT OVERLAPS") ? keyShape(one) : null;
    if (shape === null) return [];
    const { name, type, deferrable } = one;
    return [
      {
        name,
        isPrimary: type === "primary key",
        columns: shape.columns,
        isDeferrable: deferrable,
        comment: comment(own),
      },
    ];
  });
  // A key around another one is there to be referred to: whoever has its values has the other's.
  const isAround = ({ columns: all }: KeyModel): boolean =>
    keys.some(({ columns }) => columns.length < all.length && columns.every((column) => all.includes(column)));
  const foreignKeys = constraints.flatMap(({ attributes: one }): ForeignKeyModel[] => {
    const shape = one.type === "foreign key" ? foreignKeyShape(one) : null;
    if (shape === null) return [];
    const target = factId("table", quotePath(shape.target.schema, shape.target.table));
    return [{ name: one.name, columns: shape.columns, target, targetColumns: shape.target.columns }];
  });
  const columns = (around.columns.get(id) ?? []).toSorted(
    (one, other) => one.attributes.position - other.attributes.position,
  );
  return {
    id,
    schema: a.schema,
    name: a.name,
    path: quotePath(a.schema, a.name),
    typeName: typeNames.get(id) ?? pascal(a.name),
    file: relationFile(a, around.schema),
    comment: comment(id),
    columns: columns.map((column) => columnModel(column, id, keys, foreignKeys, around)),
    keys: keys.filter((key) => !isAround(key)),
    foreignKeys,
    indexes: indexModels(id, around),
    constraints: constraints
      .toSorted(({ attributes: one }, { attributes: other }) => (one.name < other.name ? -1 : 1))
      .map(({ id: own, attributes: one }): ConstraintModel => {
        const shape = foreignKeys.find(({ name }) => name === one.name) ?? keys.find(({ name }) => name === one.name);
        const mentioned = namesIn(one.definition);
        const needed = columns.map(({ attributes }) => attributes.name).filter((name) => mentioned.has(name));
        return { name: one.name, kind: one.type, columns: shape?.columns ?? needed, comment: comment(own) };
      }),
  };
}

const indexModels = (id: FactId, { indexes, domain }: Surroundings): readonly IndexModel[] =>
  (indexes.get(id) ?? []).flatMap(({ id: own, attributes: a }) => {
    const shape = shapeOf(a.on);
    return shape === null
      ? []
      : [{ ...shape, name: a.name, isUnique: a.isUnique, comment: commentOn(domain.facts, own) }];
  });

function viewModel(fact: Fact<ViewNamed>, around: Surroundings): ViewModel {
  const { id, attributes: a } = fact;
  const { domain, typeNames, schema } = around;
  const comments = ofKind<Comment>(domain.facts.values(), "comment").filter(
    ({ attributes }) => attributes.target === id,
  );
  const path = quotePath(a.schema, a.name);
  const ofColumns = comments.flatMap(({ attributes: { part, text } }) =>
    part?.startsWith(`COLUMN ${path}.`) ? [[part.slice(`COLUMN ${path}.`.length), text] as const] : [],
  );
  return {
    id,
    ...a,
    refresh: kindOf(fact).selects?.(a).refresh ?? null,
    path,
    typeName: typeNames.get(id) ?? pascal(a.name),
    file: relationFile(a, schema),
    comment: commentOn(domain.facts, id),
    columnComments: Object.fromEntries(ofColumns),
    indexes: indexModels(id, around),
  };
}

/** What a text of SQL may name: its words and quoted names, without what is in constants. */
const namesIn = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/'(?:[^']|'')*'|"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_$]*)/gu)].flatMap(([, quoted, bare]) => [
      quoted?.replaceAll('""', '"') ?? bare?.toLowerCase() ?? "",
    ]),
  );

// Files and folders that the client has besides those of tables and schemas, below client/ too.
const TAKEN_FILES = new Set([
  "index",
  "client",
  "queries",
  "validators",
  "kysely",
  "constraints",
  "relations",
  "routines",
]);

/** What a file cannot be called, on some system, is left out of its name. */
export function fileName(name: string): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}_.-]+/gu, "_");
  return TAKEN_FILES.has(safe) ? `${safe}_` : safe;
}

const relationFile = (a: ViewNamed, schema: string): string =>
  a.schema === schema ? fileName(a.name) : `${fileName(a.schema)}/${fileName(a.name)}`;

function columnModel(
  { id, attributes: a }: Fact<Column>,
  table: FactId,
  keys: readonly KeyModel[],
  foreignKeys: readonly ForeignKeyModel[],
  around: Surroundings,
): ColumnModel {
  const { domain, types } = around;
  const defaultFact = domain.facts.get(factId("default", quotePath(a.schema, a.table, a.name)));
  const own = around.domains.get(a.type);
  const isNullable = !a.notNull && own?.notNull !== true;
  const hasDefault = defaultFact !== undefined || a.identity !== null || (own?.default ?? null) !== null;
  const isNever = a.generated !== null || a.identity?.always === true;
  const { columns = {} } = (domain.exported.get(table)?.declaration ?? {}) as {
    readonly columns?: Readonly<Record<string, AnyColumn>>;
  };
  return {
    name: a.name,
    comment: commentOn(domain.facts, id),
    sqlType: a.type,
    isUserType: isUserType(a.type, types),
    baseType: baseTypeOf(a.type, around.domains),
    value: columnValue(a, table, keys, foreignKeys, around),
    isNullable,
    insertion: isNever ? "never" : isNullable || hasDefault ? "optional" : "required",
    hasDefault: hasDefault || isNever,
    default: defaultFact === undefined ? null : String(defaultFact.attributes.expression),
    isSecret: columns[a.name]?.options.secret === true,
    inJson: inJson(a.type, around),
  };
}

function baseTypeOf(type: string, domains: ReadonlyMap<string, Domain>): string {
  const base = domains.get(type)?.type;
  return base === undefined ? type : baseTypeOf(base, domains);
}

/** A foreign key is a value of its target; a key of one column knows whose it is; the rest is as declared. */
function columnValue(
  a: Column,
  table: FactId,
  keys: readonly KeyModel[],
  foreignKeys: readonly ForeignKeyModel[],
  around: Surroundings,
): TypeText {
  const { domain, typeNames, schema } = around;
  const key = foreignKeys
    .toSorted((one, other) => one.columns.length - other.columns.length)
    .find(({ columns, target }) => columns.includes(a.name) && typeNames.has(target));
  const targetColumn = key?.targetColumns[key.columns.indexOf(a.name)];
  const isItself = key?.target === table && targetColumn === a.name;
  if (key !== undefined && targetColumn !== undefined && !isItself) {
    const target = domain.facts.get(key.target) as Fact<Table>;
    const name = typeNames.get(key.target) ?? "";
    const found = domain.facts.get(columnId(target.attributes.schema, target.attributes.name, targetColumn));
    const text = `${name}[${JSON.stringify(targetColumn)}]`;
    return {
      text: found?.attributes.notNull === false ? `NonNullable<${text}>` : text,
      imports: key.target === table ? [] : [{ name, file: relationFile(target.attributes, schema), isDefault: true }],
    };
  }
  const value = declaredValue(a, table, around);
  const isKey = keys.some(({ isPrimary, columns }) => isPrimary && columns.length === 1 && columns[0] === a.name);
  return isKey ? { ...value, text: branded(value.text, `${a.table}_${a.name}`) } : value;
}

/** As `Branded` in the declarations has it. */
const branded = (value: string, brand: string): string =>
  /^(?:string|number|bigint)$/.test(value) ? `${value} & { readonly __brand?: ${JSON.stringify(brand)} }` : value;

function declaredValue(a: Column, table: FactId, { declared, names, types }: Surroundings): TypeText {
  const written = declared.columns.get(table)?.[a.name];
  // Which are Verso's own, and named as such.
  const isOwn = isUserType(a.type, types) || isSpatial(elementOf(a.type));
  if (written === undefined || isOwn) return valueType(a.type, types);
  const imports = keysIn(written).map((key): TypeImport => ({ name: names.get(key) ?? key, file: CUSTOM_TYPES }));
  return { text: unmark(written, (key) => names.get(key) ?? key), imports };
}

/** A comment above what it speaks of. */
export function docText(comment: string | null, indent: string, more: readonly string[] = []): string {
  const lines = [
    ...(comment === null ? [] : comment.split("\n")),
    ...(comment !== null && more.length > 0 ? [""] : []),
    ...more,
  ].map((line) => line.replaceAll("*/", "*\\/"));
  if (lines.length === 0) return "";
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}
