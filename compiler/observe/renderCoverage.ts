import { fateOf, unobserved } from "./coverage.ts";
import { LEFT_OUT } from "./leftOut.ts";

/** A relation of pg_catalog, and its columns with the first and the last major version that has each. */
export interface CatalogRelation {
  readonly name: string;
  readonly is: "table" | "view";
  readonly columns: readonly { readonly name: string; readonly first: number; readonly last: number }[];
}

const KINDS_NAMED = 5;

/** What becomes of every column of pg_catalog, as Markdown. */
export function renderCoverage(relations: readonly CatalogRelation[], command: string): string {
  const majors = relations.flatMap(({ columns }) => columns.flatMap(({ first, last }) => [first, last]));
  const all: Versions = { first: Math.min(...majors), last: Math.max(...majors) };
  const tables = relations.filter(({ is }) => is === "table");
  const views = relations.filter(({ is }) => is === "view");
  const fates = tables.flatMap(({ name, columns }) => columns.map((column) => fateOf(name, column.name)?.fate));
  const count = (fate: string) => fates.filter((one) => one === fate).length;
  return `<!-- Written by \`${command}\`; not to be edited. -->
# What Verso knows of pg_catalog

Every relation of \`pg_catalog\` in PostgreSQL ${all.first} to ${all.last}, and what becomes of each of its columns:

- **modelled**: the queries of these kinds read it (${count("modelled")} columns);
- **derived**: it is seen in another form, which is named (${count("derived")});
- **left out**: with the reason (${count("left out")}).

The outside observer (\`verso diff --observer\`, and every test) compares all columns whatever a room reads, save those where
the last column of a table says why not. A test fails when a PostgreSQL brings a column that stands nowhere here.

${tables.map((table) => renderTable(table, all)).join("\n")}
## Views

They show what the tables above hold, or what a server is doing, and are left out for that.

| view | versions | columns |
|---|---|---|
${views.map((view) => renderView(view, all)).join("\n")}
`;
}

interface Versions {
  readonly first: number;
  readonly last: number;
}

function renderTable({ name, columns }: CatalogRelation, all: Versions): string {
  const whole = LEFT_OUT[name];
  if (whole !== undefined) {
    return `## ${name}\n\nLeft out: ${whole}. Columns: ${columns.map((column) => column.name + since(column, all, " ")).join(", ")}.\n`;
  }
  const rows = columns.map((column) => {
    const fate = fateOf(name, column.name);
    const why = fate === null ? "" : fate.fate === "modelled" ? kindsText(fate.kinds) : fate.why;
    const cells = [
      column.name,
      since(column, all),
      `**${fate?.fate ?? "unknown"}**`,
      why,
      unobserved(name, column.name),
    ];
    return `| ${cells.map((cell) => cell ?? "").join(" | ")} |`;
  });
  return `## ${name}\n\n| column | versions | fate | by, or why | not compared by the observer |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
}

function renderView({ name, columns }: CatalogRelation, all: Versions): string {
  const own = {
    first: Math.min(...columns.map(({ first }) => first)),
    last: Math.max(...columns.map(({ last }) => last)),
  };
  return `| ${name} | ${since(own, all)} | ${columns.map((column) => column.name + since(column, own, " ")).join(", ")} |`;
}

const kindsText = (kinds: readonly string[]): string =>
  kinds.length > KINDS_NAMED
    ? `${kinds.slice(0, KINDS_NAMED).join(", ")} and ${kinds.length - KINDS_NAMED} more`
    : kinds.join(", ");

/** Nothing for what all versions have. */
function since({ first, last }: Versions, all: Versions, before = ""): string {
  if (first === all.first && last === all.last) return "";
  if (last === all.last) return `${before}(since ${first})`;
  return `${before}(${first === last ? first : first === all.first ? `until ${last}` : `${first} to ${last}`})`;
}
