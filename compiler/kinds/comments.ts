import type { ThisDatabase } from "../declare/access.ts";
import type { Comment as CommentDeclaration } from "../declare/schemas.ts";
import { isReferable, REFERENCE, type Referable } from "../declare/sql.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteBody, quotePath, quoteText } from "../quote.ts";
import { type Attachment, attachmentPath, attachmentQuery, attachmentStatement } from "./attachment.ts";
import { columnId } from "./columns.ts";
import { databases } from "./databases.ts";
import { type Declarer, type Declaring, HAVE_COLUMNS } from "./declaring.ts";
import { defineKind, type Statement, type Surroundings, statement, userSchema } from "./kind.ts";

/** @see PostgreSQL manual, "pg_description", "pg_shdescription" */
export type Comment = Attachment & { readonly text: string };

// initdb wrote this one; a database without it is the exception, not the other way round.
const STANDARD = "standard public schema";

const commentOn = (a: Comment, around: Surroundings, text: string | null) =>
  attachmentStatement(a, around, (target) => `COMMENT ON ${target} IS ${text === null ? "NULL" : quoteText(text)}`);

/** What CREATE EXTENSION says, which only the server's files know. */
const extensionsOwnComment = (name: string): Statement =>
  statement(
    `DO ${quoteBody(`\nBEGIN\n  EXECUTE (\n    SELECT format('COMMENT ON EXTENSION %I IS %L', name, comment)\n    FROM pg_available_extensions WHERE name = ${quoteText(name)}\n  );\nEND\n`)}`,
  );

export const comments = defineKind<Comment>({
  kind: "comment",
  script: "comments",
  query: () => `
    with extension_comments as materialized (
      select x.oid, v.comment from pg_extension x join pg_available_extensions v on v.name = x.extname
      where x.oid >= 16384 and exists (
        select from pg_description d where d.classoid = 'pg_extension'::regclass and d.objoid = x.oid)
    )
    ${attachmentQuery(
      `select o.classoid, o.objoid, o.objsubid, o.description from pg_description o
       where o.objoid >= 16384 and not (o.classoid = 'pg_extension'::regclass
         and exists (select from extension_comments x where x.oid = o.objoid and x.comment = o.description))
       union all
       select o.classoid, o.objoid, o.objsubid, o.description from pg_description o join pg_namespace n on n.oid = o.objoid
       where o.objoid < 16384 and o.classoid = 'pg_namespace'::regclass and ${userSchema("n.nspname")}
         and o.description <> '${STANDARD}'
       union all
       select o.classoid, o.objoid, 0, o.description from pg_shdescription o
       where o.classoid = 'pg_authid'::regclass and o.objoid >= 16384 or o.classoid = 'pg_database'::regclass
         and o.objoid = (select oid from pg_database where datname = current_database())
         and o.description <> 'default administrative connection database'`,
      "d.description as text",
    )}`,
  attaches: true,
  path: attachmentPath,
  parent: (a) => a.target,
  create: ({ attributes: a }, around) => [commentOn(a, around, a.text)],
  drop: ({ attributes: a }, around) => {
    const target = around.facts.get(a.target);
    if (target?.kind === "extension") return [extensionsOwnComment(String(target.attributes.name))];
    return [commentOn(a, around, a.target === "schema public" ? STANDARD : null)];
  },
  alter: {
    target: "identity",
    part: "identity",
    text: ({ to: { attributes: a } }, around) => [commentOn(a, around, a.text)],
  },
});

/** What a definition means by naming a declaration, a column of one, or the database. */
export function attachmentAt(on: Referable | ThisDatabase, place: Place, declaring: Declaring): Attachment {
  if (!isReferable(on)) return { target: declaring.present(databases, { scope: "current" }), part: null };
  const { to, name, column } = on[REFERENCE];
  const { id, schema } = declaring.get(on[REFERENCE], place);
  if (column === undefined) return { target: id, part: null };
  if (HAVE_COLUMNS.has(to)) return { target: columnId(schema ?? "", name, column), part: null };
  return { target: id, part: `COLUMN ${quotePath(schema ?? "", name, column)}` };
}

export const declaredComment: Declarer<CommentDeclaration> = {
  declare: ({ on, text }, source, declaring) => {
    const { target, part } = attachmentAt(on, source, declaring);
    declaring.commentOn(target, part, text, source);
  },
};
