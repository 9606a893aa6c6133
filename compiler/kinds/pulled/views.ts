import type { Fact } from "../../facts.ts";
import {
  type Code,
  call,
  entriesOf,
  list,
  object,
  optionsCode,
  type Property,
  plain,
  text,
  unlessEmpty,
  when,
} from "../../pull/code.ts";
import { type Pulled, type Pulling, puller, standing } from "../../pull/pulling.ts";
import { quotePath, withoutParentheses } from "../../quote.ts";
import type { Comment } from "../comments.ts";
import { splitPath } from "../declaring.ts";
import { dedent } from "../dedent.ts";
import type { Default } from "../defaults.ts";
import type { Index } from "../indexes.ts";
import { ofKind } from "../kind.ts";
import type { MaterializedView } from "../materializedViews.ts";
import type { Statistics } from "../statistics.ts";
import type { Trigger } from "../triggers.ts";
import type { View } from "../views.ts";
import { attachedTo, commentOf, docOrOption, schemaEntries } from "./attached.ts";
import { literalOf } from "./columns.ts";
import { indexList } from "./indexes.ts";
import { statisticsProperty } from "./statistics.ts";
import { triggerProperty } from "./triggers.ts";
import { typeCode } from "./types.ts";

export const viewPuller = puller<View>({
  file: () => "views",
  identifier: (a) => a.name,
  mention: (a) => quotePath(a.schema, a.name),
  pull: (fact, pulling) => pullView(fact, pulling),
});

export const materializedViewPuller = puller<MaterializedView>({
  file: () => "views",
  identifier: (a) => a.name,
  mention: (a) => quotePath(a.schema, a.name),
  pull: (fact, pulling) => pullMaterializedView(fact, pulling),
});

const BOOLEANS: Readonly<Record<string, string>> = {
  security_barrier: "securityBarrier",
  security_invoker: "securityInvoker",
};

/** Null for options that have no form. */
function viewOptions(options: readonly string[]): readonly Property[] | null {
  const entries = options.map((option): Property | null => {
    const [name = "", value = ""] = option.split("=");
    const key = BOOLEANS[name];
    if (key !== undefined && value === "true") return { key, value: plain(true) };
    return name === "check_option" ? { key: "checkOption", value: text(value) } : null;
  });
  return entries.includes(null) ? null : (entries as readonly Property[]);
}

function pullView(fact: Fact<View>, pulling: Pulling): Pulled | null {
  const { attributes: a } = fact;
  const options = viewOptions(a.options);
  if (options === null) return null;
  const attached = attachedTo(fact, pulling);
  const query = queryCode(a.definition, fact, pulling);
  const triggers = ofKind<Trigger>(pulling.children(fact.id), "trigger").flatMap(
    (one) => triggerProperty(one, pulling) ?? [],
  );
  const entries = [
    ...schemaEntries(a.schema, pulling),
    ...options,
    ...entriesOf({
      columns: unlessEmpty({ code: "object", entries: commentedColumns(a, fact, pulling) }),
      dependsOn: unlessEmpty(list(pulling.unnamed(fact, [query]))),
      query,
      defaults: unlessEmpty({ code: "object", entries: viewDefaults(fact, pulling) }),
      triggers: unlessEmpty({ code: "object", entries: triggers }),
    }),
    ...attached.entries,
  ];
  return { value: call("view", text(a.name), { code: "object", entries }), doc: attached.doc };
}

function viewDefaults({ id, attributes: { columns } }: Fact<View>, pulling: Pulling): readonly Property[] {
  return ofKind<Default>(pulling.children(id), "default").map((one) => {
    pulling.say(one.id);
    const { column, expression } = one.attributes;
    const type = columns.find(({ name }) => name === column)?.type ?? "";
    return { key: column, value: literalOf(expression, type) ?? pulling.sql(withoutParentheses(expression), one) };
  });
}

/** A query laid out as PostgreSQL prints it. */
const queryCode = (definition: string, of: Fact<object>, pulling: Pulling): Code =>
  standing(pulling.sql(dedent(definition), of), (one) => dedent(one));

/** All columns with their types, where any of them has a comment or a grant. */
function commentedColumns(a: View, of: Fact<object>, pulling: Pulling): readonly Property[] {
  const found = a.columns.map((column) => ({
    ...column,
    comment: commentOf(of.id, pulling, `COLUMN ${quotePath(a.schema, a.name, column.name)}`),
  }));
  const isGranted = pulling
    .children(of.id)
    .some(({ kind, attributes }) => kind === "privilege" && attributes.column !== null);
  if (!isGranted && found.every(({ comment }) => comment === undefined)) return [];
  return found.map(({ name, type, comment }) => {
    const { doc, entries } = docOrOption(comment);
    const value = typeCode(type, [{ key: "nullable", value: plain(true) }, ...entries], of, pulling);
    return { key: name, value, doc };
  });
}

function pullMaterializedView(fact: Fact<MaterializedView>, pulling: Pulling): Pulled | null {
  const { attributes: a } = fact;
  const attached = attachedTo(fact, pulling);
  const query = queryCode(a.definition, fact, pulling);
  const children = pulling.children(fact.id);
  const indexes = ofKind<Index>(children, "index");
  const clustered = indexes.find(({ attributes }) => attributes.isClusteredOn);
  const statistics = ofKind<Statistics>(pulling.dependents(fact.id), "statistics").flatMap(
    (one) => statisticsProperty(one, fact, pulling) ?? [],
  );
  const entries = [
    ...schemaEntries(a.schema, pulling),
    ...object({
      dependsOn: unlessEmpty(list(pulling.unnamed(fact, [query]))),
      query,
      indexes: indexList(indexes, [], pulling),
      statistics: unlessEmpty({ code: "object", entries: statistics }),
      withData: when(!a.isPopulated, plain(false)),
      with: a.options.length === 0 ? undefined : optionsCode(a.options),
      tablespace: a.tablespace === null ? undefined : text(a.tablespace),
      using: a.accessMethod === null ? undefined : text(a.accessMethod),
      clusterOn: clustered === undefined ? undefined : text(clustered.attributes.name),
      columnSettings: unlessEmpty({ code: "object", entries: columnSettings(fact, pulling) }),
    }).entries,
    ...attached.entries,
  ];
  return { value: call("materializedView", text(a.name), { code: "object", entries }), doc: attached.doc };
}

/** What is said of a materialized view's columns. */
function columnSettings({ id, attributes: a }: Fact<MaterializedView>, pulling: Pulling): readonly Property[] {
  const prefix = `COLUMN ${quotePath(a.schema, a.name)}.`;
  const commented = ofKind<Comment>(pulling.children(id), "comment").flatMap(({ attributes: { part } }) =>
    part?.startsWith(prefix) ? [splitPath(part.slice(prefix.length))[0] ?? ""] : [],
  );
  const names = [...new Set([...a.columnSettings.map(({ column }) => column), ...commented])].sort();
  return names.map((name) => {
    const comment = commentOf(id, pulling, `COLUMN ${quotePath(a.schema, a.name, name)}`);
    const set = a.columnSettings.find(({ column }) => column === name);
    const value = object({
      storage: set?.storage == null ? undefined : text(set.storage.toLowerCase()),
      compression: set?.compression == null ? undefined : text(set.compression),
      statistics: set?.statisticsTarget == null ? undefined : plain(set.statisticsTarget),
      with: set === undefined || set.options.length === 0 ? undefined : optionsCode(set.options),
      comment: comment === undefined ? undefined : text(comment),
    });
    return { key: name, value };
  });
}
