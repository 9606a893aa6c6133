import { DECODERS, encodeParameter } from "../session/codecs.ts";
import type { Parameter } from "../session/session.ts";
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

const noTemplates: Database["sql"] = {
  __dangerous__rawValue() {
    throw new Error(
      "embedded() was given no `sql`; generated functions do without, @databases/pg-typed wants that of @databases/pg",
    );
  },
};

/**
 * PGlite as generated functions take it, with Verso's codecs; given the `sql` of `@databases/pg`, also as
 * `@databases/pg-typed` does. It is one connection: what runs beside a transaction waits for its end.
 */
export async function embedded<Sql extends Database["sql"]>(
  lite: EmbeddedDatabase,
  sql: Sql = noTemplates as Sql,
): Promise<Database & { readonly type: string; readonly sql: Sql }> {
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

  const over = (on: Embedded, isTransaction: boolean) => {
    const run = async (text: string, values: readonly (string | null)[]): Promise<readonly Row[]> =>
      (await on.query(text, [...values], current)).rows as readonly Row[];
    const self: Database & { readonly type: string; readonly sql: Sql } = {
      type: isTransaction ? "transaction" : "connection-pool",
      isAlone: true,
      sql,
      run,
      query: async (query: Formattable) => {
        const { text, values } = query.format(FORMAT);
        return run(
          text,
          values.map((value) => (value === undefined ? null : encodeParameter(value as Parameter))),
        );
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
