import { extension } from "verso";

/** Similarity of texts, for search by name with typing errors. */
export const pg_trgm = extension("pg_trgm");
