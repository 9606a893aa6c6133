import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Argv } from "yargs";
import { openBrowser } from "../compiler/browse/browser.ts";
import { TOKEN_MARK } from "../compiler/browse/signIn.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { livePages } from "../compiler/document/documentFiles.ts";
import { migrationsFolder } from "../compiler/migrations/readMigrations.ts";
import { nodeListener } from "../compiler/service/nodeListener.ts";
import { databaseUrl } from "../compiler/session/databaseUrl.ts";
import { DOMAIN, examples, SHADOW, TARGET } from "./options.ts";
import { chooseDomain, compileNamed, GENERATED, SQL, startShadow } from "./project.ts";
import { print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .option("port", { type: "number", default: 8080, describe: "port to listen on (8080); 0 takes a free one" })
    .option("host", {
      type: "string",
      default: "127.0.0.1",
      describe: "address to listen on (127.0.0.1); 0.0.0.0 for all",
    })
    .option("open", {
      choices: ["probes", "all"] as const,
      describe: "what needs no token: probes (/livez and /readyz), or all that reads",
    })
    .option("shadow", { ...SHADOW, describe: "engine that compares the definitions with the target" })
    .epilogue(
      "Tokens stand in the environment: VERSO_READ_TOKEN to read, VERSO_ADMIN_TOKEN to\nread and migrate. Where there is none, and only this machine can ask, one is made.\n",
    )
    .epilogue(
      examples(
        ["the schema in a browser, and how the target stands", "verso serve"],
        ["/livez and /readyz need no token", "verso serve --open probes"],
      ),
    );

interface Arguments {
  readonly domain?: string;
  readonly target?: string;
  readonly port: number;
  readonly host: string;
  readonly open?: "probes" | "all";
  readonly shadow?: string;
  readonly json?: boolean;
}

/** Names under which this machine is asked by itself. */
const HERE = ["localhost", "127.0.0.1", "[::1]"];

/** `verso serve`: the schema's page and the health pages, until a signal ends it; requests and migrations that run are seen to their end. */
export async function run(args: Arguments): Promise<number> {
  const domain = await chooseDomain(args.domain);
  const isHere = HERE.includes(args.host) || args.host === "::1";
  // A variable that is set to nothing is as good as none.
  const given = process.env.VERSO_READ_TOKEN || undefined;
  const adminToken = process.env.VERSO_ADMIN_TOKEN || undefined;
  const own = isHere && given === undefined && adminToken === undefined ? randomBytes(24).toString("hex") : undefined;
  const folders = { generated: GENERATED, shadow: args.shadow };
  const health = openBrowser(domain, {
    database: databaseUrl(domain, args.target),
    readToken: given ?? own,
    adminToken,
    open: args.open,
    hosts: isHere ? HERE : undefined,
    compile: () => compileNamed(domain),
    write: livePages(folders, migrationsFolder(SQL, domain)),
    openShadow: () => startShadow(args.shadow),
  });
  try {
    const server = createServer(nodeListener(health));
    const url = await listen(server, args);
    const page = own === undefined ? url : `${url}/${TOKEN_MARK}${own}`;
    if (args.json) printJson({ domain, url, page });
    else print(page);
    tell(`the schema of ${domain}, and its health pages; Ctrl-C ends them`);
    await ended();
    tell("ending; what was asked is answered first");
    server.close();
    await once(server, "close");
    return 0;
  } finally {
    await health.close();
  }
}

/** @throws Diagnostic `not-listening` */
async function listen(server: Server, { port, host }: Arguments): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw new Diagnostic(
      {
        code: "not-listening",
        what: `nothing can listen on port ${port} of ${host}`,
        why: error instanceof Error ? error.message : String(error),
        next: "choose another with --port, or end the process that has it",
      },
      error,
    );
  }
  const { address, family, port: taken } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`;
}

/** A second signal ends the process at once. */
const ended = (): Promise<unknown> => {
  const over = new AbortController();
  const signals = (["SIGINT", "SIGTERM"] as const).map((signal) => once(process, signal, { signal: over.signal }));
  return Promise.race(signals).finally(() => over.abort());
};
