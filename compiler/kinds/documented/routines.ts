import { code, documenter, type Words } from "../../document/account.ts";
import { quoteName, quotePath } from "../../quote.ts";
import type { Aggregate } from "../aggregates.ts";
import type { Parameter, Routine } from "../functions.ts";
import { grantsOf } from "./access.ts";
import { FUNCTIONS } from "./sections.ts";

const parameterText = ({ name, mode, type, default: value }: Parameter): string =>
  [mode === "in" ? "" : mode, name === null ? "" : quoteName(name), type, value === null ? "" : `= ${value}`]
    .filter((word) => word !== "")
    .join(" ");

export const routineDocumenter = documenter<Routine>({
  tell: ({ id, attributes: a }, reading) => {
    const taken = a.parameters
      .filter(({ mode }) => mode !== "table")
      .map((one) => parameterText({ ...one, type: reading.short(one.type) }));
    const how = [
      a.language,
      a.volatility,
      a.isStrict ? "null for null" : "",
      a.isSecurityDefiner ? "with its owner's rights" : "",
      a.parallel === "unsafe" ? "" : `parallel ${a.parallel}`,
      a.isLeakproof ? "leakproof" : "",
      a.isWindow ? "over windows" : "",
    ].filter((word) => word !== "");
    const settings: Words = a.settings.length === 0 ? [] : ["; ", code(a.settings.join(", "))];
    const sql = a.standardBody ?? a.body;
    return {
      section: FUNCTIONS,
      cells: [
        [code(`${reading.short(quotePath(a.schema, a.name))}(${taken.join(", ")})`)],
        a.returns === null ? ["nothing (procedure)"] : [code(reading.short(a.returns))],
        [how.join(", "), ...settings],
        grantsOf(id, reading),
      ],
      ...(sql.trim() === "" ? {} : { sql }),
    };
  },
});

export const aggregateDocumenter = documenter<Aggregate>({
  tell: ({ id, attributes: a }, reading) => ({
    section: FUNCTIONS,
    cells: [
      [code(`${reading.short(quotePath(a.schema, a.name))}(${a.arguments})`)],
      [code(reading.short(a.result))],
      ["aggregate by ", code(reading.short(a.plain.transition))],
      grantsOf(id, reading),
    ],
  }),
});
