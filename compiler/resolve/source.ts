import type { Position } from "../diagnostic.ts";
import type { FactId, FactIndex, Hint } from "../facts.ts";
import type { Session } from "../session/session.ts";

/**
 * A state before PostgreSQL has resolved it: how to bring an empty scratch database to it, and what only its author knows.
 */
export interface Source {
  /** What to call it in messages: `definitions/fitness`, `postgres://host/db`, `before.sql`. */
  readonly name: string;
  /** Brings an empty database to the state. @throws Diagnostic at the definition or statement that PostgreSQL refuses */
  readonly build: (session: Session) => Promise<void>;
  /** Extensions that it may create, so that an embedded engine is started with them. */
  readonly extensions: readonly string[];
  readonly hints: ReadonlyMap<FactId, Hint>;
  readonly positions: ReadonlyMap<FactId, Position>;
  /** server_version_num of the live database behind it, when there is one. */
  readonly version?: number;
  /** Facts read from the live database behind it, when there is one. */
  readonly live?: FactIndex;
}

export const emptySource: Source = {
  name: "empty",
  build: async () => {},
  extensions: [],
  hints: new Map(),
  positions: new Map(),
};
