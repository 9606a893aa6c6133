import type { CompiledDomain } from "../compile/compileDomain.ts";
import { clientFiles } from "./clientFiles.ts";
import type { ClientFile } from "./file.ts";
import { kyselyFile } from "./kyselyFile.ts";
import { buildModel } from "./model.ts";
import { projectPackages } from "./projectPackages.ts";
import { schemaFiles } from "./schemaFiles.ts";
import { tableFile } from "./tableFile.ts";
import { customTypesFile, enumsFile } from "./typeFiles.ts";
import { validatorFiles } from "./validatorFiles.ts";

export type { ClientFile } from "./file.ts";

/** The typed client of a domain, without asking a database. A domain without tables has none. */
export async function renderClient(domain: CompiledDomain): Promise<readonly ClientFile[]> {
  const model = await buildModel(domain);
  if (model.tables.length === 0) return [];
  const schemas = [...new Set([model.schema, ...model.tables.map(({ schema }) => schema)])];
  const enums = enumsFile(model);
  const packages = await projectPackages(domain.folder);
  return [
    ...(enums === null ? [] : [enums]),
    customTypesFile(model),
    ...model.tables.map((table) => tableFile(model.domain, table)),
    ...schemas.flatMap((schema) => schemaFiles(model, schema)),
    ...clientFiles(domain, model),
    ...(await validatorFiles(domain, model)).filter(({ file }) => packages.has("zod") || file.endsWith(".json")),
    ...(packages.has("kysely") ? [kyselyFile(model)] : []),
  ];
}
