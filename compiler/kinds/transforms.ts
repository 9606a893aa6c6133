import type { Transform as TransformDeclaration, TransformOptions } from "../declare/languages.ts";
import { quoteName } from "../quote.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
import { givenAt } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, type Statement, statement } from "./kind.ts";

/** @see PostgreSQL manual, "pg_transform" */
export type Transform = {
  /** Printed type. */
  readonly type: string;
  readonly language: string;
  /** Printed signatures. */
  readonly fromSql: string | null;
  readonly toSql: string | null;
};

const named = (a: Pick<Transform, "type" | "language">): string => `FOR ${a.type} LANGUAGE ${quoteName(a.language)}`;

export const transformId = (type: string, language: string) => factId("transform", named({ type, language }));

const create = (verb: string, a: Transform): Statement => {
  const functions = [
    a.fromSql === null ? "" : `FROM SQL WITH FUNCTION ${a.fromSql}`,
    a.toSql === null ? "" : `TO SQL WITH FUNCTION ${a.toSql}`,
  ].filter((one) => one !== "");
  return statement(`${verb} TRANSFORM ${named(a)} (${functions.join(", ")})`);
};

const replace: Alter<Transform> = ({ to }) => [create("CREATE OR REPLACE", to.attributes)];

export const transforms = defineKind<Transform>({
  kind: "transform",
  script: "functions",
  foundIn: "pg_transform",
  query: () => `
    select 'pg_transform'::regclass::oid::int8 as classid, t.oid::int8 as objid, 0 as objsubid,
      format_type(t.trftype, null) as type, l.lanname as language,
      case when t.trffromsql <> 0 then t.trffromsql::regprocedure::text end as "fromSql",
      case when t.trftosql <> 0 then t.trftosql::regprocedure::text end as "toSql"
    from pg_transform t join pg_language l on l.oid = t.trflang
    where t.oid >= 16384 and ${notOfExtension("pg_transform", "t.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `TRANSFORM ${named(a)}`,
  create: ({ attributes: a }) => [create("CREATE", a)],
  drop: ({ attributes: a }) => [statement(`DROP TRANSFORM ${named(a)}`)],
  alter: { type: "identity", language: "identity", fromSql: replace, toSql: replace },
});

const OPTIONS = { for: true, language: true, fromSql: true, toSql: true, comment: true } satisfies Record<
  keyof TransformOptions,
  true
>;

const languageName = ({ language }: TransformOptions): string =>
  typeof language === "string" ? language : language.name;

export const declaredTransform: Declarer<TransformDeclaration> = {
  identify: ({ options }, source, declaring) => {
    const type = givenAt(source, declaring).argumentType(options.for);
    const language = languageName(options);
    return { id: transformId(type, language), text: named({ type, language }) };
  },
  declare: ({ options }, source, declaring) => {
    checkOptions(options, OPTIONS, "a transform", source);
    const given = givenAt(source, declaring);
    given.name(options.language);
    const attributes: Transform = {
      type: given.argumentType(options.for),
      language: languageName(options),
      fromSql: options.fromSql === undefined ? null : given.signature(options.fromSql),
      toSql: options.toSql === undefined ? null : given.signature(options.toSql),
    };
    declaring.add(transforms, attributes, { place: source, needs: given.needs, comment: options.comment });
  },
};
