import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Argv } from "yargs";
import { COMMANDS, wordOf } from "../../cli/commands.ts";
import { main } from "../../cli/main.ts";

const written = { out: "", err: "" };

beforeEach(() => {
  Object.assign(written, { out: "", err: "" });
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.out += text;
    return true;
  });
  vi.spyOn(console, "log").mockImplementation((text) => {
    written.out += `${text}\n`;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.err += text;
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

const said = async (...args: string[]): Promise<string> => {
  written.out = "";
  await main(args);
  return written.out;
};

interface Option {
  readonly choices?: readonly string[];
  readonly default?: unknown;
  readonly demandOption?: boolean;
}

/** The options that a command asks yargs for. */
async function optionsOf(command: (typeof COMMANDS)[number]): Promise<readonly (readonly [name: string, Option])[]> {
  const asked: [string, Option][] = [];
  const recorder: Argv = new Proxy({} as Argv, {
    get: (_, method) => (name: string, option: Option) => {
      if (method === "option") asked.push([name, option]);
      return recorder;
    },
  });
  (await command.load()).builder(recorder);
  return asked;
}

const longest = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));

describe("help", () => {
  test("names every command once, with what it is for, within 80 columns", async () => {
    const help = await said("--help");
    for (const command of COMMANDS) {
      const lines = help.split("\n").filter((line) => line.trimStart().split(" ")[0] === wordOf(command));
      expect(lines, wordOf(command)).toHaveLength(1);
      expect(lines[0]).toContain(command.describe);
    }
    expect(longest(help)).toBeLessThanOrEqual(80);
    expect(await said()).toBe(help);
    expect(await said("help")).toBe(help);
  });

  test.each(COMMANDS.map(wordOf))(
    "of %s says what each option is for, and shows an example, within 80 columns",
    async (word) => {
      const help = await said(word, "--help");
      expect(longest(help)).toBeLessThanOrEqual(80);
      expect(help).toContain(`verso ${word}`);
      const options = help.split("\n").filter((line) => /^ +(-\w, )?--[a-z]/.test(line));
      expect(options.length).toBeGreaterThan(1);
      for (const line of options) expect(line, word).toMatch(/--\S+ {2,}\S|--\S{20,}$/);
      expect(help, word).toMatch(new RegExp(String.raw`^Examples:\n {2}# .+\n {2}verso ${word}\b`, "m"));
      expect(await said("help", word)).toBe(help);
    },
  );
});

test("help says what one can choose from, what is taken unless one does, and what must be given", async () => {
  for (const command of COMMANDS) {
    const help = (await said(wordOf(command), "--help")).replaceAll(/\s+/g, " ");
    for (const [name, option] of await optionsOf(command)) {
      const described = new RegExp(` --${name} (.*?)(?: --[a-z]| -\\w, |$)`).exec(help)?.[1] ?? "";
      const wanted = [...(option.choices ?? []), ...(option.demandOption ? ["required"] : []), option.default ?? ""];
      for (const word of wanted) expect(described, `verso ${wordOf(command)} --${name}`).toContain(String(word));
    }
  }
});

describe("a command line that cannot be meant", () => {
  // Each leads to one message with what to do, on standard error, and to exit code 1.
  const CASES: readonly (readonly [args: string, what: string, next: string])[] = [
    ["aply", "there is no command aply", "did you mean `verso apply`?"],
    ["help aply", "there is no command aply", "did you mean `verso apply`?"],
    ["frobnicate", "there is no command frobnicate", "`verso --help` lists the commands"],
    ["apply --dry", "`verso apply`: Unknown argument: dry", "`verso apply --help` lists what it takes"],
    ["apply 0001", "`verso apply`: Unknown command: 0001", "`verso apply --help` lists what it takes"],
    ["plan", "`verso plan` wants <name>", "`verso plan --help` lists what it takes"],
    ["diff --from empty", "`verso diff`: Missing required argument: to", "`verso diff --help` lists what it takes"],
    ["apply --target=", "`verso apply`: target is empty", "`verso apply --help` lists what it takes"],
    [
      "apply --lock-timeout soon",
      "--lock-timeout takes a number of milliseconds",
      "leave it out for 3000, or write --lock-timeout 10000",
    ],
    ["apply --steps", "`verso apply`: steps is empty", "`verso apply --help` lists what it takes"],
    ["--domain shop apply --dry", "`verso apply`: Unknown argument: dry", "`verso apply --help` lists what it takes"],
    ["apply --steps 0", "--steps takes a whole number from 1 on", "leave it out for all, or write --steps 1"],
  ];
  test.each(CASES)("verso %s", async (args, what, next) => {
    expect(await said(...args.split(" "))).toBe("");
    expect(written.err).toBe(`error[usage]: ${what}\n  next ${next}\n`);
    expect(process.exitCode).toBe(1);
  });
});

describe("completion offers", () => {
  const offered = async (...words: string[]) =>
    (await said("--get-yargs-completions", "verso", ...words)).trim().split("\n");

  test("commands", async () => {
    expect(await offered("")).toEqual(expect.arrayContaining(COMMANDS.map(wordOf)));
  });

  test("a command's options", async () => {
    expect(await offered("plan", "--")).toEqual(expect.arrayContaining(["--target", "--accept-data-loss", "--json"]));
  });

  test("this project's domains", async () => {
    expect(await offered("status", "--domain", "")).toContain("pixcrawler");
    expect(await offered("compile", "pix")).toEqual(["pixcrawler"]);
  });

  test("the tasks of upkeep", async () => {
    expect(await offered("maintain", "re")).toEqual(["refresh", "reindex"]);
  });

  test("a domain's migrations", async () => {
    expect(await offered("prove", "--domain", "fitness", "0001")).toEqual(["0001_initial"]);
    expect(await offered("apply", "--domain", "fitness", "--to", "0002")).toEqual([expect.stringMatching(/^0002_/)]);
  });
});
