import type { FactId } from "../facts.ts";
import { grouped } from "../grouped.ts";
import { quoteName } from "../quote.ts";
import { code, listed, type Words } from "./account.ts";
import type { Diagram, Line } from "./diagram.ts";

/** What happens elsewhere when a row of a table is deleted, in sentences. */
export function deletionNotes(id: FactId, { boxes, lines }: Diagram): readonly Words[] {
  const titles = new Map(boxes.map((box) => [box.id, box.title]));
  const table = (of: FactId): Words => [code(titles.get(of) ?? "", of)];
  const goesAlong = goingAlong(id, lines);
  const reached = [id, ...goesAlong.keys()];
  const isBelowItself = lines.some(
    ({ from, to, deletion }) => from === id && to === id && deletion.effect === "go along",
  );
  const direct = [
    ...(isBelowItself ? [["this table that refer to it"]] : []),
    ...[...goesAlong].filter(([, depth]) => depth === 1).map(([of]) => table(of)),
  ];
  const further = [...goesAlong].filter(([, depth]) => depth > 1).map(([of]) => table(of));
  const left = lines.filter(({ to, deletion }) => reached.includes(to) && deletion.effect !== "go along");
  const columns = ({ from, columns: own }: Line): Words => [
    code(own.map(quoteName).join(", ")),
    " of ",
    ...table(from),
  ];
  const stay = grouped(
    left.filter(({ deletion }) => deletion.effect === "stay"),
    ({ deletion }) => deletion.says,
  );
  const refuse = left.filter(({ deletion, from }) => deletion.effect === "refuse" && !goesAlong.has(from));
  return [
    ...(direct.length === 0
      ? []
      : [
          [
            "takes along rows in ",
            ...listed(direct),
            ...(further.length === 0 ? [] : [", and with these rows in ", ...listed(further)]),
          ],
        ]),
    ...[...stay].map(([says, own]): Words => ["sets ", ...listed(own.map(columns)), ` to ${says}`]),
    ...(refuse.length === 0 ? [] : [["is refused while it is referred to by ", ...listed(refuse.map(columns))]]),
  ];
}

/** Tables whose rows go too, and over how many steps. */
function goingAlong(id: FactId, lines: readonly Line[]): ReadonlyMap<FactId, number> {
  const depths = new Map<FactId, number>();
  let ends: readonly FactId[] = [id];
  for (let depth = 1; ends.length > 0; depth++) {
    const next = lines.filter(({ to, deletion }) => ends.includes(to) && deletion.effect === "go along");
    ends = [...new Set(next.map(({ from }) => from))].filter((from) => from !== id && !depths.has(from));
    for (const end of ends) depths.set(end, depth);
  }
  return depths;
}
