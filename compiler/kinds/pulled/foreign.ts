import type { Fact } from "../../facts.ts";
import { type Code, call, entriesOf, list, object, type Property, text, unlessEmpty } from "../../pull/code.ts";
import { type Pulled, type Pulling, puller } from "../../pull/pulling.ts";
import { quoteName, quotePath } from "../../quote.ts";
import type { Column } from "../columns.ts";
import type { Constraint } from "../constraints.ts";
import { extensionId } from "../extensions.ts";
import type { ForeignDataWrapper } from "../foreignDataWrappers.ts";
import type { ForeignTable } from "../foreignTables.ts";
import { factId, ofKind } from "../kind.ts";
import { type Server, serverId } from "../servers.ts";
import type { Trigger } from "../triggers.ts";
import type { UserMapping } from "../userMappings.ts";
import { attachedTo, schemaEntries } from "./attached.ts";
import { columnProperty } from "./columns.ts";
import { checkProperty } from "./constraints.ts";
import { constantOrName, foreignOptionsCode, functionCode, options } from "./names.ts";
import { boundCode, inheritedProperty, statisticsOf } from "./tables.ts";
import { triggerProperty } from "./triggers.ts";

const FILE = "foreign_servers";

export const wrapperPuller = puller<ForeignDataWrapper>({
  file: () => FILE,
  identifier: (a) => a.name,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const given = foreignOptionsCode(a.options);
    if (given === null) return null;
    const { doc, entries } = attachedTo(fact, pulling);
    const own = entriesOf({
      handler: functionCode(a.handler, fact, pulling),
      validator: functionCode(a.validator, fact, pulling),
      options: unlessEmpty(given),
    });
    return { value: call("foreignDataWrapper", text(a.name), ...options([...own, ...entries])), doc };
  },
});

export const serverPuller = puller<Server>({
  file: () => FILE,
  identifier: (a) => a.name,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const given = foreignOptionsCode(a.options);
    if (given === null) return null;
    const wrapper =
      pulling.constant(factId("foreign data wrapper", quoteName(a.wrapper))) ??
      constantOrName(extensionId(a.wrapper), a.wrapper, pulling);
    const { doc, entries } = attachedTo(fact, pulling);
    const own = entriesOf({
      wrapper,
      type: a.type === null ? undefined : text(a.type),
      version: a.version === null ? undefined : text(a.version),
      options: unlessEmpty(given),
    });
    return { value: call("foreignServer", text(a.name), ...options([...own, ...entries])), doc };
  },
});

export const userMappingPuller = puller<UserMapping>({
  file: () => FILE,
  identifier: () => "user_mappings",
  isListed: true,
  pull: ({ attributes: a }, pulling) => {
    const given = foreignOptionsCode(a.options);
    if (given === null) return null;
    const role = pulling.constant(factId("role", quoteName(a.user))) ?? text(a.user);
    const server = constantOrName(serverId(a.server), a.server, pulling);
    return { value: call("userMapping", object({ for: role, server, options: unlessEmpty(given) })) };
  },
});

export const foreignTablePuller = puller<ForeignTable>({
  file: (a) => (a.partitionOf === null ? a.name : { with: factId("table", a.partitionOf) }),
  hasOwnFile: true,
  identifier: (a) => a.name,
  mention: (a) => quotePath(a.schema, a.name),
  pull: (fact, pulling) => pullForeignTable(fact, pulling),
});

function pullForeignTable(fact: Fact<ForeignTable>, pulling: Pulling): Pulled | null {
  const { attributes: a } = fact;
  const given = foreignOptionsCode(a.options);
  const parents = [...a.inherits, ...(a.partitionOf === null ? [] : [a.partitionOf])];
  const constants = parents.map((path) => parentCode(path, pulling));
  if (given === null || constants.includes(undefined)) return null;
  const children = pulling.children(fact.id);
  const columns = ofKind<Column>(children, "column").toSorted((x, y) => x.attributes.position - y.attributes.position);
  const isInherited = ({ attributes }: Fact<Column>) => a.partitionOf !== null || attributes.isInherited;
  const inherited = columns.filter(isInherited).map((column) => inheritedProperty(column, parents, pulling));
  const constraints = ofKind<Constraint>(children, "constraint");
  for (const { id, attributes } of constraints) if (attributes.isInherited) pulling.say(id);
  const own = columns.filter((column) => !isInherited(column)).map((one) => columnProperty(one, { keys: [] }, pulling));
  const checks = constraints
    .filter(({ attributes }) => !attributes.isInherited)
    .map((one) => checkProperty(one, pulling));
  const triggers = ofKind<Trigger>(children, "trigger").map((one) => triggerProperty(one, pulling));
  const attached = attachedTo(fact, pulling, columns);
  const parent = constants[0];
  const shape: readonly Property[] =
    a.partitionOf !== null && parent !== undefined
      ? [
          { key: "of", value: parent },
          { key: "rows", value: boundCode(a.partitionBound ?? "DEFAULT") },
        ]
      : [{ key: "columns", value: { code: "object", entries: own, isOnLines: true } }];
  const entries = [
    ...schemaEntries(a.schema, pulling),
    { key: "server", value: constantOrName(serverId(a.server), a.server, pulling) },
    ...entriesOf({ options: unlessEmpty(given) }),
    ...shape,
    ...entriesOf({
      inherits: a.inherits.length === 0 ? undefined : list(constants as readonly Code[]),
      inherited: record(inherited),
      checks: record(checks),
      triggers: record(triggers),
      statistics: record(statisticsOf(fact, columns, pulling)),
    }),
    ...attached.entries,
  ];
  return { value: call("foreignTable", text(a.name), { code: "object", entries }), doc: attached.doc };
}

const parentCode = (path: string, pulling: Pulling): Code | undefined =>
  pulling.constant(factId("table", path)) ?? pulling.constant(factId("foreign table", path));

const record = (properties: readonly (Property | null)[]): Code | undefined =>
  unlessEmpty({ code: "object", entries: properties.filter((one) => one !== null) });
