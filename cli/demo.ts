import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Argv } from "yargs";
import { apply } from "../compiler/apply/apply.ts";
import { rollback } from "../compiler/apply/rollback.ts";
import { type CompiledDomain, compileDomain } from "../compiler/compile/compileDomain.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { diffFacts } from "../compiler/diff/diffFacts.ts";
import type { FactIndex } from "../compiler/facts.ts";
import { nextName } from "../compiler/migrations/migration.ts";
import { migrationsFolder, readMigration } from "../compiler/migrations/readMigrations.ts";
import { composeMigration, writeMigration } from "../compiler/migrations/writeMigration.ts";
import { proveMigration } from "../compiler/prove/proveMigration.ts";
import { takeCensus } from "../compiler/prove/rows.ts";
import { readCatalog } from "../compiler/read/readCatalog.ts";
import { domainSource } from "../compiler/resolve/definitionsSource.ts";
import { seedDatabase } from "../compiler/seed/seedDatabase.ts";
import { openEmbeddedSession } from "../compiler/session/embedded.ts";
import type { Session } from "../compiler/session/session.ts";
import { openShadow } from "../compiler/shadow/shadow.ts";
import { examples } from "./options.ts";
import { compileNamed, DEFINITIONS, domainNames, historyOf } from "./project.ts";
import { paint, paintSql, print, printJson } from "./terminal.ts";

export const builder = (args: Argv) =>
  args.epilogue(examples(["about half a minute, nothing to set up", "verso demo"]));

/** The domain whose definitions are changed, and what is written into a copy of one of its files. */
const STORY = {
  domain: "photo-identifier",
  file: "photos.ts",
  edits: [
    {
      find: "    thumbnail_url: text({ nullable: true }),\n",
      put: '    preview_url: text({ nullable: true, renamedFrom: "thumbnail_url" }),\n',
      says: "thumbnail_url is renamed to preview_url",
    },
    {
      find: "    width: integer({ nullable: true,",
      put: "    width: bigint({ nullable: true,",
      says: "width becomes a bigint",
    },
    {
      find: "    taken_at: timestamptz({ nullable: true }),\n",
      put: "    taken_at: timestamptz({ nullable: true }),\n    /** Who may see it. */\n    visibility: varchar(20, { backfill: sql`case when status = 'archived' then 'private' else 'public' end` }),\n",
      says: "visibility comes, NOT NULL, with a backfill for the photos that exist",
    },
  ],
} as const;

/** `verso demo`, which `npm start` runs: the main job from definitions to a live database, forward and back. */
export async function run({ json }: { json?: boolean }): Promise<number> {
  const started = performance.now();
  const say = json ? () => {} : print;
  say(heading("1  Five systems, compiled from their definitions"));
  const domains = await compileAll(say);
  const domain = domains.find(({ name }) => name === STORY.domain);
  if (domain === undefined) {
    throw new Diagnostic({
      code: "demo-elsewhere",
      what: `this project has no domain ${STORY.domain}, about which the demo is`,
      next: "run it in a checkout of Verso",
    });
  }

  say(heading("2  Each brought from empty to its latest migration, on an embedded PostgreSQL"));
  const live: Session[] = [];
  try {
    for (const other of domains) if (other !== domain) live.push(await bringUp(other, say));
    const session = await bringUp(domain, say);
    live.push(session);
    const outcome = await evolve(domain, session, say);
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    say(heading(`Done in ${seconds} s. Next`));
    say(nextSteps());
    if (json) printJson({ domains: domains.map(({ name }) => name), ...outcome, seconds });
    return 0;
  } finally {
    for (const session of live) await session.close();
  }
}

type Say = (text?: string) => void;

const heading = (text: string): string => `\n${paint("bold", text)}`;

async function compileAll(say: Say): Promise<readonly CompiledDomain[]> {
  const domains: CompiledDomain[] = [];
  const before = performance.now();
  for (const name of await domainNames()) {
    const domain = await compileNamed(name);
    say(`  ${name.padEnd(18)} ${countsOf(domain.facts)}`);
    domains.push(domain);
  }
  say(paint("dim", `  in ${Math.round(performance.now() - before)} ms`));
  return domains;
}

/** `21 tables, 86 indexes, …`: the kinds that a reader counts by. */
function countsOf(facts: FactIndex): string {
  const counted = { table: "tables", index: "indexes", constraint: "constraints", view: "views", policy: "policies" };
  const counts = Object.entries(counted).map(([kind, plural]) => {
    const count = [...facts.values()].filter((fact) => fact.kind === kind).length;
    return count === 0 ? "" : `${count} ${plural}`;
  });
  return counts.filter((count) => count !== "").join(", ");
}

/** An embedded database at the domain's latest migration, with its seed rows. */
async function bringUp(domain: CompiledDomain, say: Say): Promise<Session> {
  const { migrations, start, source } = await historyOf(domain);
  const session = await openEmbeddedSession({ extensions: [...source.extensions, ...domain.extensions] });
  await start.build(session, new Set());
  const rows = domain.startsFrom === null ? null : await readOptional(join(domain.folder, "legacy-rows.sql"));
  if (rows !== null) await session.run(rows);
  const { moves } = await apply(session, migrations, { acceptDataLoss: true });
  await seedDatabase(session, { domain: domain.name, files: domain.seeds.files }, { environments: ["demo"] });
  const names = moves.map(({ name }) => name);
  say(`  ${domain.name.padEnd(18)} ${chain(names).join(`\n${" ".repeat(21)}`)}`);
  return session;
}

/** `0001_initial → 0002_search`, in lines that fit beside a domain's name. */
function chain(names: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const name of names) {
    const line = lines.at(-1);
    if (line === undefined) lines.push(name);
    else if (line.length + name.length > 55) lines.push(`→ ${name}`);
    else lines[lines.length - 1] = `${line} → ${name}`;
  }
  return lines;
}

const readOptional = (file: string): Promise<string | null> => readFile(file, "utf8").catch(() => null);

async function evolve(domain: CompiledDomain, session: Session, say: Say) {
  const scratch = await mkdtemp(join(tmpdir(), "verso-demo-"));
  const shadow = await openShadow(undefined);
  try {
    say(heading(`3  A change to definitions/${STORY.domain}/${STORY.file}, in a scratch copy`));
    const folder = join(scratch, DEFINITIONS, STORY.domain);
    await cp(join(DEFINITIONS, STORY.domain), folder, { recursive: true });
    await edit(join(folder, STORY.file));
    for (const { says } of STORY.edits) say(`  · ${says}`);

    const { migrations, source } = await historyOf(domain);
    const name = nextName(
      migrations.map((migration) => migration.name),
      "demo_change",
    );
    const changed = await compileDomain(folder);
    const proved = await proveMigration(source, domainSource(changed), shadow, { withRows: true, online: true });
    const positions = new Map(
      [...changed.positions].map(([id, at]) => [
        id,
        { ...at, file: at.file.slice(at.file.indexOf(`${DEFINITIONS}/`)) },
      ]),
    );
    const files = composeMigration(proved, { domain: domain.name, name, positions });

    say(heading(`4  The plan, proved forward and back on ${shadow.label}: forward.sql`));
    say(paintSql(indent(files.forward)));
    say(heading("   its hazards, as measured, with the lines that cause them"));
    say(indent(section(files.review, "### Going forward")));
    say(heading("   and rollback.sql"));
    say(paintSql(indent(files.rollback)));

    const migrationFolder = join(migrationsFolder(join(scratch, "sql"), domain.name), name);
    await writeMigration(migrationFolder, files);
    const migration = await readMigration(migrationFolder);

    say(heading("5  Applied over rows, and rolled back"));
    const before = await picture(session);
    say(`  before    ${before.rows} rows in ${before.tables} tables`);
    await apply(session, [...migrations, migration], { acceptDataLoss: true });
    const [shown] = await session.query<{ visibility: string; photos: number }>(
      "select string_agg(distinct visibility, ', ') as visibility, count(*)::int as photos from photos",
    );
    say(`  applied   ${name}; ${shown?.photos ?? 0} photos now have a visibility: ${shown?.visibility ?? "none"}`);
    await rollback(session, { acceptDataLoss: true });
    const after = await picture(session);
    const catalogDiffers = diffFacts(before.facts, after.facts).length;
    const columnsHarmed = [...before.census].filter(([column, digest]) => after.census.get(column) !== digest).length;
    say(`  back      ${after.rows} rows; ${columnsHarmed} of ${before.census.size} columns differ in their values`);
    say(
      `  catalog   ${catalogDiffers === 0 ? paint("green", "is exactly what it was") : `${catalogDiffers} facts differ`}`,
    );
    return { migration: name, rows: after.rows, columnsHarmed, catalogDiffers };
  } finally {
    await shadow.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function edit(file: string): Promise<void> {
  let text = await readFile(file, "utf8");
  for (const { find, put } of STORY.edits) {
    if (!text.includes(find)) {
      throw new Diagnostic({
        code: "demo-outdated",
        what: `the demo does not find the line that it changes: ${find.trim()}`,
        at: { file, line: 1, column: 1 },
        next: "bring STORY in cli/demo.ts up to date with the definitions",
      });
    }
    text = text.replace(find, put);
  }
  await writeFile(file, text);
}

/** What the rollback must bring back. */
async function picture(session: Session) {
  const facts = await readCatalog(session);
  const census = await takeCensus(session, facts);
  const tables = await session.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public'",
  );
  let rows = 0;
  for (const { name } of tables) {
    const [row] = await session.query<{ n: number }>(`select count(*)::int as n from ${name}`);
    rows += row?.n ?? 0;
  }
  return { facts, census, tables: tables.length, rows };
}

/** The part of a markdown text under a heading, up to the next. */
function section(text: string, title: string): string {
  const lines = text.split("\n");
  const from = lines.indexOf(title) + 1;
  const length = lines.slice(from).findIndex((line) => line.startsWith("#"));
  return lines
    .slice(from, from + length)
    .join("\n")
    .trim()
    .replaceAll("**", "");
}

const indent = (text: string): string => text.trimEnd().replaceAll(/^(?=.)/gm, "  ");

const nextSteps = (): string =>
  [
    "  npm run verso -- compile                  definitions → sql/ and generated/",
    "  npm run verso -- plan my_change --domain fitness",
    "                                            after you changed something there",
    "  npm run verso -- diff --from empty --to definitions/pixcrawler",
    "  npm run verso -- apply --domain fitness --target postgres://me@localhost/fitness",
    "  npm run verso -- --help",
    "  README.md                                 five minutes on your own database",
  ].join("\n");
