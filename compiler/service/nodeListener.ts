import type { IncomingMessage, ServerResponse } from "node:http";
import type { Health } from "./health.ts";

export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The pages as Node's own http, Express and Fastify take them. Bodies are not read: no page wants one.
 * @param under where the pages are mounted, when the framework does not take it off the path: Fastify does not
 */
export function nodeListener({ fetch }: Health, under = ""): NodeListener {
  return (incoming, outgoing) => {
    answer(incoming, under, fetch)
      .then(async (response) => {
        const body = await response.text();
        outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(body);
      })
      .catch(() => outgoing.destroy());
  };
}

async function answer(
  { url = "/", method = "GET", headers }: IncomingMessage,
  under: string,
  fetch: Health["fetch"],
): Promise<Response> {
  const path = url.startsWith(`${under}/`) ? url.slice(under.length) : null;
  // TRACE and CONNECT cannot stand in a Request.
  if (path === null || method === "TRACE" || method === "CONNECT") return new Response(null, { status: 404 });
  const known = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === "string" && !name.startsWith(":") ? [[name, value] as const] : [],
  );
  return fetch(new Request(`http://localhost${path}`, { method, headers: Object.fromEntries(known) }));
}
