import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

export interface Ran {
  /** Exit code. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder outside of this repository in which `verso` is run as people run it: a process without a terminal. */
export interface Project {
  readonly folder: string;
  readonly verso: (...args: string[]) => Promise<Ran>;
  readonly write: (file: string, text: string) => Promise<void>;
  readonly read: (file: string) => Promise<string>;
  /** Every file with its text, so that a test can say that nothing was changed. */
  readonly files: () => Promise<Readonly<Record<string, string>>>;
  readonly close: () => Promise<void>;
}

const COMMAND = resolve("cli/verso.mjs");

export async function newProject(environment: Readonly<Record<string, string>> = {}): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "verso-cli-"));
  const { DATABASE_URL: _, FORCE_COLOR: __, ...inherited } = process.env;
  const env = { ...inherited, NO_COLOR: "1", COLUMNS: "80", ...environment };
  return {
    folder,
    verso: (...args) =>
      new Promise((done, failed) => {
        const child = spawn(process.execPath, [COMMAND, ...args], {
          cwd: folder,
          env,
          stdio: ["ignore", "pipe", "pipe"],
        });
        const texts = { out: "", err: "" };
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          texts.out += text;
        });
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          texts.err += text;
        });
        child.on("error", failed).on("close", (code) => done({ code, ...texts }));
      }),
    write: async (file, text) => {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    },
    read: (file) => readFile(join(folder, file), "utf8"),
    files: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      const texts = await Promise.all(files.sort().map(async (file) => [file, await readFile(file, "utf8")] as const));
      return Object.fromEntries(texts);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
