import { readdirSync, readFileSync } from "node:fs";

const WITHOUT_ROWS = " [without rows]";
const IN_USE = " [in use]";
const SINCE = / \[since (\d+)\]/;
const FOLDER = "test/diff/cases";

/** Pairs of states in SQL, in files that separate them by `### title` and `===`. */
export const hardCases = readdirSync(FOLDER).flatMap((file) =>
  readFileSync(`${FOLDER}/${file}`, "utf8")
    .split(/^### /m)
    .slice(1)
    .map((text) => {
      const title = text.slice(0, text.indexOf("\n"));
      const [before = "", after = "", forward] = text.slice(title.length).split(/^===$/m);
      const since = Number(SINCE.exec(title)?.[1] ?? 0);
      const withRows = !title.includes(WITHOUT_ROWS);
      const online = title.includes(IN_USE);
      const told = title.replace(WITHOUT_ROWS, "").replace(IN_USE, "").replace(SINCE, "");
      return { title: told, before, after, forward, withRows, online, since };
    }),
);
