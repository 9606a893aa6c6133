import type { CompiledDomain } from "../compile/compileDomain.ts";
import { ANSWERS_FILE, answersFor } from "../queries/answers.ts";
import { readQueries } from "../queries/parseQueries.ts";
import type { ClientFile } from "./file.ts";
import { buildModel } from "./model.ts";
import { projectPackages } from "./projectPackages.ts";
import { queriesFile } from "./queriesFile.ts";
import { viewValidatorsFile } from "./validatorFiles.ts";
import { answeredViews, viewFiles } from "./viewFiles.ts";

/** What PostgreSQL was asked about a domain, and where to ask again. */
export interface Asking {
  /** A file of the domain's generated folder as it is now, or null. */
  readonly readGenerated: (file: string) => Promise<string | null>;
  /** As `--shadow` names it. */
  readonly shadow: string | undefined;
}

/**
 * The functions of hand-written queries, and what PostgreSQL said of them and of views. A database is asked only about what
 * has changed.
 */
export async function renderQueries(domain: CompiledDomain, asking: Asking): Promise<readonly ClientFile[]> {
  const queries = await readQueries(domain.folder);
  const answers = await answersFor(domain, queries, await asking.readGenerated(ANSWERS_FILE), asking.shadow);
  if (answers === null) return [];
  const model = await buildModel(domain);
  const file = queriesFile(model, queries, answers.queries);
  const views = answeredViews(model, answers.views);
  const hasZod = views.length > 0 && (await projectPackages(domain.folder)).has("zod");
  return [
    ...viewFiles(model, views),
    ...(hasZod ? [await viewValidatorsFile(domain, model, views)] : []),
    ...(file === null ? [] : [file]),
    { file: ANSWERS_FILE, text: answers.text },
  ];
}
