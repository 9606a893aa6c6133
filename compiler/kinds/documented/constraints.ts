import {
  type Account,
  code,
  type Deletion,
  documenter,
  joined,
  type Reading,
  type Words,
} from "../../document/account.ts";
import type { Fact } from "../../facts.ts";
import { quotePath, withoutParentheses } from "../../quote.ts";
import type { Constraint } from "../constraints.ts";
import { factId } from "../kind.ts";
import { type ForeignKeyShape, foreignKeyShape, keyShape } from "../pulled/constraints.ts";
import { afterWord, takeGroup } from "../pulled/scan.ts";
import { columnNames } from "./columns.ts";
import { servedWords } from "./indexes.ts";
import { CHECKS, EXCLUSIONS, FOREIGN_KEYS, KEYS } from "./sections.ts";

export const constraintDocumenter = documenter<Constraint>({
  tell: (fact, reading) => TOLD[fact.attributes.type](fact, reading),
  draw: ({ attributes: a }) => {
    if (a.type === "primary key" || a.type === "unique") {
      const shape = keyShape(a);
      if (shape === null) return null;
      return { draws: "key", isPrimary: a.type === "primary key", columns: shape.columns };
    }
    const shape = a.type === "foreign key" ? foreignKeyShape(a) : null;
    if (shape === null) return null;
    return {
      draws: "line",
      columns: shape.columns,
      target: targetOf(shape),
      targetColumns: shape.target.columns,
      deletion: deletionOf(shape),
    };
  },
});

const TOLD: Readonly<Record<Constraint["type"], (fact: Fact<Constraint>, reading: Reading) => Account>> = {
  "primary key": tellKey,
  unique: tellKey,
  "foreign key": tellForeignKey,
  check: tellCheck,
  exclusion: ({ attributes: a }) => ({
    section: EXCLUSIONS,
    cells: [[code(a.name)], [code(a.definition.replace(/^EXCLUDE /, "")), ...state(a)]],
  }),
};

function tellKey({ id, attributes: a }: Fact<Constraint>, reading: Reading): Account {
  const shape = keyShape(a);
  const columns: Words =
    shape === null
      ? [code(a.definition)]
      : [
          code(columnNames(shape.columns)),
          ...(a.type === "primary key" ? [", primary key"] : []),
          ...(shape.withoutOverlaps ? [", whose periods do not overlap"] : []),
          ...(shape.nullsNotDistinct ? [", where null equals null"] : []),
          ...(shape.include.length > 0 ? [", with ", code(columnNames(shape.include))] : []),
        ];
  return { section: KEYS, cells: [[code(a.name)], [...columns, ...state(a)], servedWords(id, reading)] };
}

function tellForeignKey({ attributes: a }: Fact<Constraint>, { short }: Reading): Account {
  const shape = foreignKeyShape(a);
  if (shape === null) return { section: FOREIGN_KEYS, cells: [[code(a.name)], [code(a.definition), ...state(a)], []] };
  const { target } = shape;
  const path = short(quotePath(target.schema, target.table));
  const updated = shape.onUpdate === null ? [] : [`; when its key changes: ${shape.onUpdate.toLowerCase()}`];
  return {
    section: FOREIGN_KEYS,
    cells: [
      [code(columnNames(shape.columns))],
      [code(path, targetOf(shape)), " ", code(columnNames(target.columns)), ...state(a)],
      [...deletedWords(shape), ...updated],
    ],
  };
}

const targetOf = ({ target }: ForeignKeyShape) => factId("table", quotePath(target.schema, target.table));

const deletionOf = ({ onDelete, deleted }: ForeignKeyShape): Deletion => {
  const some = deleted.length === 0 ? "" : `${columnNames(deleted)}: `;
  if (onDelete === "CASCADE") return { effect: "go along", says: "" };
  if (onDelete === "SET NULL") return { effect: "stay", says: `${some}null` };
  if (onDelete === "SET DEFAULT") return { effect: "stay", says: `${some}the default` };
  return { effect: "refuse", says: onDelete === "RESTRICT" ? "at once" : "" };
};

function deletedWords(shape: ForeignKeyShape): Words {
  const { effect, says } = deletionOf(shape);
  if (effect === "go along") return ["this one goes too"];
  if (effect === "stay") return [`becomes ${says}`];
  return [says === "" ? "refused" : `refused ${says}`];
}

function tellCheck({ attributes: a }: Fact<Constraint>): Account {
  const group = takeGroup(afterWord(a.definition, "CHECK") ?? "");
  const condition = group === null ? a.definition : withoutParentheses(group.inside);
  const more = group?.rest === "NO INHERIT" ? ["; tables that inherit need not"] : [];
  return { section: CHECKS, cells: [[code(a.name)], [code(condition), ...more, ...state(a)]] };
}

/** What PostgreSQL does not do of what it could. */
function state(a: Constraint): Words {
  const words: readonly Words[] = [
    a.isEnforced ? [] : ["not enforced"],
    a.isEnforced && !a.isValidated ? ["older rows may not"] : [],
    a.deferrable ? [a.initiallyDeferred ? "looked at when a transaction ends" : "can be deferred"] : [],
  ];
  const said = words.filter((one) => one.length > 0);
  return said.length === 0 ? [] : ["; ", ...joined(said, "; ")];
}
