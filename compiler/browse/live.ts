import type { CompiledDomain } from "../compile/compileDomain.ts";
import { Diagnostic } from "../diagnostic.ts";
import { diffFacts } from "../diff/diffFacts.ts";
import { differenceSvg } from "../document/difference.ts";
import type { FactId, FactIndex } from "../facts.ts";
import { checksum, fingerprint } from "../migrations/fingerprint.ts";
import type { Rename } from "../plan/renames.ts";
import { resolve, tryRenames } from "../prove/proveMigration.ts";
import { settleTexts } from "../prove/settleTexts.ts";
import { withinReach } from "../prove/withinReach.ts";
import { readCatalog } from "../read/readCatalog.ts";
import { asRecordedBy } from "../resolve/asRecordedBy.ts";
import { domainSource } from "../resolve/definitionsSource.ts";
import { governed } from "../resolve/governed.ts";
import { recordedSource } from "../resolve/recordedSource.ts";
import type { StandIns } from "../resolve/source.ts";
import { type Surroundings, tell } from "../service/pages.ts";
import { migrationsOf } from "../service/prepare.ts";
import { verify } from "../service/verify.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { inWords, type ObjectDifferences, SINCE_LEFT, TO_DECLARED } from "./words.ts";

/** Where the target stands on its migrations, and what others changed in it: by ledger and catalog alone. */
export async function standing({ domain, project, read }: Surroundings): Promise<object> {
  const migrations = await migrationsOf(domain, project);
  return read(async (session) => {
    const { problems, drift, ...found } = await verify(session, domain, migrations);
    const facts = drift.length === 0 ? new Map() : await readCatalog(session);
    const major = Math.floor(session.version / 10_000);
    return {
      target: session.name,
      version: `${major}.${session.version % 10_000}`,
      problems: problems.map(tell(true)),
      drift: inWords(drift, facts, SINCE_LEFT),
      ...found,
    };
  });
}

interface Compared {
  /** The engine that read both. */
  readonly comparedOn: string;
  readonly groups: readonly ObjectDifferences[];
  /** SVG of the tables that differ; null where none does, or too many do. */
  readonly picture: string | null;
}

interface Asked {
  readonly compile: () => Promise<CompiledDomain>;
  readonly openShadow: () => Promise<Shadow>;
}

/** What is read of the target, to be compared outside of its connection. */
interface Live {
  readonly name: string;
  readonly facts: FactIndex;
  readonly version: number;
}

/**
 * What the definitions, as they are by now, and the target say otherwise. The shadow is started only when one of both is not
 * what it was the last time.
 */
export function declaredAndLive({ compile, openShadow }: Asked): (around: Surroundings) => Promise<object> {
  let last: { readonly key: string; readonly compared: Promise<Compared> } | undefined;
  return async ({ read }) => {
    const domain = await compile();
    const live = await read(
      async (session): Promise<Live> => ({
        name: session.name,
        facts: governed(await readCatalog(session)),
        version: session.version,
      }),
    );
    const texts = domain.scripts.map(({ text }) => text).join("\n");
    const key = `${fingerprint(live.facts)} ${live.version} ${checksum(texts)}`;
    if (last?.key !== key) last = { key, compared: compareOn(openShadow, domain, live) };
    const { compared } = last;
    // What failed, a shadow that did not start for one, is tried again.
    compared.catch(() => {
      if (last?.compared === compared) last = undefined;
    });
    return compared;
  };
}

async function compareOn(openShadow: () => Promise<Shadow>, domain: CompiledDomain, live: Live): Promise<Compared> {
  const shadow = await openShadow();
  try {
    return await compare(shadow, domain, live);
  } finally {
    await shadow.close();
  }
}

async function compare(shadow: Shadow, domain: CompiledDomain, live: Live): Promise<Compared> {
  const source = domainSource(domain);
  const standIns: StandIns = new Set();
  const oldest = Math.min(shadow.version, live.version);
  // What an older server does not record is no difference.
  const lower = (facts: FactIndex) => (oldest === shadow.version ? facts : asRecordedBy(oldest, facts));
  const declared = lower(await resolve(source, shadow, standIns));
  let renames: readonly Rename[] = [];
  const renamed = await resolve(
    recordedSource(live.name, live.facts, live.version),
    shadow,
    standIns,
    async (session) => {
      const found = lower(await settleTexts(session, await readCatalog(session)));
      const tried = await tryRenames(session, found, declared, source.hints, lower);
      renames = tried.renames;
      return tried.renamed;
    },
  );
  const before = governed(renamed);
  const after = governed(withinReach(renamed, declared, [source.hints]).goal);
  const named = new Map<FactId, { readonly was: FactId }>(renames.map(({ from, to }) => [to.id, { was: from.id }]));
  return {
    comparedOn: shadow.label,
    groups: inWords(diffFacts(before, after), new Map([...before, ...after]), TO_DECLARED, {
      positions: domain.positions,
      renames,
    }),
    picture: await draw({ before, after, renamed: named }, domain.name),
  };
}

async function draw(difference: Parameters<typeof differenceSvg>[0], name: string): Promise<string | null> {
  try {
    return await differenceSvg(difference, `What differs between ${name} as declared and the database`);
  } catch (error) {
    if (error instanceof Diagnostic && error.code === "picture-too-large") return null;
    throw error;
  }
}
