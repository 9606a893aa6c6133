import type { CompiledDomain } from "../compile/compileDomain.ts";
import { searchPathNames } from "../compile/renderScripts.ts";
import { tables as tableKind } from "../kinds/tables.ts";
import type { GenerateRequest } from "./generateRows.ts";
import { REFERENCE_ROWS } from "./seedDatabase.ts";

/** What can be generated into a domain's tables; reference data is as it is declared. */
export function tablesOf({ domain, facts, seeds: { files, rules } }: CompiledDomain): GenerateRequest {
  const tables = [...facts.values()].flatMap(({ kind, attributes: { schema, name } }) =>
    kind === tableKind.kind && typeof schema === "string" && typeof name === "string" ? [{ schema, name }] : [],
  );
  const given = files
    .filter(({ environment }) => environment === REFERENCE_ROWS)
    .flatMap(({ seeds }) => seeds.map(({ schema, table }) => ({ schema, name: table })));
  return { tables, rules, given, searchPath: searchPathNames(domain) };
}
