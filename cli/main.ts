import yargs, { type CommandModule } from "yargs";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { nearest } from "../compiler/nearest.ts";
import { loadEnvFiles } from "../compiler/session/environment.ts";
import { COMMANDS, COMPLETION, type Command, commandNamed, wordOf } from "./commands.ts";
import { valuesAt } from "./complete.ts";
import { overview } from "./overview.ts";
import { print, reportFailure } from "./terminal.ts";

declare module "yargs" {
  // Of yargs 18, which its types, still of 17, do not know.
  interface Argv {
    usageConfiguration(options: { readonly "hide-types": boolean }): this;
  }
}

/** Runs one command line. Sets the exit code: 0 done, 1 error, 2 differences or drift where asked to tell. */
export async function main(given: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners("error").includes(passOverClosed)) stream.on("error", passOverClosed);
  }
  // `verso help plan` is `verso plan --help`.
  const args = given[0] === "help" ? [...given.slice(1), "--help"] : given;
  const isJson = args.includes("--json");
  const words = args.filter((arg) => !arg.startsWith("-"));
  // Options may stand before the command, with their values: `verso --domain shop status`.
  const commandName = words.find((word) => commandNamed(word) !== undefined) ?? words[0];
  const chosen = commandName === undefined ? undefined : commandNamed(commandName);
  const { version } = await import("./version.ts");
  if (commandName === undefined && args.every((arg) => arg === "--help" || arg === "-h"))
    return print(overview(version));
  const offered = args[0] === "--get-yargs-completions" ? await valuesAt(args.slice(1)) : null;
  if (offered !== null) return print(offered.join("\n"));
  const loaded = chosen === undefined ? undefined : await chosen.load();
  try {
    loadEnvFiles(process.cwd());
    if (chosen === undefined && commandName !== undefined && args.includes("--help") && commandName !== COMPLETION.name)
      throw usageError("", commandName, chosen);
    const parser = yargs([...args])
      .scriptName("verso")
      .usageConfiguration({ "hide-types": true })
      .middleware(lastOfEach)
      .check(requireValues, true)
      .strict()
      .strictCommands()
      .demandCommand(1, "")
      .version(version)
      .hide("version")
      .alias("h", "help")
      .completion(COMPLETION.name, COMPLETION.describe)
      .wrap(Math.min(100, process.stdout.columns ?? 80))
      .exitProcess(false)
      .fail((message, error) => {
        throw error === undefined || message === error.message ? usageError(message, commandName, chosen) : error;
      });
    for (const command of COMMANDS) parser.command(commandModule(command, command === chosen ? loaded : undefined));
    await parser.parseAsync();
  } catch (error) {
    reportFailure(error, isJson);
    // As a shell has it for what Ctrl-C ended.
    process.exitCode = error instanceof Diagnostic && error.code === "cancelled" ? 130 : 1;
  }
}

/** Whoever reads may have had enough, as `head` has; the work goes on. */
function passOverClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** Of an option given twice the last counts, as in most programs; `domains`, `tasks` and `files` are lists by themselves. */
function lastOfEach(args: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(args)) {
    if (Array.isArray(value) && !["_", "domains", "tasks", "files"].includes(name)) args[name] = value.at(-1);
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
    builder: (args) =>
      (loaded?.builder(args) ?? args).option("json", {
        type: "boolean",
        describe: "results as JSON on standard output",
      }),
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
  const names = [...COMMANDS, COMPLETION].map(wordOf);
  const meant = commandName === undefined ? null : nearest(commandName, names);
  return new Diagnostic({
    code: "usage",
    what: commandName === undefined ? "no command was given" : `there is no command ${commandName}`,
    next: meant === null ? "`verso --help` lists the commands" : `did you mean \`verso ${meant}\`?`,
  });
}
