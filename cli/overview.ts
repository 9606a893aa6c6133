import { COMMAND_GROUPS, COMPLETION, type Command } from "./commands.ts";
import { paint } from "./terminal.ts";

type Shown = Pick<Command, "name" | "describe">;

/** What `verso --help` shows: all commands, a line each, by what one is about. */
export function overview(version: string): string {
  const groups: readonly (readonly [string, readonly Shown[]])[] = [
    ...Object.entries(COMMAND_GROUPS),
    ["For your shell", [COMPLETION]],
  ];
  const width = Math.max(...groups.flatMap(([, commands]) => commands.map((command) => shown(command).length)));
  const lineOf = (command: Shown) => `  ${shown(command).padEnd(width)}  ${paint("dim", command.describe)}`;
  return [
    `${paint("bold", "verso")} ${version}: schema-as-code for PostgreSQL, forward and back, both proved`,
    "",
    ...groups.flatMap(([title, commands]) => [paint("bold", title), ...commands.map(lineOf), ""]),
    "`verso help plan` explains a command. Every command takes --json.",
    "The target is --target, else <DOMAIN>_DATABASE_URL, else DATABASE_URL.",
    "Exit codes: 0 done, 1 error, 2 differences where the command was asked to tell.",
  ].join("\n");
}

/** `plan <name>` rather than yargs's forms of lists. */
const shown = ({ name }: Shown): string => name.replace("..", "…");
