import type { OperatorClass as OperatorClassDeclaration, OperatorClassOptions } from "../declare/operators.ts";
import { quoteName, quotePath } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { givenAt } from "./given.ts";
import { defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";
import { MEMBERS, memberTexts, operatorFamilies } from "./operatorFamilies.ts";

/** @see PostgreSQL manual, "pg_opclass" */
export type OperatorClass = {
  readonly schema: string;
  readonly name: string;
  /** Index access method. */
  readonly method: string;
  readonly type: string;
  readonly isDefault: boolean;
  /** Printed name of its family. */
  readonly family: string;
  /** Printed type that the index stores, where it is another. */
  readonly storage: string | null;
  /** Operators and functions that belong to the class, as AS lists them. */
  readonly members: readonly string[];
};

const named = (a: Pick<OperatorClass, "schema" | "name" | "method">): string =>
  `${quotePath(a.schema, a.name)} USING ${quoteName(a.method)}`;

export const operatorClasses = defineKind<OperatorClass>({
  kind: "operator class",
  script: "functions",
  foundIn: "pg_opclass where oid >= 16384",
  query: () => `
    select 'pg_opclass'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.opcname as name, am.amname as method,
      format_type(c.opcintype, null) as type, c.opcdefault as "isDefault",
      (select format('%I.%I', fn.nspname, f.opfname)
        from pg_opfamily f join pg_namespace fn on fn.oid = f.opfnamespace where f.oid = c.opcfamily) as family,
      case when c.opckeytype <> 0 and c.opckeytype <> c.opcintype then format_type(c.opckeytype, null) end as storage,
      array(
        select m.text
        from pg_depend d join (${MEMBERS}) m on m.classid = d.classid and m.oid = d.objid
        where d.refclassid = 'pg_opclass'::regclass and d.refobjid = c.oid and d.deptype = 'i'
        order by m.sort, m.number, m.place) as members
    from pg_opclass c
    join pg_namespace n on n.oid = c.opcnamespace
    join pg_am am on am.oid = c.opcmethod
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_opclass", "c.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `OPERATOR CLASS ${named(a)}`,
  create: ({ attributes: a }) => {
    // A class without members is written with the storage that it has anyway, because AS wants something.
    const storage = a.storage ?? (a.members.length === 0 ? a.type : null);
    const items = [...(storage === null ? [] : [`STORAGE ${storage}`]), ...a.members];
    return [
      statement(
        `CREATE OPERATOR CLASS ${quotePath(a.schema, a.name)}${a.isDefault ? " DEFAULT" : ""} FOR TYPE ${a.type} USING ${quoteName(
          a.method,
        )} FAMILY ${a.family} AS\n${items.map((item) => `  ${item}`).join(",\n")}`,
      ),
    ];
  },
  drop: ({ attributes: a }) => [statement(`DROP OPERATOR CLASS ${named(a)}`)],
  alter: {
    schema: "identity",
    name: "identity",
    method: "identity",
    type: "replace",
    isDefault: "replace",
    family: "replace",
    storage: "replace",
    members: "replace",
  },
  rename: (from, to) => [
    ...(from.schema === to.schema
      ? []
      : [statement(`ALTER OPERATOR CLASS ${named(from)} SET SCHEMA ${quoteName(to.schema)}`)]),
    ...(from.name === to.name
      ? []
      : [statement(`ALTER OPERATOR CLASS ${named({ ...from, schema: to.schema })} RENAME TO ${quoteName(to.name)}`)]),
  ],
});

const OPTIONS = {
  for: true,
  using: true,
  default: true,
  family: true,
  storage: true,
  operators: true,
  functions: true,
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof OperatorClassOptions, true>;

const operatorClassId = (schema: string, name: string, method: string) =>
  factId("operator class", named({ schema, name, method }));

export const declaredOperatorClass: Declarer<OperatorClassDeclaration> = {
  identify: ({ name, options }, _, declaring) => {
    const schema = declaring.schemaName(options.schema);
    return { id: operatorClassId(schema, name, options.using), text: quotePath(schema, name) };
  },
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `operator class ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const { using: method, family, storage } = options;
    const given = givenAt(source, declaring);
    if (family === undefined) {
      // As PostgreSQL does it: a class that names no family brings one of its own name.
      const own = { schema, name, method, members: [] };
      const { position } = source;
      given.needs.add(declaring.add(operatorFamilies, own, { place: { position }, owner: options.owner }));
    }
    const attributes: OperatorClass = {
      schema,
      name,
      method,
      type: given.type(options.for),
      isDefault: options.default ?? false,
      family: family === undefined ? quotePath(schema, name) : given.name(family),
      storage: storage === undefined ? null : given.type(storage),
      members: memberTexts(options, given, source, declaring),
    };
    const hint = renamedFrom(options.renamedFrom, schema, (old, oldName) => operatorClassId(old, oldName, method));
    declaring.add(operatorClasses, attributes, { ...options, place: source, needs: given.needs, hint });
  },
};
