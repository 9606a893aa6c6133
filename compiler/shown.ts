import { relative, resolve } from "node:path";

/** As a message shows a file: from the working directory, where it lies inside. */
export function shown(file: string): string {
  const known = shownFiles.get(file);
  if (known !== undefined) return known;
  const path = relative(process.cwd(), resolve(file));
  const answer = path.startsWith("..") || path === "" ? file : path;
  shownFiles.set(file, answer);
  return answer;
}

const shownFiles = new Map<string, string>();
