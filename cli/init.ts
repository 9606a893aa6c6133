import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Argv } from "yargs";
import { type Adoption, adopt } from "../compiler/apply/adopt.ts";
import { listDeltas } from "../compiler/apply/gate.ts";
import { withJudge } from "../compiler/apply/judge.ts";
import { emitDomain } from "../compiler/compile/emit.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { describeDelta } from "../compiler/diff/diffFacts.ts";
import { migrationNames, migrationsFolder, readMigrations } from "../compiler/migrations/readMigrations.ts";
import { type Pull, pull } from "../compiler/pull/pull.ts";
import { openSource } from "../compiler/resolve/openSource.ts";
import type { Source } from "../compiler/resolve/source.ts";
import { isDatabaseUrl, openSession } from "../compiler/session/open.ts";
import { redactUrl } from "../compiler/session/server.ts";
import { comparedWith, writeBaseline } from "../compiler/setup/writeBaseline.ts";
import type { Shadow } from "../compiler/shadow/shadow.ts";
import { askText, askWhether, isAnswered } from "./ask.ts";
import { tellAdoption } from "./baseline.ts";
import { examples, SHADOW } from "./options.ts";
import { working } from "./progress.ts";
import { compileNamed, DEFINITIONS, GENERATED, historyOf, isThere, SQL, startShadow, withSession } from "./project.ts";
import { tellDifferences, tellLeft } from "./pull.ts";
import { paint, print, printJson, tell, tellNote } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("name", { type: "string", describe: "the first domain's name; asked for on a terminal" })
    .option("yes", { alias: "y", type: "boolean", describe: "take the folder's name without asking" })
    .option("from", { type: "string", describe: "a database that is there already, around which to set up" })
    .option("baseline", {
      type: "boolean",
      describe: "with --from: record in its ledger that it is there already; asked on a terminal",
    })
    .option("shadow", SHADOW)
    .implies("baseline", "from")
    .implies("shadow", "from")
    .epilogue(
      examples(
        ["a first domain in definitions/shop/", "verso init --name shop"],
        ["around a database", "verso init --name shop --from postgres://…/shop --baseline"],
      ),
    );

interface Args {
  readonly name?: string;
  readonly yes?: boolean;
  readonly from?: string;
  readonly baseline?: boolean;
  readonly shadow?: string;
  readonly json?: boolean;
}

/** `verso init`: a first domain with one table, or that of a database. Touches no file that is there already. */
export async function run(args: Args): Promise<number> {
  const name = args.name ?? (await nameOfDomain(args.yes === true || args.json === true));
  if (!isDomainName(name)) {
    throw new Diagnostic({
      code: "domain-name",
      what: `${JSON.stringify(name)} cannot name a domain`,
      next: `${NAMING}: \`verso init --name shop\``,
    });
  }
  return args.from === undefined ? writeFirst(name, args) : aroundDatabase(name, args.from, args);
}

async function writeFirst(name: string, args: Args): Promise<number> {
  const written: string[] = [];
  for (const [file, text] of Object.entries(filesOf(name))) {
    if (await isThere(file)) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    written.push(file);
  }
  if (args.json) printJson({ domain: name, written });
  else {
    for (const file of written) print(file);
    tell(
      written.length === 0
        ? "everything is here already"
        : `edit ${join(DEFINITIONS, name)}/, then \`npx verso compile\` and \`npx verso plan initial\``,
    );
  }
  return 0;
}

/** Definitions, emitted files and a first migration of what a database is; what is there from an earlier run stays. */
async function aroundDatabase(name: string, from: string, args: Args): Promise<number> {
  const folder = join(DEFINITIONS, name);
  const isRecording = await isToBeRecorded(from, args);
  const migrations = await migrationNames(migrationsFolder(SQL, name));
  const source = migrations.length > 0 ? null : await working("reading", () => openSource(from));
  const shadow = await startShadow(args.shadow);
  try {
    const pulled = source === null ? null : await pullOnce(source, shadow, folder, name);
    const told = {
      domain: name,
      ...(pulled === null ? {} : { ...pulled, differences: pulled.differences.map(describeDelta) }),
    };
    if (pulled !== null && !args.json) {
      for (const file of pulled.written) print(file);
      tellLeft(pulled);
      for (const object of pulled.unmodelled)
        tellNote(`${object} is of a kind that is not modelled, and is left as it is`);
    }
    if (source !== null && pulled !== null && pulled.differences.length > 0) {
      if (args.json) printJson({ ...told, emitted: [], baseline: null, adoption: null });
      else tellDifferences(pulled.differences, source.name, shadow);
      return 2;
    }
    const domain = await compileNamed(name);
    const emitted = await emitDomain(domain, { sql: SQL, generated: GENERATED, shadow: args.shadow });
    const version = source?.recorded?.version ?? shadow.version;
    const baseline =
      source === null
        ? null
        : await working("proving", (work) =>
            writeBaseline(domain, shadow, { sql: SQL, version, onPhase: work.advance }),
          );
    if (!args.json) {
      if (baseline === null) tell(`${name} has its migrations already: ${migrations.join(", ")}`);
      else print(`${baseline}/`);
      tell(`${emitted.length === 1 ? "1 file" : `${emitted.length} files`} emitted to ${SQL}/ and ${GENERATED}/`);
    }
    const adoption = isRecording ? await record(from, name, args) : null;
    if (args.json) printJson({ ...told, emitted, baseline, adoption });
    else {
      if (adoption !== null) tellAdoption(adoption, { name: redactUrl(from) });
      tellNext(name, from, adoption !== null);
    }
    return 0;
  } finally {
    await shadow.close();
  }
}

interface Pulled extends Pull {
  /** Objects that no definition can hold. */
  readonly unmodelled: readonly string[];
}

/** @throws Diagnostic `definitions-differ` where there are some already, which are left as they are */
async function pullOnce(source: Source, shadow: Shadow, folder: string, name: string): Promise<Pulled> {
  const unmodelled = source.recorded?.unmodelled ?? [];
  if (!(await isThere(join(folder, "domain.ts")))) {
    return { ...(await working("pulling", () => pull(source, shadow, { folder, name }))), unmodelled };
  }
  const differences = await working("comparing", async () => comparedWith(source, await compileNamed(name), shadow));
  if (differences.length === 0) {
    return { written: [], inPlainSql: [], leftByHand: [], secrets: [], differences, unmodelled };
  }
  throw new Diagnostic({
    code: "definitions-differ",
    what: `${folder} is there already, and is not what ${source.name} is`,
    why: listDeltas(differences),
    next: `take over what differs with \`verso pull --domain ${name} --from …\`, then run this again; or choose another --name`,
  });
}

/** Asked before anything is done, so that whoever breaks off finds nothing half done. */
async function isToBeRecorded(from: string, { baseline, json }: Args): Promise<boolean> {
  if (baseline === true && !isDatabaseUrl(from)) {
    throw new Diagnostic({
      code: "usage",
      what: `--baseline records in a database, and ${from} is none`,
      next: "leave it out, or name a database with --from",
    });
  }
  if (baseline !== undefined || !isDatabaseUrl(from) || json === true || !isAnswered()) return baseline === true;
  return askWhether(`Record the baseline as applied in ${redactUrl(from)}? Only schema verso is added`, true);
}

async function record(from: string, name: string, { shadow }: Args): Promise<Adoption> {
  const migrations = await readMigrations(migrationsFolder(SQL, name));
  const session = await openSession(from, { mustExist: true });
  return withSession(session, () =>
    withJudge(
      () => startShadow(shadow),
      migrations,
      async () => (await historyOf(await compileNamed(name))).start,
      (judge) => adopt(session, migrations, { judge }),
    ),
  );
}

function tellNext(name: string, from: string, isRecorded: boolean): void {
  const target = isDatabaseUrl(from) ? redactUrl(from) : "postgres://…";
  const steps = [
    ...(isRecorded
      ? []
      : [[`verso baseline --domain ${name} --target ${target}`, "its ledger then knows what is there"]]),
    [`git add ${DEFINITIONS} ${SQL} ${GENERATED}`, "all of it is to be committed"],
    [`verso check --domain ${name} --target ${target}`, "whether it is still so; `status` tells where it stands"],
    ["verso baseline --target …", "for each further database that is so already: staging, production"],
  ];
  tell(
    ["", "Next", ...steps.map(([line, does]) => `  ${line}\n      ${paint("dim", does ?? "", process.stderr)}`)].join(
      "\n",
    ),
  );
}

const NAMING = "use lower-case letters, digits, hyphens and underscores";

const isDomainName = (name: string): boolean => /^[a-z][a-z0-9_-]*$/.test(name);

async function nameOfDomain(isSilent: boolean): Promise<string> {
  const proposed = basename(process.cwd())
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "_")
    .replace(/^[^a-z]+/, "");
  const usual = proposed === "" ? "app" : proposed;
  if (isSilent || !isAnswered()) return usual;
  const validate = (answer: string) => (isDomainName(answer) ? undefined : NAMING);
  return askText({ message: "Name of the first domain", usual, validate });
}

const filesOf = (name: string): Readonly<Record<string, string>> => ({
  [join(DEFINITIONS, name, "domain.ts")]: `import { domain } from "verso";

export default domain({ name: "${name}" });
`,
  [join(DEFINITIONS, name, "shared.ts")]: `import { fn, sql, timestamptz } from "verso";

/** Keeps \`updated_at\` at the time of the last change. */
export const setUpdatedAt = fn("set_updated_at", {
  returns: "trigger",
  body: sql\`begin new.updated_at := now(); return new; end\`,
});

/** When a row was made and last changed; spread it into a table's columns. */
export const timestamps = {
  created_at: timestamptz({ default: sql\`now()\` }),
  updated_at: timestamptz({ default: sql\`now()\` }),
};

/** Spread it into the triggers of a table that has the columns above. */
export const touched = { set_updated_at: { before: ["update"], execute: setUpdatedAt } } as const;
`,
  [join(DEFINITIONS, name, "users.ts")]: `import { sql, table, uuid, varchar } from "verso";
import { timestamps, touched } from "./shared.ts";

/** Everybody who may log in. */
export const users = table("users", {
  columns: {
    id: uuid({ primaryKey: true, default: sql\`gen_random_uuid()\` }),
    /** Lower case. */
    email: varchar(255, { unique: true }),
    ...timestamps,
  },
  checks: { users_email_is_lower_case: sql\`email = lower(email)\` },
  triggers: { ...touched },
});
`,
});
