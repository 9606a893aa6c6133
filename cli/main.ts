import yargs, { type Argv, type CommandModule } from "yargs";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { nearest } from "../compiler/nearest.ts";
import { reportFailure } from "./terminal.ts";

/** A command's file, loaded only when it is the one that runs. */
interface Command {
  readonly name: string;
  readonly describe: string;
  readonly load: () => Promise<{
    readonly builder: (args: Argv) => Argv;
    readonly run: (args: never) => Promise<number>;
  }>;
}

const COMMANDS: readonly Command[] = [
  { name: "init", describe: "set a project up in this folder", load: () => import("./init.ts") },
  { name: "compile [domains..]", describe: "definitions → sql/ and generated/", load: () => import("./compile.ts") },
  { name: "diff", describe: "SQL that turns one state into another, and back", load: () => import("./diff.ts") },
  { name: "plan <name>", describe: "a new migration, proved both ways", load: () => import("./plan.ts") },
  { name: "prove <migration>", describe: "prove a migration again, after an edit", load: () => import("./prove.ts") },
  { name: "apply", describe: "bring the target to its latest migration", load: () => import("./apply.ts") },
  { name: "rollback", describe: "take the target's last migration back", load: () => import("./rollback.ts") },
  { name: "status", describe: "where the target stands", load: () => import("./status.ts") },
  { name: "history", describe: "what happened to the target", load: () => import("./history.ts") },
  { name: "check", describe: "has the target drifted? do queries still fit?", load: () => import("./check.ts") },
  { name: "pull", describe: "a database → definitions, or what changed in them", load: () => import("./pull.ts") },
  { name: "docs [domains..]", describe: "definitions → documents with ER diagrams", load: () => import("./docs.ts") },
  { name: "serve", describe: "health pages of the target over HTTP", load: () => import("./serve.ts") },
  { name: "snapshot <state>", describe: "a state's catalog as one JSON file", load: () => import("./snapshot.ts") },
  {
    name: "demo",
    describe: "the main job on the five systems, on the embedded engine",
    load: () => import("./demo.ts"),
  },
];

const commandNamed = (word: string): Command | undefined => COMMANDS.find(({ name }) => name.split(" ")[0] === word);

/** Runs one command line. Sets the exit code: 0 done, 1 error, 2 differences or drift where asked to tell. */
export async function main(args: readonly string[]): Promise<void> {
  const isJson = args.includes("--json");
  const words = args.filter((arg) => !arg.startsWith("-"));
  // Options may stand before the command, with their values: `verso --domain shop status`.
  const commandName = words.find((word) => commandNamed(word) !== undefined) ?? words[0];
  const chosen = commandName === undefined ? undefined : commandNamed(commandName);
  const loaded = chosen === undefined ? undefined : await chosen.load();
  try {
    const parser = yargs([...args])
      .scriptName("verso")
      .usage("$0 <command>\n\nSchema-as-code for PostgreSQL: forward and back, both proved.")
      .middleware(lastOfEach)
      .check(requireValues, true)
      .strict()
      .strictCommands()
      .demandCommand(1, "")
      .version((await import("./version.ts")).version)
      .alias("h", "help")
      .completion("completion", "print a script for shell completion")
      .option("json", { type: "boolean", describe: "results as JSON on standard output", global: true })
      .wrap(Math.min(100, process.stdout.columns ?? 80))
      .exitProcess(false)
      .fail((message, error) => {
        throw error === undefined || message === error.message ? usageError(message, commandName, chosen) : error;
      });
    for (const command of COMMANDS) parser.command(commandModule(command, command === chosen ? loaded : undefined));
    await parser.parseAsync();
  } catch (error) {
    reportFailure(error, isJson);
    process.exitCode = 1;
  }
}

/** Of an option given twice the last counts, as in most programs; `domains` is a list by itself. */
function lastOfEach(args: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(args)) {
    if (Array.isArray(value) && name !== "_" && name !== "domains") args[name] = value.at(-1);
  }
}

/** `--target "$UNSET"` must not pass for a command line without --target. */
function requireValues(args: Readonly<Record<string, unknown>>): true {
  const empty = Object.keys(args).find((name) => args[name] === "" || args[name] === undefined);
  if (empty !== undefined) throw new Error(`${empty} is empty`);
  return true;
}

function commandModule(
  { name, describe }: Command,
  loaded: Awaited<ReturnType<Command["load"]>> | undefined,
): CommandModule {
  return {
    command: name,
    describe,
    builder: (args) => loaded?.builder(args) ?? args,
    handler: async (args) => {
      if (loaded !== undefined) process.exitCode = await loaded.run(args as never);
    },
  };
}

function usageError(message: string, commandName: string | undefined, chosen: Command | undefined): Diagnostic {
  if (chosen !== undefined) {
    const [name, argument] = chosen.name.split(" ");
    const isMissing = argument !== undefined && message.startsWith("Not enough non-option arguments");
    return new Diagnostic({
      code: "usage",
      what: isMissing ? `\`verso ${name}\` wants ${argument}` : `\`verso ${name}\`: ${message.trim()}`,
      next: `\`verso ${name} --help\` lists what it takes`,
    });
  }
  const names = COMMANDS.map(({ name }) => name.split(" ")[0] ?? "");
  const meant = commandName === undefined ? null : nearest(commandName, names);
  return new Diagnostic({
    code: "usage",
    what: commandName === undefined ? "no command was given" : `there is no command ${commandName}`,
    next: meant === null ? "`verso --help` lists the commands" : `did you mean \`verso ${meant}\`?`,
  });
}
