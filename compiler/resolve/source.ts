import type { Position } from "../diagnostic.ts";
import type { FactId, FactIndex, Hint } from "../facts.ts";
import type { Session } from "../session/session.ts";

/** Roles of the server that a state mentions without creating them; scratch databases get them beforehand. */
export type StandIns = Set<string>;

/**
 * A state before PostgreSQL has resolved it: how to bring an empty scratch database to it, and what only its author knows.
 */
export interface Source {
  /** What to call it in messages: `definitions/fitness`, `postgres://host/db`, `before.sql`. */
  readonly name: string;
  /** Brings an empty database to the state. @throws Diagnostic at the definition or statement that PostgreSQL refuses */
  readonly build: (session: Session, standIns: StandIns) => Promise<void>;
  /** Extensions that it may create, so that an embedded engine is started with them. */
  readonly extensions: readonly string[];
  /** Where it asks for one of them. */
  readonly extensionAt?: (name: string) => Position | undefined;
  readonly hints: ReadonlyMap<FactId, Hint>;
  readonly positions: ReadonlyMap<FactId, Position>;
  /** Facts printed by another PostgreSQL, with its server_version_num, where the state was read and not written. */
  readonly recorded?: Recorded;
}

export interface Recorded {
  readonly facts: FactIndex;
  readonly version: number;
  /** Reads all of it, where the facts are only those that a difference can concern. */
  readonly readWhole?: () => Promise<Source>;
  /** Objects of the database that no fact stands for; absent where nobody looked. */
  readonly unmodelled?: readonly string[];
}

export const emptySource: Source = {
  name: "empty",
  build: async () => {},
  extensions: [],
  hints: new Map(),
  positions: new Map(),
};
