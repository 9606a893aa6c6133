import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Argv } from "yargs";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { openHealth } from "../compiler/service/health.ts";
import { nodeListener } from "../compiler/service/nodeListener.ts";
import { databaseUrl } from "../compiler/session/databaseUrl.ts";
import { DOMAIN, examples, TARGET } from "./options.ts";
import { chooseDomain } from "./project.ts";
import { print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .option("port", { type: "number", default: 8080, describe: "port to listen on; 0 takes a free one" })
    .option("host", { type: "string", default: "127.0.0.1", describe: "address to listen on; 0.0.0.0 for all" })
    .option("open", {
      choices: ["probes", "all"] as const,
      describe: "what needs no token: /livez and /readyz, or all that reads",
    })
    .epilogue("Tokens stand in the environment: VERSO_READ_TOKEN to read, VERSO_ADMIN_TOKEN to read and migrate.\n")
    .epilogue(examples(["/livez and /readyz need no token", "verso serve --open probes"]));

interface Arguments {
  readonly domain?: string;
  readonly target?: string;
  readonly port: number;
  readonly host: string;
  readonly open?: "probes" | "all";
  readonly json?: boolean;
}

/** `verso serve`: the health pages, until a signal ends it; requests and migrations that run are seen to their end. */
export async function run(args: Arguments): Promise<number> {
  const domain = await chooseDomain(args.domain);
  const health = openHealth(domain, {
    database: databaseUrl(domain, args.target),
    // A variable that is set to nothing is as good as none.
    readToken: process.env.VERSO_READ_TOKEN || undefined,
    adminToken: process.env.VERSO_ADMIN_TOKEN || undefined,
    open: args.open,
  });
  try {
    const server = createServer(nodeListener(health));
    const url = await listen(server, args);
    if (args.json) printJson({ domain, url });
    else print(url);
    tell(`health pages of ${domain}; Ctrl-C ends them`);
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
