import type { Session } from "../session/session.ts";

export interface Encryption {
  readonly role: string;
  /** In words: `TLSv1.3 (TLS_AES_256_GCM_SHA384)`, `not encrypted`. */
  readonly encryption: string;
  /** Not encrypted, and on its way between machines. */
  readonly isExposed: boolean;
}

/** How a session's connection is protected, as the server sees it. */
export async function readEncryption(session: Session): Promise<Encryption> {
  const [row] = await session.query<{ role: string; protocol: string | null; cipher: string | null; isNear: boolean }>(`
    select current_user as role, s.version as protocol, s.cipher,
      inet_client_addr() is null or inet_client_addr() = inet_server_addr() as "isNear"
    from (select) one left join pg_catalog.pg_stat_ssl s on s.pid = pg_backend_pid() and s.ssl`);
  if (row === undefined) throw new Error("the database did not say who is connected");
  const { role, protocol, cipher, isNear } = row;
  if (session.engine === "embedded") return { role, encryption: "within this process", isExposed: false };
  if (protocol !== null) return { role, encryption: `encrypted by ${protocol} (${cipher})`, isExposed: false };
  return { role, encryption: isNear ? "not encrypted, on this machine" : "not encrypted", isExposed: !isNear };
}
