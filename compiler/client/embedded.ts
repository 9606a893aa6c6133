import { DECODERS } from "../session/codecs.ts";
import type { Database, Row } from "./statement.ts";
import { USER_TYPES, type UserType, userDecoders } from "./userTypes.ts";

/** What is used of PGlite, and of a transaction on it. */
interface Embedded {
  query(text: string, values: unknown[], options: object): Promise<{ readonly rows: readonly unknown[] }>;
}
interface EmbeddedDatabase extends Embedded {
  transaction<T>(body: (transaction: Embedded) => Promise<T>): Promise<T>;
}

interface Formatted {
  readonly text: string;
  readonly values: unknown[];
}
interface Formattable {
  format(formatter: object): Formatted;
}

/**
 * PGlite as generated functions, and those of `@databases/pg-typed`, take it; with Verso's codecs. It is one connection:
 * what runs beside a transaction waits for its end.
 */
export async function embedded(lite: EmbeddedDatabase): Promise<Database & { readonly type: string }> {
  const known = new Map(DECODERS);
  const options = () => ({
    parsers: Object.fromEntries(known),
    // Values are text already.
    serializers: Object.fromEntries([...known.keys()].map((oid) => [oid, (value: unknown) => value])),
  });
  let current = options();
  const { rows } = await lite.query(USER_TYPES, [], current);
  for (const [oid, decode] of userDecoders(rows as readonly UserType[])) known.set(oid, decode);
  current = options();

  const over = (on: Embedded, isTransaction: boolean): Database & { readonly type: string } => {
    const run = async (text: string, values: readonly (string | null)[]): Promise<readonly Row[]> =>
      (await on.query(text, [...values], current)).rows as readonly Row[];
    const self: Database & { readonly type: string } = {
      type: isTransaction ? "transaction" : "connection-pool",
      sql: () => {
        throw new Error("PGlite is given statements as they are");
      },
      run,
      query: async (query: Formattable) => {
        const { text, values } = query.format(FORMAT);
        return run(text, values as (string | null)[]);
      },
      tx: async <T>(body: (transaction: Database) => Promise<T>): Promise<T> => {
        if (!isTransaction) return lite.transaction((transaction) => body(over(transaction, true)));
        await on.query("savepoint verso", [], current);
        try {
          const result = await body(self);
          await on.query("release savepoint verso", [], current);
          return result;
        } catch (error) {
          await on.query("rollback to savepoint verso", [], current);
          await on.query("release savepoint verso", [], current);
          throw error;
        }
      },
      task: (body) => body(self),
    };
    return self;
  };
  return over(lite, false);
}

const FORMAT = {
  escapeIdentifier: (name: string) => `"${name.replaceAll('"', '""')}"`,
  formatValue: (value: unknown, index: number) => ({ placeholder: `$${index + 1}`, value }),
};
