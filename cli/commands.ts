import type { Argv } from "yargs";

/** A command's file, loaded only when it is the one that runs. */
export interface Command {
  /** Its word, and what it takes without a dash, as yargs writes it. */
  readonly name: string;
  readonly describe: string;
  readonly load: () => Promise<{
    readonly builder: (args: Argv) => Argv;
    readonly run: (args: never) => Promise<number>;
  }>;
}

/** The commands by what people are about when they use them, in the order in which a project comes to them. */
export const COMMAND_GROUPS = {
  "Set up": [
    { name: "init", describe: "a project in this folder, new or around a database", load: () => import("./init.ts") },
    { name: "pull", describe: "a database → definitions, or what changed in them", load: () => import("./pull.ts") },
    {
      name: "setup",
      describe: "a database made, migrated, tried out and seeded",
      load: () => import("./setup.ts"),
    },
    {
      name: "baseline",
      describe: "record what a database has already",
      load: () => import("./baseline.ts"),
    },
  ],
  "Change definitions": [
    { name: "compile [domains..]", describe: "definitions → sql/ and generated/", load: () => import("./compile.ts") },
    { name: "plan <name>", describe: "a new migration, proved both ways", load: () => import("./plan.ts") },
    { name: "prove <migration>", describe: "prove a migration again, after an edit", load: () => import("./prove.ts") },
    { name: "docs [domains..]", describe: "definitions → documents with ER diagrams", load: () => import("./docs.ts") },
  ],
  "Move a database": [
    { name: "apply", describe: "bring the target to its latest migration", load: () => import("./apply.ts") },
    { name: "rollback", describe: "take the target's last migration back", load: () => import("./rollback.ts") },
    { name: "status", describe: "where the target stands", load: () => import("./status.ts") },
    { name: "history", describe: "what happened to the target", load: () => import("./history.ts") },
    {
      name: "check",
      describe: "has the target drifted? do queries still fit?",
      load: () => import("./check.ts"),
    },
  ],
  "Fill it": [
    { name: "seed", describe: "declared rows into the target, and bulk data", load: () => import("./seed.ts") },
    { name: "load <files..>", describe: "logs kept by hand → rows", load: () => import("./load.ts") },
  ],
  "Run it": [
    { name: "doctor", describe: "what could be better in a database, and how", load: () => import("./doctor.ts") },
    { name: "serve", describe: "the schema in a browser; health pages", load: () => import("./serve.ts") },
    {
      name: "maintain [tasks..]",
      describe: "upkeep: what needs it, or all",
      load: () => import("./maintain.ts"),
    },
    { name: "purge", describe: "what migrations set aside, gone for good", load: () => import("./purge.ts") },
  ],
  "Compare anything": [
    { name: "diff", describe: "SQL that turns one state into another, and back", load: () => import("./diff.ts") },
    { name: "snapshot <state>", describe: "a state's catalog as one JSON file", load: () => import("./snapshot.ts") },
  ],
  "Try it": [{ name: "demo", describe: "the main job on five example systems", load: () => import("./demo.ts") }],
} satisfies Readonly<Record<string, readonly Command[]>>;

export const COMMANDS: readonly Command[] = Object.values(COMMAND_GROUPS).flat();

/** The command that yargs itself runs. */
export const COMPLETION = { name: "completion", describe: "print a script that has your shell complete commands" };

/** What is typed to run it. */
export const wordOf = ({ name }: Pick<Command, "name">): string => name.split(" ")[0] ?? name;

export const commandNamed = (word: string): Command | undefined => COMMANDS.find((command) => wordOf(command) === word);
