import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { Diagnostic } from "../diagnostic.ts";

const MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

type Mode = (typeof MODES)[number];

export interface TlsSettings {
  readonly mode: Mode;
  /** What node-postgres takes as `ssl`, in the order in which to try; the next one where the server wants it otherwise. */
  readonly attempts: readonly (false | ConnectionOptions)[];
  /** The URL without what it says about TLS, which node-postgres would read in another sense. */
  readonly url: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What a URL and the environment say about TLS, with the meaning that libpq gives it: `sslmode` (`prefer` unless given),
 * `sslrootcert`, `sslcert`, `sslkey`, `sslpassword`, and PGSSLMODE and the like; certificates in ~/.postgresql are found. One
 * thing is added: `verify-full` without a root certificate takes those that Node trusts, as `sslrootcert=system` does.
 * @throws Diagnostic `tls-setting`, `tls-file-unreadable`
 */
export function tlsSettings(url: string, environment: Environment = process.env): TlsSettings {
  const { rest, given } = partOf(url);
  const say = (parameter: string): string | undefined =>
    given.get(parameter) ?? (environment[`PG${parameter.toUpperCase()}`] || undefined);
  const rootcert = say("sslrootcert");
  const isSystem = rootcert === "system";
  const mode = modeOf(say("sslmode"), given.get("ssl"), isSystem);
  const noTls = { mode, url: rest };
  // As in libpq, no socket of this machine is encrypted.
  if (mode === "disable" || isSocket(rest)) return { ...noTls, attempts: [false] };
  if (isSystem && mode !== "verify-full") {
    throw misset(
      "sslrootcert=system",
      `sslmode=${mode}`,
      "with roots that all the world trusts, only a host's name tells",
    );
  }
  const ca = isSystem || given.get("sslmode") === "no-verify" ? undefined : readRoot(rootcert);
  if (mode === "verify-ca" && ca === undefined) {
    throw misset("sslmode=verify-ca", "no root certificate", "who issued the certificate cannot be verified");
  }
  const isVerified = mode.startsWith("verify-") || (mode === "require" && ca !== undefined);
  const tls: ConnectionOptions = {
    ...ownCertificate(say("sslcert"), say("sslkey")),
    ...(say("sslpassword") === undefined ? {} : { passphrase: say("sslpassword") }),
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: isVerified,
    // The issuer is verified, the host's name is not.
    ...(isVerified && mode !== "verify-full" ? { checkServerIdentity: () => undefined } : {}),
  };
  const attempts = mode === "allow" ? [false as const, tls] : mode === "prefer" ? [tls, false as const] : [tls];
  return { ...noTls, attempts };
}

const OWN = new Set(["ssl", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "uselibpqcompat"]);

function partOf(url: string): { readonly rest: string; readonly given: ReadonlyMap<string, string> } {
  const at = url.indexOf("?");
  if (at < 0) return { rest: url, given: new Map() };
  const isOwn = (part: string): boolean => OWN.has(part.split("=")[0] ?? "");
  const parts = url.slice(at + 1).split("&");
  const others = parts.filter((part) => !isOwn(part)).join("&");
  return {
    rest: others === "" ? url.slice(0, at) : `${url.slice(0, at)}?${others}`,
    given: new Map(new URLSearchParams(parts.filter(isOwn).join("&"))),
  };
}

/** `ssl=true` is what libpq takes from JDBC, `no-verify` node-postgres's word. */
function modeOf(word: string | undefined, ssl: string | undefined, isSystem: boolean): Mode {
  if (word === undefined && ssl === "true") return "require";
  if (word === "no-verify") return "require";
  const mode = MODES.find((one) => one === (word ?? (isSystem ? "verify-full" : "prefer")));
  if (mode !== undefined) return mode;
  throw new Diagnostic({
    code: "tls-setting",
    what: `sslmode=${word} means nothing`,
    next: `write one of ${MODES.join(", ")}, in the URL or in PGSSLMODE`,
  });
}

const misset = (what: string, other: string, why: string): Diagnostic =>
  new Diagnostic({
    code: "tls-setting",
    what: `${what} and ${other} do not go together`,
    why,
    next: "name the root certificate with sslrootcert=FILE, or write sslmode=verify-full",
  });

/** A host that is a path, or none at all beside a path among the parameters. */
function isSocket(url: string): boolean {
  const host = new URLSearchParams(url.split("?")[1] ?? "").get("host");
  return host?.startsWith("/") === true || /^[a-z]+:\/\/(?:[^/@]*@)?%2f/i.test(url);
}

const usual = (name: string): string => join(homedir(), ".postgresql", name);

const readRoot = (file: string | undefined): string | undefined => read("sslrootcert", file, "root.crt");

function ownCertificate(certFile: string | undefined, keyFile: string | undefined): ConnectionOptions {
  const cert = read("sslcert", certFile, "postgresql.crt");
  if (cert === undefined) return {};
  return { cert, key: read("sslkey", keyFile ?? usual("postgresql.key"), "postgresql.key") };
}

/** @param file where it is said; the usual one may be missing */
function read(parameter: string, file: string | undefined, usualName: string): string | undefined {
  const path = file ?? usual(usualName);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (file === undefined && isMissing) return undefined;
    throw new Diagnostic(
      {
        code: "tls-file-unreadable",
        what: `the file that ${parameter} names cannot be read`,
        at: path,
        why: error instanceof Error ? error.message : String(error),
        next: `correct ${parameter} in the URL, or PG${parameter.toUpperCase()}`,
      },
      error,
    );
  }
}

/** Whether a connection that failed with TLS, or without, may succeed in the other way. */
export function isOverTls(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return code === "28000" || code === "ECONNRESET" || isOfTls(code) || /SSL connection/.test(error.message);
}

const isOfTls = (code: string): boolean => /^(ERR_SSL|ERR_TLS|EPROTO$|ERR_OSSL)|CERT|UNABLE_TO_/.test(code);

/** What TLS found wrong, in words; null where the error is another one. */
export function tlsDiagnostic(error: Error, name: string): Diagnostic | null {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const told = (text: { readonly code: string; readonly what: string; readonly next: string }): Diagnostic =>
    new Diagnostic({ ...text, why: `${error.message}${code === "" ? "" : ` (${code})`}` }, error);
  if (/does not support SSL connections/.test(error.message)) {
    return told({
      code: "tls-not-offered",
      what: `the server of ${name} offers no TLS, and the settings demand it`,
      next: "set ssl = on with a certificate on the server; or, where the way there is safe, sslmode=prefer or disable",
    });
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return told({
      code: "certificate-refused",
      what: `the server's certificate is not for the host of ${name}`,
      next: "name the host as the certificate does; sslmode=verify-ca verifies the issuer only",
    });
  }
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    return told({
      code: "certificate-refused",
      what: `the server's certificate is ${code === "CERT_HAS_EXPIRED" ? "no longer" : "not yet"} valid, at ${name}`,
      next: "renew it on the server, and look whether both clocks are right",
    });
  }
  if (/CERT|UNABLE_TO_/.test(code) && !code.startsWith("ERR_OSSL")) {
    return told({
      code: "certificate-refused",
      what: `nobody known here issued the server's certificate, at ${name}`,
      next: "get the issuer's root certificate from who runs the server, and name it with sslrootcert=FILE or PGSSLROOTCERT",
    });
  }
  if (isOfTls(code)) {
    return told({
      code: "tls-failed",
      what: `no encrypted connection to ${name}`,
      next: "see the server's log; a server that wants a client's certificate gets it by sslcert=FILE and sslkey=FILE",
    });
  }
  return null;
}
