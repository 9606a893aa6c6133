import { type Hand, ofKind, pathOf, quote, room, type Thing, thingAt, type World } from "../world.ts";
import { conditionOn } from "./columns.ts";
import { columnsOf, type Shows, shown } from "./tables.ts";
import { inSchema } from "./types.ts";

interface View extends Shows {
  /** Another relation that it reads. */
  readonly other: number | null;
  readonly form: "plain" | "filter" | "group" | "union" | "with" | "window" | "lateral" | "distinct";
  readonly option: string;
}

const FORM_NAMES = ["plain", "plain", "filter", "group", "union", "with", "window", "lateral", "distinct"] as const;
/** What is not filled cannot fill another one. */
const NO_DATA = "with no data";
const READABLE = ["table", "table", "view", "materialized view", "partition", "foreign table"];

function draw(
  hand: Hand,
  world: World,
  options: readonly string[],
  without: readonly string[],
  self?: Thing,
): View | null {
  const readable = ofKind(world, ...READABLE.filter((kind) => !without.includes(kind))).filter(
    (one) => self === undefined || !reads(one, self.uid, world),
  );
  const source = hand.pick(readable.filter((one) => (one.attributes as Partial<View>).option !== NO_DATA));
  if (source === undefined) return null;
  const other = hand.pick([undefined, ...readable.filter((one) => one.kind !== "materialized view")]);
  const shows = hand.some(columnsOf(source, world), 4).map(({ uid }) => uid);
  const form = hand.pick(FORM_NAMES) ?? "plain";
  return { source: source.uid, other: other?.uid ?? null, shows, form, option: hand.pick(options) ?? "" };
}

function reads(one: Thing, uid: number, world: World): boolean {
  if (one.uid === uid) return true;
  if (one.kind !== "view" && one.kind !== "materialized view") return false;
  const { source, other } = one.attributes as View;
  return [source, ...(other === null ? [] : [other])].some((next) => reads(thingAt(world, next), uid, world));
}

/** The query with columns as they are called now; a view keeps the names of its source. */
function queryText(view: View, world: World): string {
  const from = pathOf(thingAt(world, view.source), world);
  const columns = shown(view, world);
  const list = columns.map(({ name }) => `s.${quote(name)}`).join(", ");
  const [first] = columns;
  const condition = first === undefined ? "true" : conditionOn(first, 3, world);
  const extra =
    view.other === null ? "" : `, (select count(*) from ${pathOf(thingAt(world, view.other), world)}) as "how many"`;
  switch (view.form) {
    case "plain":
      return `select ${list}${extra} from ${from} s`;
    case "filter":
      return `select ${list}${extra} from ${from} s where ${condition}`;
    case "group":
      return `select ${list}, count(*) as "n°" from (select ${columns.map(({ name }) => `t.${quote(name)}::text`).join(", ")} from ${from} t) s group by ${list} having count(*) > 0`;
    case "union":
      return `select ${list}${extra} from ${from} s union all select ${list}${extra} from ${from} s where ${condition}`;
    case "with":
      return `with "a b" as materialized (select ${list}${extra} from ${from} s) select * from "a b"`;
    case "window":
      return `select ${list}, row_number() over (order by s.*::text) as "nr" from ${from} s`;
    case "lateral":
      return `select ${list}, l.x from ${from} s left join lateral (select s.${quote(first?.name ?? "")}::text as x) l on true`;
    case "distinct":
      return `select ${list}, case when ${condition} then 1 else 2 end as "case" from ${from} s order by 1 limit 5`;
  }
}

const needs = ({ source, other }: View): readonly number[] => [source, ...(other === null ? [] : [other])];

const holds = ({ attributes }: Thing<View>, world: World): boolean => {
  const columns = shown(attributes, world);
  // Names that a view adds by itself.
  const isClear = columns.every(({ name }) => !["how many", "n°", "nr", "x", "case"].includes(name));
  const isOrderable =
    attributes.form !== "distinct" || ["integer", "bigint", "text"].includes(String(columns[0]?.type));
  return columns.length > 0 && isClear && isOrderable;
};

export const views = room<View>({
  kind: "view",
  weight: 10,
  isInSchema: true,
  make: (hand, world) =>
    draw(hand, world, ["", "", "security_barrier", world.major < 15 ? "security_barrier" : "security_invoker"], []),
  vary: (thing, hand, world) =>
    hand.chance(3)
      ? (draw(hand, world, ["", "security_barrier"], [], thing) ?? thing.attributes)
      : {
          ...thing.attributes,
          shows: hand.some(columnsOf(thingAt(world, thing.attributes.source), world), 4).map(({ uid }) => uid),
          form: hand.pick(FORM_NAMES) ?? "plain",
        },
  needs,
  holds,
  scope: inSchema,
  isOwned: true,
  grantable: { as: "table", privileges: ["select", "insert"] },
  designate: (thing, world) => `view ${pathOf(thing, world)}`,
  print: (thing, world) => {
    const { option } = thing.attributes;
    return [
      `create view ${pathOf(thing, world)}${option === "" ? "" : ` with (${option})`} as ${queryText(thing.attributes, world)}`,
    ];
  },
});

export const materializedViews = room<View>({
  kind: "materialized view",
  weight: 4,
  isInSchema: true,
  make: (hand, world) => draw(hand, world, ["", NO_DATA], ["foreign table", "view"]),
  vary: (thing, hand) => ({ ...thing.attributes, form: hand.pick(FORM_NAMES) ?? "plain" }),
  needs,
  holds,
  scope: inSchema,
  isOwned: true,
  grantable: { as: "table", privileges: ["select"] },
  designate: (thing, world) => `materialized view ${pathOf(thing, world)}`,
  print: (thing, world) => [
    `create materialized view ${pathOf(thing, world)} as ${queryText(thing.attributes, world)} ${thing.attributes.option}`,
  ],
});
