import { Diagnostic } from "../diagnostic.ts";
import { type Delta, diffFacts } from "../diff/diffFacts.ts";
import type { FactId, FactIndex } from "../facts.ts";
import { quoteName } from "../quote.ts";
import {
  ALL_COLUMNS,
  type Box,
  type BoxRow,
  type Diagram,
  drawDiagram,
  type Fate,
  keysOnly,
  type Line,
  ONE_PICTURE,
  withSurroundings,
} from "./diagram.ts";
import { layOut } from "./layout.ts";
import { svgOf } from "./svg.ts";

/** Two states, the first of them with what is renamed under its new names. */
export interface Difference {
  readonly before: FactIndex;
  readonly after: FactIndex;
  /** Facts that have other names, by their ids after. */
  readonly renamed: ReadonlyMap<FactId, { readonly was: FactId }>;
}

/**
 * Tables that differ between two states, and those that they refer to; null where no table does.
 * @throws Diagnostic `picture-too-large`
 */
export async function differenceSvg(difference: Difference, title: string): Promise<string | null> {
  const diagram = differingDiagram(difference);
  if (diagram.boxes.length === 0) return null;
  if (diagram.boxes.length > ONE_PICTURE) {
    throw new Diagnostic({
      code: "picture-too-large",
      what: `${diagram.boxes.length} tables are too many for one picture`,
      why: `beyond ${ONE_PICTURE} nobody can read it`,
      next: "do without --erd, or compare states that differ in less",
    });
  }
  const shown = diagram.boxes.length > ALL_COLUMNS ? keysOnly(diagram) : diagram;
  return svgOf(await layOut(shown), { title, showsFates: true });
}

/** What is drawn of a difference: both states in one diagram, with the fates of what differs. */
export function differingDiagram({ before, after, renamed }: Difference): Diagram {
  const short = withoutSoleSchema(before, after);
  const [old, now] = [drawDiagram(before, short), drawDiagram(after, short)];
  const drawn = new Set(
    [old, now].flatMap(({ boxes, lines }) =>
      [...boxes, ...boxes.flatMap(({ rows }) => rows), ...lines].map(({ id }) => id),
    ),
  );
  const fates = new Map<FactId, Fate>();
  for (const delta of diffFacts(before, after)) {
    const [id, fate] = fateOf(delta, delta.verb === "remove" ? before : after, drawn);
    if (id !== null && (fates.get(id) ?? "changed") === "changed") fates.set(id, fate);
  }
  for (const id of renamed.keys()) if (drawn.has(id) && !fates.has(id)) fates.set(id, "changed");
  const oldBoxes = new Map(old.boxes.map((box) => [box.id, box]));
  const boxes = [...now.boxes, ...old.boxes.filter(({ id }) => fates.get(id) === "removed")].map((box) =>
    joinedBox(box, oldBoxes.get(box.id), fates, renamed),
  );
  const lines = [...now.lines, ...old.lines.filter(({ id }) => !now.lines.some((line) => line.id === id))].map(
    (line): Line => withFate(line, fates.get(line.id)),
  );
  const touched = boxes.filter(
    ({ id, fate, rows }) =>
      fate !== undefined ||
      rows.some((row) => row.fate !== undefined) ||
      lines.some(({ from, fate: own }) => from === id && own !== undefined),
  );
  return withSurroundings({ boxes, lines }, new Set(touched.map(({ id }) => id)));
}

/** The nearest thing that is drawn; what lives in something only changes it. */
function fateOf(delta: Delta, facts: FactIndex, drawn: ReadonlySet<FactId>): readonly [FactId | null, Fate] {
  const fact = delta.verb === "change" ? delta.to : delta.fact;
  const own: Fate = delta.verb === "add" ? "added" : delta.verb === "remove" ? "removed" : "changed";
  if (drawn.has(fact.id)) return [fact.id, own];
  let { parent } = fact;
  while (parent !== null && !drawn.has(parent)) parent = facts.get(parent)?.parent ?? null;
  return [parent, "changed"];
}

const withFate = <T extends object>(thing: T, fate: Fate | undefined): T =>
  fate === undefined ? thing : { ...thing, fate };

/** A table with the columns of both states; within one that comes or goes, columns have no fate of their own. */
function joinedBox(
  box: Box,
  old: Box | undefined,
  fates: ReadonlyMap<FactId, Fate>,
  renamed: Difference["renamed"],
): Box {
  const fate = fates.get(box.id);
  if (fate === "added" || fate === "removed") return { ...box, fate };
  const gone = old?.rows.filter(({ id }) => fates.get(id) === "removed") ?? [];
  const rows = [...box.rows, ...gone].map((row): BoxRow => {
    const before = old?.rows.find(({ id }) => id === row.id);
    const was = renamed.get(row.id)?.was;
    const text = ({ type, isNullable }: BoxRow) => `${type}${isNullable ? "?" : ""}`;
    const changed =
      before === undefined || text(before) === text(row)
        ? row
        : { ...row, type: `${text(before)} → ${text(row)}`, isNullable: false };
    return withFate(was === undefined ? changed : { ...changed, was: lastName(was) }, fates.get(row.id));
  });
  const was = renamed.get(box.id)?.was;
  return withFate({ ...box, rows, ...(was === undefined ? {} : { was: lastName(was) }) }, fate);
}

/** The last name of a path. */
const lastName = (id: FactId): string => /(?:"(?:[^"]|"")*"|[^".]+)$/.exec(id)?.[0] ?? id;

/** The schema is said where there are several. */
function withoutSoleSchema(...states: readonly FactIndex[]): (printed: string) => string {
  const whole = states.flatMap((facts) => drawDiagram(facts, (printed) => printed).boxes.map(({ schema }) => schema));
  const [only, ...others] = new Set(whole);
  const prefix = only === undefined || others.length > 0 ? null : `${quoteName(only)}.`;
  return (printed) => (prefix !== null && printed.startsWith(prefix) ? printed.slice(prefix.length) : printed);
}
