import type { Geometry, InAnySystem } from "./geojson.ts";

/** A value as it is sent to PostgreSQL. */
export type Parameter =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | InAnySystem<Geometry>
  | readonly Parameter[];

export interface Notice {
  readonly severity: string;
  readonly message: string;
}

/**
 * One connection to one database, the same for a server and for the embedded engine. Values are decoded by one codec
 * table (codecs.ts), so a column has the same JavaScript value on both; errors are DatabaseError on both.
 */
export interface Session {
  readonly engine: "server" | "embedded";
  /** server_version_num: 150018, 180003. */
  readonly version: number;
  /** What to call the database in messages: a URL without its password, or `embedded`. */
  readonly name: string;
  /** One statement, with parameters $1 …; rows as objects. */
  query<Row extends object>(sql: string, parameters?: readonly Parameter[]): Promise<Row[]>;
  /** A script of any number of statements, sent as one simple query. */
  run(script: string): Promise<void>;
  /**
   * Rows by COPY FROM, in PostgreSQL's text format; an embedded engine has all the pieces in memory at once.
   * @param into `shop.users (id, email)`
   * @param pieces of the text, cut anywhere
   * @see PostgreSQL manual, "COPY", text format
   */
  copy(into: string, pieces: Iterable<string>): Promise<void>;
  /** Asks the server to break off the statement that runs, over a connection of its own. An embedded engine cannot be asked. */
  cancel?(): Promise<void>;
  onNotice(listener: (notice: Notice) => void): void;
  /** Whether this very query is planned already, so that asking it costs no more than running it. */
  hasPlanned?(sql: string): boolean;
  close(): Promise<void>;
}

/** What PostgreSQL said, whichever driver carried it. */
export interface DatabaseErrorFields {
  readonly code: string;
  readonly severity?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
  /** Place in the SQL text that was sent, in characters, from 1. */
  readonly position?: number | undefined;
  readonly where?: string | undefined;
}

export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly fields: DatabaseErrorFields;

  constructor(message: string, fields: DatabaseErrorFields, cause?: unknown) {
    super(message, { cause });
    this.fields = fields;
  }

  /** SQLSTATE, such as 23505. */
  get code(): string {
    return this.fields.code;
  }
}
