import type { Fact, FactId, FactIndex } from "../facts.ts";
import { grouped } from "../grouped.ts";
import { DOCUMENTERS } from "../kinds/documenters.ts";
import { quotePath } from "../quote.ts";
import type { Deletion, Drawn } from "./account.ts";

/** What became of something between two states; absent where nothing did. */
export type Fate = "added" | "removed" | "changed";

/** Tables as boxes with their columns, and lines from the columns of foreign keys to what they refer to. */
export interface Diagram {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

export interface Box {
  readonly id: FactId;
  readonly schema: string;
  readonly title: string;
  readonly rows: readonly BoxRow[];
  /** How many columns are not shown. */
  readonly hidden: number;
  readonly fate?: Fate;
  /** Its name before. */
  readonly was?: string;
}

export interface BoxRow {
  readonly id: FactId;
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly isPrimary: boolean;
  /** A key by itself, and not the primary one. */
  readonly isUnique: boolean;
  readonly isForeign: boolean;
  readonly fate?: Fate;
  readonly was?: string;
}

export interface Line {
  readonly id: FactId;
  readonly from: FactId;
  readonly columns: readonly string[];
  readonly to: FactId;
  readonly targetColumns: readonly string[];
  /** A row need not refer to any. */
  readonly isOptional: boolean;
  /** No two rows refer to the same one. */
  readonly isUnique: boolean;
  readonly deletion: Deletion;
  readonly fate?: Fate;
}

type Of<D extends Drawn["draws"]> = Extract<Drawn, { readonly draws: D }> & { readonly fact: Fact };

/** @param short a printed name without the schema that needs no saying */
export function drawDiagram(facts: FactIndex, short: (printed: string) => string): Diagram {
  const drawn = [...facts.values()].flatMap((fact) => {
    const one = DOCUMENTERS[fact.kind]?.draw?.(fact, facts) ?? null;
    return one === null ? [] : [{ ...one, fact }];
  });
  const those = <D extends Drawn["draws"]>(what: D): readonly Of<D>[] =>
    drawn.filter((one): one is typeof one & Of<D> => one.draws === what);
  const parentOf = ({ fact }: { readonly fact: Fact }): FactId | null => fact.parent;
  const rows = grouped(those("row"), parentOf);
  const keys = grouped(those("key"), parentOf);
  const lines = grouped(those("line"), parentOf);
  const boxes = those("box").map(({ fact: { id }, schema, name }): Box => {
    const own = keys.get(id) ?? [];
    const led = new Set((lines.get(id) ?? []).flatMap(({ columns }) => columns));
    const isSole = (columns: readonly string[], column: string) => columns.length === 1 && columns[0] === column;
    return {
      id,
      schema,
      title: short(quotePath(schema, name)),
      hidden: 0,
      rows: (rows.get(id) ?? [])
        .toSorted((one, other) => one.position - other.position)
        .map(({ fact, name: column, type, isNullable }) => ({
          id: fact.id,
          name: column,
          type: short(type),
          isNullable,
          isPrimary: own.some(({ isPrimary, columns }) => isPrimary && columns.includes(column)),
          isUnique: own.some(({ isPrimary, columns }) => !isPrimary && isSole(columns, column)),
          isForeign: led.has(column),
        })),
    };
  });
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const joining = boxes.flatMap((box) =>
    (lines.get(box.id) ?? []).flatMap(({ fact, columns, target, targetColumns, deletion }): Line[] => {
      if (!byId.has(target)) return [];
      const nullable = box.rows.filter(({ isNullable }) => isNullable).map(({ name }) => name);
      const isUnique = (keys.get(box.id) ?? []).some((key) => key.columns.every((column) => columns.includes(column)));
      const isOptional = columns.some((column) => nullable.includes(column));
      return [{ id: fact.id, from: box.id, columns, to: target, targetColumns, isOptional, isUnique, deletion }];
    }),
  );
  return {
    boxes: boxes.toSorted((one, other) => (one.title < other.title ? -1 : 1)),
    lines: joining.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

/** Beyond so many tables a picture shows keys only; beyond so many it is no picture any more. */
export const ALL_COLUMNS = 60;
export const ONE_PICTURE = 300;
/** Tables of one neighbourhood's picture, which it shows with all their columns. */
const NEIGHBOURHOOD = 40;

/** Only the columns of keys and references. */
export const keysOnly = ({ boxes, lines }: Diagram): Diagram => ({
  boxes: boxes.map((box) => keysOf(box, lines)),
  lines,
});

function keysOf(box: Box, lines: readonly Line[]): Box {
  const referred = new Set(lines.filter(({ to }) => to === box.id).flatMap(({ targetColumns }) => targetColumns));
  const rows = box.rows.filter(
    ({ name, isPrimary, isForeign, fate }) => isPrimary || isForeign || referred.has(name) || fate !== undefined,
  );
  return { ...box, rows, hidden: box.hidden + box.rows.length - rows.length };
}

/** A picture of a diagram, or of a part of it. */
export interface Picture {
  /** Null for the whole. */
  readonly of: string | null;
  readonly diagram: Diagram;
}

/** One picture where all fits in it, else also one for each neighbourhood; no whole where that would be beyond reading. */
export function pictures(diagram: Diagram): readonly Picture[] {
  if (diagram.boxes.length <= ALL_COLUMNS) return [{ of: null, diagram }];
  const whole = diagram.boxes.length > ONE_PICTURE ? [] : [{ of: null, diagram: keysOnly(diagram) }];
  return [
    ...whole,
    ...neighbourhoods(diagram, NEIGHBOURHOOD).map(({ of, ids }) => ({ of, diagram: withSurroundings(diagram, ids) })),
  ];
}

/** Tables that belong together, by what they are around. */
export interface Neighbourhood {
  readonly of: string;
  readonly ids: ReadonlySet<FactId>;
}

/**
 * Those that belong together: a schema, or where that is too large, what lies around the tables that most refer to.
 * @param size tables of one at most, where there is no schema that holds them
 */
export function neighbourhoods({ boxes, lines }: Diagram, size: number): readonly Neighbourhood[] {
  const beside = new Map<FactId, FactId[]>(boxes.map(({ id }) => [id, []]));
  for (const { from, to } of lines) {
    if (from === to) continue;
    beside.get(from)?.push(to);
    beside.get(to)?.push(from);
  }
  const titles = new Map(boxes.map(({ id, title }) => [id, title]));
  const around = (schema: readonly FactId[]) => {
    const left = new Set(schema);
    const found: { of: string; ids: Set<FactId> }[] = [];
    const alone: FactId[] = [];
    const degree = (id: FactId): number => beside.get(id)?.filter((other) => left.has(other)).length ?? 0;
    while (left.size > 0) {
      const [hub] = [...left].toSorted((one, other) => degree(other) - degree(one) || (one < other ? -1 : 1));
      if (hub === undefined) break;
      const ids = new Set<FactId>();
      const waiting = [hub];
      for (let next = waiting.shift(); next !== undefined && ids.size < size; next = waiting.shift()) {
        if (!left.delete(next)) continue;
        ids.add(next);
        waiting.push(...(beside.get(next) ?? []).toSorted());
      }
      if (ids.size === 1) alone.push(hub);
      else found.push({ of: titles.get(hub) ?? "", ids });
    }
    for (let n = 0; n < alone.length; n += size) {
      const [first, ...others] = alone.slice(n, n + size);
      if (first !== undefined) found.push({ of: titles.get(first) ?? "", ids: new Set([first, ...others]) });
    }
    return found;
  };
  const schemas = grouped(boxes, ({ schema }) => schema);
  return [...schemas].flatMap(([schema, own]) =>
    own.length <= ALL_COLUMNS && schemas.size > 1
      ? [{ of: schema, ids: new Set(own.map(({ id }) => id)) }]
      : around(own.map(({ id }) => id)),
  );
}

/** Some tables with all their columns, and with the keys of those that they refer to. */
export function withSurroundings({ boxes, lines }: Diagram, ids: ReadonlySet<FactId>): Diagram {
  const own = lines.filter(({ from }) => ids.has(from));
  const near = new Set(own.map(({ to }) => to));
  return {
    boxes: boxes.flatMap((box) => (ids.has(box.id) ? [box] : near.has(box.id) ? [keysOf(box, own)] : [])),
    lines: own,
  };
}
