import { DECODERS } from "../session/codecs.ts";
import { USER_TYPES, type UserType, userDecoders } from "./userTypes.ts";

/** What is used of a pool or client of `pg`. */
interface Queryable {
  query(text: string): Promise<{ readonly rows: readonly unknown[] }>;
}

/**
 * Verso's codecs for `pg` itself, and what is built on it, such as Kysely's dialect: `new Pool({ types })`. Also for the
 * types that the database has by now.
 */
export async function typeParsers(
  client: Queryable,
): Promise<{ getTypeParser(oid: number): (text: string) => unknown }> {
  const { rows } = await client.query(USER_TYPES);
  const decoders = new Map([...DECODERS, ...userDecoders(rows as readonly UserType[])]);
  return { getTypeParser: (oid) => decoders.get(oid) ?? String };
}
