import type { SecurityLabel } from "../declare/access.ts";
import { quoteName, quoteText } from "../quote.ts";
import { type Attachment, attachmentPath, attachmentQuery, attachmentStatement } from "./attachment.ts";
import { attachmentAt } from "./comments.ts";
import type { Declarer } from "./declaring.ts";
import { defineKind, type Surroundings } from "./kind.ts";

/** A security label. @see PostgreSQL manual, "pg_seclabel", "pg_shseclabel" */
export type Label = Attachment & {
  readonly provider: string;
  readonly label: string;
};

const label = (a: Label, around: Surroundings, text: string | null) =>
  attachmentStatement(
    a,
    around,
    (target) =>
      `SECURITY LABEL FOR ${quoteName(a.provider)} ON ${target} IS ${text === null ? "NULL" : quoteText(text)}`,
  );

export const labels = defineKind<Label>({
  kind: "security label",
  script: "grants",
  foundIn: "(select from pg_seclabel union all select from pg_shseclabel) l",
  query: () =>
    attachmentQuery(
      `select classoid, objoid, objsubid, provider, label from pg_seclabel where objoid >= 16384
       union all
       select classoid, objoid, 0, provider, label from pg_shseclabel
       where classoid = 'pg_authid'::regclass and objoid >= 16384 or classoid = 'pg_database'::regclass
         and objoid = (select oid from pg_database where datname = current_database())`,
      "d.provider, d.label",
    ),
  attaches: true,
  path: (a) => `${attachmentPath(a)} for ${quoteName(a.provider)}`,
  parent: (a) => a.target,
  create: ({ attributes: a }, around) => [label(a, around, a.label)],
  drop: ({ attributes: a }, around) => [label(a, around, null)],
  alter: {
    target: "identity",
    part: "identity",
    provider: "identity",
    label: ({ to: { attributes: a } }, around) => [label(a, around, a.label)],
  },
});

export const declaredLabel: Declarer<SecurityLabel> = {
  declare: ({ on, provider, label }, source, declaring) => {
    const attributes = { ...attachmentAt(on, source, declaring), provider, label } satisfies Label;
    declaring.add(labels, attributes, { place: { position: source.position } });
  },
};
