import type { CompiledDomain } from "../compile/compileDomain.ts";
import { issuedByHand } from "../generate/issued.ts";
import { schemaHash } from "../queries/answers.ts";
import { readQueries } from "../queries/parseQueries.ts";
import type { KeptQueries } from "./keptQueries.ts";

/** Apart from their reading, for which nothing of the generator need be loaded: services read migrations. */
export async function queriesToKeep(domain: CompiledDomain): Promise<KeptQueries> {
  const queries = issuedByHand(await readQueries(domain.folder)).map(({ name, sql, at }) => ({
    name,
    sql,
    ...(at === undefined ? {} : { at }),
  }));
  return { format: "verso queries 1", schema: schemaHash(domain), queries };
}
