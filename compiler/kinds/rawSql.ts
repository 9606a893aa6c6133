import type { RawSql as RawSqlDeclaration } from "../declare/schemas.ts";
import { nameOf } from "../declare/sql.ts";
import type { FactId } from "../facts.ts";
import type { Declarer } from "./declaring.ts";
import { dedent } from "./dedent.ts";
import { defineKind, factId, statement } from "./kind.ts";

/**
 * SQL that a definition brings for what has no constructor. No catalog knows it by its name: what it makes is read by the
 * rooms of the kinds that it makes.
 */
type RawSql = { readonly name: string; readonly create: string; readonly drop: string };

const rawSqlId = (name: string) => factId("raw sql", name);

export const rawSql = defineKind<RawSql>({
  kind: "raw sql",
  script: "types",
  query: () => `
    select 0::int8 as classid, 0::int8 as objid, 0 as objsubid, '' as name, '' as create, '' as drop where false`,
  path: (a) => a.name,
  parent: () => null,
  create: ({ attributes: a }) => [statement(a.create)],
  drop: ({ attributes: a }) => [statement(a.drop)],
  alter: { name: "identity", create: "replace", drop: "no difference" },
});

export const declaredRawSql: Declarer<RawSqlDeclaration> = {
  identify: ({ name }) => ({ id: rawSqlId(name), text: name }),
  declare: ({ name, create, drop, dependsOn }, source, declaring) => {
    const needs = new Set<FactId>();
    for (const one of dependsOn) declaring.text(nameOf(one), needs, source);
    const attributes: RawSql = {
      name,
      create: dedent(declaring.text(create, needs, source)).replace(/;\s*$/, ""),
      drop: dedent(declaring.text(drop, new Set(), source)).replace(/;\s*$/, ""),
    };
    declaring.add(rawSql, attributes, { place: { position: source.position }, needs });
  },
};
