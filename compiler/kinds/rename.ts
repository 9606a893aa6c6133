import { quoteName, quotePath } from "../quote.ts";
import { type Statement, statement } from "./kind.ts";

interface Qualified {
  readonly schema: string;
  readonly name: string;
}

/** ALTER … SET SCHEMA and RENAME TO, as far as each is needed, for what lives in a schema under its own name. */
export const renameQualified = (what: string, from: Qualified, to: Qualified): readonly Statement[] => [
  ...(from.schema === to.schema
    ? []
    : [statement(`ALTER ${what} ${quotePath(from.schema, from.name)} SET SCHEMA ${quoteName(to.schema)}`)]),
  ...(from.name === to.name
    ? []
    : [statement(`ALTER ${what} ${quotePath(to.schema, from.name)} RENAME TO ${quoteName(to.name)}`)]),
];
