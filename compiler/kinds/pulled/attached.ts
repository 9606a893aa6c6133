import type { Fact, FactId } from "../../facts.ts";
import { type Code, list, type Property, plain, text, texts } from "../../pull/code.ts";
import { commentProperty, fitsDoc, type Pulling } from "../../pull/pulling.ts";
import type { Comment } from "../comments.ts";
import type { ExtensionDependency } from "../extensionDependencies.ts";
import { extensionId } from "../extensions.ts";
import { ofKind } from "../kind.ts";
import { followsDomain, type Owner } from "../owners.ts";
import type { Privilege } from "../privileges.ts";
import { schemaId } from "../schemas.ts";

interface Named {
  readonly name: string;
}

/** What hangs on a fact and is said with it. */
export interface AttachedCode {
  readonly doc?: string | undefined;
  /** `owner`, `grants`, and `comment` where no JSDoc comment can say it. */
  readonly entries: readonly Property[];
}

/** A fact's comment; marks it as said. */
export function commentOf(id: FactId, pulling: Pulling, part: string | null = null): string | undefined {
  const found = ofKind<Comment>(pulling.children(id), "comment").find(({ attributes }) => attributes.part === part);
  if (found === undefined) return undefined;
  pulling.say(found.id);
  return found.attributes.text;
}

/** A comment as JSDoc above a property or declaration, or as its option. */
export function docOrOption(comment: string | undefined): {
  readonly doc?: string;
  readonly entries: readonly Property[];
} {
  if (comment === undefined) return { entries: [] };
  return fitsDoc(comment) ? { doc: comment, entries: [] } : { entries: [commentProperty(comment)] };
}

/** For what has no JSDoc comment of its own. */
export const commentEntries = (id: FactId, pulling: Pulling): readonly Property[] => {
  const comment = commentOf(id, pulling);
  return comment === undefined ? [] : [commentProperty(comment)];
};

/** Extensions that it is dropped with. */
export function extensionEntries(id: FactId, pulling: Pulling): readonly Property[] {
  const found = ofKind<ExtensionDependency>(pulling.children(id), "extension dependency");
  for (const one of found) pulling.say(one.id);
  const extensions = found.map(
    ({ attributes: { extension } }) => pulling.constant(extensionId(extension)) ?? text(extension),
  );
  return extensions.length === 0 ? [] : [{ key: "droppedWith", value: list(extensions) }];
}

export function attachedTo(fact: Fact<object>, pulling: Pulling, columns: readonly Fact<Named>[] = []): AttachedCode {
  const { doc, entries } = docOrOption(commentOf(fact.id, pulling));
  const grants = grantsOn(fact, columns, pulling);
  return {
    doc,
    entries: [
      ...extensionEntries(fact.id, pulling),
      ...ownerEntries(fact, pulling),
      ...(grants.length > 0 ? [{ key: "grants", value: list(grants) }] : []),
      ...entries,
    ],
  };
}

export function ownerEntries(fact: Fact<object>, pulling: Pulling): readonly Property[] {
  const [owner] = ofKind<Owner>(pulling.children(fact.id), "owner");
  if (owner === undefined) return [];
  pulling.say(owner.id);
  const isDomains = owner.attributes.role === pulling.owner && followsDomain(fact.kind, fact.attributes);
  return isDomains ? [] : [{ key: "owner", value: text(owner.attributes.role) }];
}

const lower = (privileges: readonly string[]): readonly string[] => inOrder(privileges).map((one) => one.toLowerCase());

const ORDER = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN", "USAGE"];

const inOrder = (privileges: readonly string[]): readonly string[] =>
  privileges.toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b) || (a < b ? -1 : 1));

/** Grants; those on columns joined where they say the same. */
export function grantsOn(fact: Fact<object>, columns: readonly Fact<Named>[], pulling: Pulling): readonly Code[] {
  const found = new Map<
    string,
    { of: Privilege; privileges: readonly string[]; isGrantable: boolean; columns: string[] }
  >();
  const add = (a: Privilege, column: string | null): void => {
    const plainly = a.granted.filter((one) => !a.grantable.includes(one));
    for (const [given, isGrantable] of [[plainly, false] as const, [a.grantable, true] as const]) {
      if (given.length === 0) continue;
      const key = JSON.stringify([a.grantee, a.grantor, given, isGrantable, column === null]);
      const same = found.get(key);
      if (same !== undefined && column !== null) same.columns.push(column);
      else {
        found.set(key, {
          of: a,
          privileges: given,
          isGrantable,
          columns: column === null ? [] : [column],
        });
      }
    }
  };
  const grants = ofKind<Privilege>(
    [fact, ...columns].flatMap(({ id }) => pulling.children(id)),
    "privilege",
  );
  for (const { id, attributes: a, parent } of grants) {
    if (a.revoked.length > 0) continue;
    pulling.say(id);
    const column = columns.find((one) => one.id === parent);
    add(a, column === undefined ? a.column : column.attributes.name);
  }
  return [...found.values()].map(({ of, privileges, isGrantable, columns: only }) => ({
    code: "object",
    entries: [
      { key: "to", value: granteeCode(of.grantee) },
      { key: "privileges", value: texts(lower(privileges)) },
      ...(only.length > 0 ? [{ key: "columns", value: texts(only) }] : []),
      ...(isGrantable ? [{ key: "withGrantOption", value: plain(true) }] : []),
      ...(of.grantor === null ? [] : [{ key: "grantedBy", value: text(of.grantor) }]),
    ],
  }));
}

export const granteeCode = (grantee: string | null): Code => (grantee === null ? plain("itsOwner") : text(grantee));

export const lowerPrivileges = lower;

/** `schema: app`, for what does not live in the domain's. */
export function schemaEntries(schema: string, pulling: Pulling): readonly Property[] {
  if (schema === pulling.schema) return [];
  return [{ key: "schema", value: pulling.constant(schemaId(schema)) ?? text(schema) }];
}
