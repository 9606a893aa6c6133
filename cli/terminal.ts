import { stripVTControlCharacters, styleText } from "node:util";
import { formatPosition } from "../compiler/diagnostic.ts";
import { explain } from "../compiler/explain.ts";

type Style = Parameters<typeof styleText>[0];

/** Text in a style where the stream shows colours (NO_COLOR, FORCE_COLOR and pipes are honoured), else plain. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** A result, on standard output. */
export function print(text = ""): void {
  aboveHeldLine(() => process.stdout.write(`${text}\n`));
}

/** Talk about the work, on standard error. */
export function tell(text: string): void {
  aboveHeldLine(() => process.stderr.write(`${text}\n`));
}

/** Something to know that is no failure. */
export function tellNote(text: string): void {
  tell(`${paint("yellow", "note", process.stderr)}: ${text}`);
}

let heldLine: string | null = null;

/** Keeps a line at the bottom of the terminal, below all that is printed, until it is changed or, with null, taken away. */
export function holdLine(line: string | null): void {
  if (line === heldLine) return;
  clearHeldLine();
  heldLine = line;
  if (line !== null) process.stderr.write(line);
}

function aboveHeldLine(write: () => void): void {
  clearHeldLine();
  write();
  if (heldLine !== null) process.stderr.write(heldLine);
}

function clearHeldLine(): void {
  if (heldLine !== null) process.stderr.write("\r\u001b[K");
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** SQL as it is shown on a terminal: comments dimmed. */
export function paintSql(sql: string): string {
  return sql.replace(/^--.*$/gm, (comment) => paint("dim", comment));
}

export function reportFailure(error: unknown, isJson: boolean): void {
  const { code, what, at, why, next } = explain(error);
  if (isJson) {
    printJson({ error: { code, what, at, why, next } });
    return;
  }
  const line = (label: string, text: string) =>
    tell(`  ${paint("dim", label.padEnd(4), process.stderr)} ${text.replaceAll("\n", "\n       ")}`);
  tell(`${paint("red", `error[${code}]`, process.stderr)}: ${what}`);
  if (at !== undefined) line("at", formatPosition(at));
  if (why !== undefined) line("why", why);
  line("next", next);
}

/**
 * A table with aligned columns, for results on a terminal; what does not fit its width is cut off, elsewhere nothing is.
 * @param rows the heading first; cells may be painted
 */
export function columnsOf(rows: readonly (readonly string[])[]): string {
  const columns = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => widthOf(row[i] ?? "")))) ?? [];
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - widthOf(cell)))
      .join("  ")
      .trimEnd();
  const fitting = (text: string) =>
    widthOf(text) <= columns ? text : `${stripVTControlCharacters(text).slice(0, columns - 1)}…`;
  return rows.map((row, i) => (i === 0 ? paint("dim", fitting(line(row))) : fitting(line(row)))).join("\n");
}

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/** Differences as they are shown on a terminal: what comes in green, what goes in red, what changes in yellow. */
export function paintDeltas(lines: readonly string[]): string {
  return lines
    .map((line) => {
      const style = DELTA_STYLES[line[0] ?? ""];
      return style === undefined ? line : paint(style, line);
    })
    .join("\n");
}

const DELTA_STYLES: Readonly<Record<string, Style>> = { "+": "green", "-": "red", "~": "yellow" };

/** A moment as PostgreSQL prints it, to the second. */
export const toTheSecond = (moment: string): string => moment.replace(/\.\d+/, "");
