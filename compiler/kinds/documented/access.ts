import { code, documenter, joined, type Reading, type Row, type Words } from "../../document/account.ts";
import type { Fact, FactId } from "../../facts.ts";
import { quoteName } from "../../quote.ts";
import type { Comment } from "../comments.ts";
import type { Extension } from "../extensions.ts";
import { ofKind } from "../kind.ts";
import type { Membership } from "../memberships.ts";
import { ownerId } from "../owners.ts";
import type { Privilege } from "../privileges.ts";
import type { Role } from "../roles.ts";
import type { DatabaseSetting, RoleSetting } from "../settings.ts";
import { EXTENSIONS, GRANTS, ROLES, SCHEMAS, SETTINGS } from "./sections.ts";

/** Told with what it is attached to. */
export const elsewhere = documenter<object>({ tell: () => null });

export const commentOn = (facts: Reading["facts"], id: FactId, part: string | null = null): string | null => {
  const found = facts.get(`comment ${part === null ? id : `${id}: ${part}`}` as FactId) as Fact<Comment> | undefined;
  return found?.attributes.text ?? null;
};

/** `Owned by x.`, where somebody is said to own it. */
export function ownerNote(id: FactId, { facts }: Reading): readonly Words[] {
  const role = facts.get(ownerId(id))?.attributes.role;
  return typeof role === "string" ? [["Owned by ", code(role), "."]] : [];
}

/** `SELECT, INSERT (may pass on SELECT); not DELETE`. */
function grantWords({ granted, grantable, revoked }: Privilege): Words {
  const given: Words = granted.length === 0 ? [] : [granted.join(", ")];
  const passed = grantable.length === 0 ? [] : [`may pass on ${grantable.join(", ")}`];
  const taken = revoked.length === 0 ? [] : [`not ${revoked.join(", ")}`];
  return joined(
    [given, passed, taken].filter((one) => one.length > 0),
    "; ",
  );
}

const granteeWords = ({ grantee }: Privilege): Words => [
  grantee === null ? "its owner" : grantee === "public" ? "everybody" : code(grantee),
];

/** Who may do what with it, for what has no page. */
export const grantsOf = (id: FactId, { children }: Reading): Words =>
  joined(
    ofKind<Privilege>(children(id), "privilege").map(({ attributes: a }) => [
      ...granteeWords(a),
      ": ",
      ...grantWords(a),
    ]),
    "; ",
  );

/** Who may do what with a relation and its columns: those of which the same is said, in one row. */
export function grantRows(id: FactId, reading: Reading): readonly Row[] {
  const own = ofKind<Privilege>(reading.children(id), "privilege");
  const ofColumns = reading
    .children(id)
    .flatMap((column) =>
      ofKind<Privilege>(reading.children(column.id), "privilege").map(
        ({ attributes }): Privilege => ({ ...attributes, column: String(column.attributes.name) }),
      ),
    );
  const told = new Map<string, { readonly said: Privilege; readonly columns: string[] }>();
  for (const said of [...own.map(({ attributes }) => attributes), ...ofColumns]) {
    const key = JSON.stringify([said.grantee, grantWords(said), said.column === null]);
    const known = told.get(key) ?? { said, columns: [] };
    if (said.column !== null) known.columns.push(quoteName(said.column));
    told.set(key, known);
  }
  return [...told.values()].map(({ said, columns }) => ({
    section: GRANTS,
    cells: [
      granteeWords(said),
      [...grantWords(said), ...(columns.length === 0 ? [] : [" of ", code(columns.join(", "))])],
    ],
    comment: null,
  }));
}

export const schemaDocumenter = documenter<{ readonly name: string }>({
  tell: ({ id, attributes: a }, reading) => ({ section: SCHEMAS, cells: [[code(a.name)], grantsOf(id, reading)] }),
});

export const extensionDocumenter = documenter<Extension>({
  tell: ({ attributes: a }) => ({
    section: EXTENSIONS,
    cells: [[code(a.name), ...(a.version === null ? [] : [` ${a.version}`])], [code(a.schema)]],
  }),
});

export const roleDocumenter = documenter<Role>({
  tell: ({ attributes: a }, { facts }) => {
    const may = [
      a.login ? "log in" : "",
      a.superuser ? "everything (superuser)" : "",
      a.createDatabase ? "create databases" : "",
      a.createRole ? "create roles" : "",
      a.replication ? "replicate" : "",
      a.bypassRowSecurity ? "pass by row-level security" : "",
    ].filter((one) => one !== "");
    const of = ofKind<Membership>(facts.values(), "membership").filter(
      ({ attributes }) => attributes.member === a.name,
    );
    return {
      section: ROLES,
      cells: [[code(a.name)], [may.join(", ")], joined(of.map(({ attributes }) => [code(attributes.role)]))],
    };
  },
});

export const databaseSettingDocumenter = documenter<DatabaseSetting>({
  tell: ({ attributes: a }) => ({
    section: SETTINGS,
    cells: [[code(a.name)], [code(a.value)], a.role === null ? ["the database"] : [code(a.role), " in the database"]],
  }),
});

export const roleSettingDocumenter = documenter<RoleSetting>({
  tell: ({ attributes: a }) => ({ section: SETTINGS, cells: [[code(a.name)], [code(a.value)], [code(a.role)]] }),
});
