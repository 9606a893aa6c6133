// For `catch`: only what is not there is nothing. What cannot be read, for want of a permission say, is told.

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/** The entries of a folder that is not there. */
export function noneOfNothing(error: unknown): never[] {
  if (isMissing(error)) return [];
  throw error;
}

/** The text of a file that is not there. */
export function nullOfNothing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}
