import { Diagnostic } from "../diagnostic.ts";
import { wholeCatalogQuery } from "../read/readCatalog.ts";
import { openEmbeddedSession } from "../session/embedded.ts";
import { redactUrl } from "../session/server.ts";
import type { Session } from "../session/session.ts";
import { findBinaries } from "./binaries.ts";
import { startCluster } from "./cluster.ts";
import { startContainer } from "./docker.ts";
import { keepPlans } from "./keepPlans.ts";
import { openServerShadow } from "./serverShadow.ts";

export interface ScratchOptions {
  /** Extensions that the scratch database will be asked for: the embedded engine must load them when it starts. */
  readonly extensions?: readonly string[];
}

/** A throwaway PostgreSQL that resolves meaning and runs proofs. */
export interface Shadow {
  /** server_version_num. */
  readonly version: number;
  /** What to call it in a proof: `PostgreSQL 18.3 (embedded)`. */
  readonly label: string;
  /** A fresh, empty database, UTF8 with locale C; closing its session drops it, and the roles it created. */
  scratch(options?: ScratchOptions): Promise<Session>;
  close(): Promise<void>;
}

/**
 * The engine that a `--shadow` option names.
 * @param spec `embedded` (also when undefined), `postgres://…`, `binary:15`, `docker:postgres:15`
 * @throws Diagnostic `shadow-unknown`, and what the engines throw when they cannot be had
 */
export async function openShadow(spec: string | undefined, options: ScratchOptions = {}): Promise<Shadow> {
  if (spec === undefined || spec === "embedded") return openEmbeddedShadow(options);
  if (/^postgres(ql)?:\/\//.test(spec)) return openServerShadow(spec);
  const [, major] = /^binary:(\d+)$/.exec(spec) ?? [];
  if (major !== undefined) {
    const cluster = await startCluster(await findBinaries(Number(major)));
    return openServerShadow(cluster.url, { label: "binaries", close: cluster.close });
  }
  const [, image] = /^docker:(.+)$/.exec(spec) ?? [];
  if (image !== undefined) {
    const container = await startContainer(image);
    return openServerShadow(container.url, { label: image, close: container.close });
  }
  throw new Diagnostic({
    code: "shadow-unknown",
    what: `${redactUrl(spec)} is no shadow that Verso knows`,
    next: "use `embedded`, `postgres://user@host/postgres`, `binary:18` or `docker:postgres:18`",
  });
}

export function shadowLabel(version: number, where: string): string {
  return `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000} (${where})`;
}

// So that no scratch database, of which there are several to a proof, has to plan it.
const prepare = (version: number): ReadonlyMap<string, string> =>
  new Map([["verso_catalog", wholeCatalogQuery(version)]]);

async function openEmbeddedShadow(defaults: ScratchOptions): Promise<Shadow> {
  const open = new Set<Session>();
  const scratch = async (options: ScratchOptions = {}): Promise<Session> => {
    const extensions = [...new Set([...(defaults.extensions ?? []), ...(options.extensions ?? [])])].sort();
    const session = await openEmbeddedSession({ extensions, prepare });
    open.add(session);
    const close = (): Promise<void> => {
      open.delete(session);
      return session.close();
    };
    return keepPlans({ ...session, close }, prepare(session.version));
  };
  // Its version is known once one runs; the first scratch database asked for is this one.
  let first: Session | undefined = await scratch();
  const { version } = first;
  return {
    version,
    label: shadowLabel(version, "embedded"),
    async scratch(options = {}) {
      const ready = first;
      first = undefined;
      const known = new Set(defaults.extensions);
      if (ready !== undefined && (options.extensions ?? []).every((name) => known.has(name))) return ready;
      await ready?.close();
      return scratch(options);
    },
    async close() {
      await Promise.all([...open].map((session) => session.close()));
      open.clear();
    },
  };
}
