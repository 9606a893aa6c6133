import type { Fact } from "../../facts.ts";
import {
  type Code,
  call,
  entriesOf,
  list,
  object,
  plain,
  scalar,
  text,
  texts,
  unlessEmpty,
  when,
} from "../../pull/code.ts";
import { type Pulled, type Pulling, puller } from "../../pull/pulling.ts";
import type { Attachment } from "../attachment.ts";
import type { Comment } from "../comments.ts";
import type { Database } from "../databases.ts";
import type { DefaultPrivilege } from "../defaultPrivileges.ts";
import type { EventTrigger } from "../eventTriggers.ts";
import type { Extension } from "../extensions.ts";
import { ofKind } from "../kind.ts";
import type { Label } from "../labels.ts";
import type { MemberPrivilege } from "../memberPrivileges.ts";
import type { Membership } from "../memberships.ts";
import type { Privilege } from "../privileges.ts";
import type { Role } from "../roles.ts";
import type { Schema } from "../schemas.ts";
import type { DatabaseSetting, RoleSetting } from "../settings.ts";
import { attachedTo, commentEntries, granteeCode, lowerPrivileges } from "./attached.ts";
import { nameAsSql, options } from "./names.ts";
import { enabledCode } from "./triggers.ts";

export const schemaPuller = puller<Schema>({
  file: () => "schemas",
  identifier: (a) => a.name,
  isThere: ({ id, attributes: a }, pulling) =>
    a.name === "public" &&
    !pulling.children(id).some(({ kind }) => kind === "comment" || kind === "owner" || kind === "privilege"),
  pull: (fact, pulling) => {
    const attached = attachedTo(fact, pulling);
    return { value: call("schema", text(fact.attributes.name), ...options(attached.entries)), doc: attached.doc };
  },
});

export const extensionPuller = puller<Extension>({
  file: () => "extensions",
  identifier: (a) => a.name,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const entries = [
      ...(a.schema === pulling.schema ? [] : [{ key: "schema", value: text(a.schema) }]),
      ...(a.version === null ? [] : [{ key: "version", value: text(a.version) }]),
      ...commentEntries(fact.id, pulling),
    ];
    return { value: call("extension", text(a.name), ...options(entries)) };
  },
});

export const rolePuller = puller<Role>({
  file: () => "access",
  identifier: (a) => a.name,
  pull: (fact, pulling) => pullRole(fact, pulling),
});

function pullRole(fact: Fact<Role>, pulling: Pulling): Pulled {
  const { attributes: a } = fact;
  const flag = (value: boolean, usual = false): Code | undefined => when(value !== usual, plain(value));
  const memberships = ofKind<Membership>(pulling.dependents(fact.id), "membership").filter(
    ({ attributes: m }) => m.member === a.name,
  );
  for (const { id } of memberships) pulling.say(id);
  const settings = ofKind<RoleSetting>(pulling.children(fact.id), "role setting");
  for (const { id } of settings) pulling.say(id);
  const attached = attachedTo(fact, pulling);
  const entries = [
    ...entriesOf({
      login: flag(a.login),
      superuser: flag(a.superuser),
      createDatabase: flag(a.createDatabase),
      createRole: flag(a.createRole),
      inherit: flag(a.inherit, true),
      replication: flag(a.replication),
      bypassRowSecurity: flag(a.bypassRowSecurity),
      connectionLimit: a.connectionLimit === -1 ? undefined : plain(a.connectionLimit),
      validUntil: a.validUntil === null ? undefined : text(a.validUntil),
      memberOf:
        memberships.length === 0 ? undefined : list(memberships.map(({ attributes: m }) => membershipCode(m, a))),
      settings:
        settings.length === 0
          ? undefined
          : object(Object.fromEntries(settings.map(({ attributes: s }) => [s.name, scalar(s.value)]))),
    }),
    ...attached.entries,
  ];
  return { value: call("role", text(a.name), ...options(entries)), doc: attached.doc };
}

/** The role's name, where it is granted without options. */
function membershipCode(m: Membership, member: Role): Code {
  const options = object({
    admin: when(m.admin, plain(true)),
    inherit: when(m.inherit !== null && m.inherit !== member.inherit, plain(m.inherit === true)),
    set: when(m.set === false, plain(false)),
    grantedBy: m.grantor === null ? undefined : text(m.grantor),
  }).entries;
  const role = text(m.role);
  return options.length === 0 ? role : { code: "object", entries: [{ key: "role", value: role }, ...options] };
}

export const defaultPrivilegePuller = puller<DefaultPrivilege>({
  file: () => "access",
  identifier: () => "default_privileges",
  isListed: true,
  pull: ({ attributes: a }) => {
    const isRevoked = a.revoked.length > 0;
    const isMixed = isRevoked && a.granted.length + a.grantable.length > 0;
    const isPartly = a.grantable.length > 0 && a.grantable.length !== a.granted.length;
    if (a.grantee === null || isMixed || isPartly || a.objects === "LARGE OBJECTS") return null;
    return {
      value: call(
        "defaultPrivileges",
        object({
          forRole: a.role === null ? undefined : text(a.role),
          inSchema: a.schema === null ? undefined : text(a.schema),
          on: text(a.objects.toLowerCase()),
          privileges: texts(lowerPrivileges(isRevoked ? a.revoked : a.granted)),
          [isRevoked ? "from" : "to"]: text(a.grantee),
          withGrantOption: when(a.grantable.length > 0, plain(true)),
        }),
      ),
    };
  },
});

/** Privileges that nothing says with its object: what is taken away, and what is on the database itself. */
export const privilegePuller = puller<Privilege>({
  file: () => "access",
  identifier: () => "privileges",
  isListed: true,
  pull: ({ attributes: a }, pulling) => {
    const target = pulling.facts.get(a.target);
    const on = target?.kind === "database" ? plain("database") : pulling.constant(a.target);
    const isRevoked = a.revoked.length > 0;
    const isMixed = isRevoked && a.granted.length + a.grantable.length > 0;
    if (on === undefined || a.column !== null || isMixed || (isRevoked && a.grantor !== null)) return null;
    if (!isRevoked && a.grantable.length > 0 && a.granted.length !== a.grantable.length) return null;
    const given = { on, privileges: texts(lowerPrivileges(isRevoked ? a.revoked : a.granted)) };
    return {
      value: isRevoked
        ? call("revoke", object({ ...given, from: granteeCode(a.grantee) }))
        : call(
            "grant",
            object({
              ...given,
              to: granteeCode(a.grantee),
              withGrantOption: when(a.grantable.length > 0, plain(true)),
              grantedBy: a.grantor === null ? undefined : text(a.grantor),
            }),
          ),
    };
  },
  join: joinObjects,
});

/** How privileges on what an extension brought deviate from what it gave. */
export const memberPrivilegePuller = puller<MemberPrivilege>({
  file: () => "access",
  identifier: () => "privileges",
  isListed: true,
  pull: ({ attributes: a }, pulling) => {
    const extension = pulling.constant(a.target);
    const isRevoked = a.revoked.length > 0;
    const isMixed = isRevoked && a.granted.length + a.grantable.length > 0;
    const isPartly = a.grantable.length > 0 && a.granted.length !== a.grantable.length;
    if (extension === undefined || isMixed || isPartly) return null;
    const given = {
      on: call("member", extension, text(a.member)),
      privileges: texts(lowerPrivileges(isRevoked ? a.revoked : a.granted)),
    };
    const withGrantOption = when(a.grantable.length > 0, plain(true));
    return {
      value: isRevoked
        ? call("revoke", object({ ...given, from: granteeCode(a.grantee) }))
        : call("grant", object({ ...given, to: granteeCode(a.grantee), withGrantOption })),
    };
  },
  join: joinObjects,
});

/** What a comment or label is attached to, where a constant says it. */
function targetCode({ target, part }: Attachment, pulling: Pulling): Code | undefined {
  const fact = pulling.facts.get(target);
  if (fact?.kind === "database") return plain("database");
  if (part !== null || fact === undefined) return undefined;
  return fact.kind === "column" && fact.parent !== null
    ? pulling.constant(fact.parent, String(fact.attributes.name))
    : pulling.constant(target);
}

/** Comments that nothing says with their object: that of the database itself. */
export const commentPuller = puller<Comment>({
  file: () => "access",
  identifier: () => "comments",
  isListed: true,
  pull: ({ attributes: a }, pulling) => {
    const on = targetCode(a, pulling);
    return on === undefined ? null : { value: call("comment", on, text(a.text)) };
  },
});

export const labelPuller = puller<Label>({
  file: () => "access",
  identifier: () => "security_labels",
  isListed: true,
  pull: ({ attributes: a }, pulling) => {
    const on = targetCode(a, pulling);
    return on === undefined ? null : { value: call("securityLabel", on, text(a.provider), text(a.label)) };
  },
});

/** What is said alike of several objects is said once. */
function joinObjects(elements: readonly Code[]): readonly Code[] {
  const alike = new Map<string, Code[]>();
  for (const element of elements) {
    const key = JSON.stringify(split(element)?.rest ?? element);
    alike.set(key, [...(alike.get(key) ?? []), element]);
  }
  return [...alike.values()].flatMap((group) => {
    const parts = group.map(split).filter((one) => one !== null);
    const [first] = parts;
    if (first === undefined || parts.length < 2) return group;
    return call(first.callee, {
      code: "object",
      entries: [{ key: "on", value: list(parts.map(({ on }) => on)) }, ...first.rest],
    });
  });
}

/** A GRANT or REVOKE, its object apart. */
function split(element: Code) {
  const [given] = element.code === "call" ? element.arguments : [];
  if (element.code !== "call" || given?.code !== "object") return null;
  const [on, ...rest] = given.entries;
  return on === undefined || "spread" in on ? null : { callee: element.callee, on: on.value, rest };
}

/** It is there before anything is declared. */
export const databasePuller = puller<Database>({
  file: () => "settings",
  identifier: () => "database",
  isThere: () => true,
  pull: () => null,
});

export const databaseSettingPuller = puller<DatabaseSetting>({
  file: () => "settings",
  identifier: () => "database_settings",
  isListed: true,
  pull: ({ attributes: a }) => ({
    value: call(
      "databaseSetting",
      text(a.name),
      scalar(a.value),
      ...(a.role === null ? [] : [object({ role: text(a.role) })]),
    ),
  }),
});

export const roleSettingPuller = puller<RoleSetting>({
  file: () => "settings",
  identifier: () => "role_settings",
  isListed: true,
  pull: ({ attributes: a }) => ({ value: call("roleSetting", text(a.role), text(a.name), scalar(a.value)) }),
});

export const eventTriggerPuller = puller<EventTrigger>({
  file: () => "event_triggers",
  identifier: (a) => a.name,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const { doc, entries } = attachedTo(fact, pulling);
    const given = entriesOf({
      on: text(a.event),
      tags: unlessEmpty(texts(a.tags)) as Code | undefined,
      execute: nameAsSql(a.function, fact, pulling),
      enabled: enabledCode(a.fires),
    });
    return { value: call("eventTrigger", text(a.name), { code: "object", entries: [...given, ...entries] }), doc };
  },
});
