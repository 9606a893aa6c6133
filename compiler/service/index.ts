// What services do about their database beside using it: `import { openHealth, prepareDatabase } from "verso/service"`.

export { Diagnostic } from "../diagnostic.ts";
export type { EmbeddedDatabase } from "../session/lent.ts";
export { type Health, type HealthOptions, openHealth } from "./health.ts";
export { type NodeListener, nodeListener } from "./nodeListener.ts";
export { type PrepareOptions, prepareDatabase, type Readiness } from "./prepare.ts";
