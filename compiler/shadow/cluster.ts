import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, chmod, chown, cp, mkdtemp, readFile, rm, stat, statfs, writeFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Diagnostic } from "../diagnostic.ts";
import { closeOnSignal } from "./lastResort.ts";

/** A PostgreSQL server of our own in a temporary folder. */
export interface Cluster {
  /** Superuser `postgres`, database `postgres`. */
  readonly url: string;
  readonly major: number;
  /** Stops the server and removes its folder. */
  close(): Promise<void>;
}

export interface ClusterOptions {
  /**
   * `socket`: a Unix socket in a folder that only the server's user can enter. `loopback`: 127.0.0.1 with a password, for
   * clients that know no sockets.
   */
  readonly listen?: "socket" | "loopback";
  readonly settings?: Readonly<Record<string, string>>;
}

interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

const START_TIMEOUT_MS = 30_000;
const MEMORY = "/dev/shm";
const ROOM_WANTED = 4 * 1024 ** 3;

// Nothing here outlives the process, so nothing is written through to disk.
const SETTINGS = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "logical",
  max_wal_senders: "0",
  shared_buffers: "64MB",
  // Shared memory as a file in the folder, so that a server that is killed leaves nothing.
  dynamic_shared_memory_type: "mmap",
  max_connections: "50",
  autovacuum: "off",
  timezone: "UTC",
  log_timezone: "UTC",
} as const;

// The server lives as long as the pipe from us is open, so that it ends even when this process is killed outright.
const KEEPER = `
exec 3<&0
"$@" 3<&- &
server=$!
( read -r _ <&3; kill -QUIT $server ) 2>/dev/null &
reader=$!
wait $server
status=$?
kill $reader 2>/dev/null
rm -rf "$VERSO_FOLDER"
exit $status
`;

/**
 * Makes a cluster with initdb and starts it. When this process is root, another user runs the server, because PostgreSQL
 * refuses to run as root.
 * @throws Diagnostic `cluster-failed` with the last lines of what initdb or the server said
 */
export async function startCluster(
  binaries: { readonly bin: string; readonly major: number },
  options: ClusterOptions = {},
): Promise<Cluster> {
  const { major } = binaries;
  const user = await serverUser();
  const isInReach = user === null || (await canReach(binaries.bin));
  const folder = await mkdtemp(path.join(isInReach ? await quickFolder() : os.tmpdir(), "verso-pg-"));
  const interruption = new AbortController();
  // From here to the start of its keeper nobody else would remove the folder.
  const forget = closeOnSignal(() => {
    interruption.abort();
    return rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  await chmod(folder, 0o700);
  const password = randomBytes(12).toString("hex");
  const passwordFile = path.join(folder, "password");
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== null) for (const entry of [passwordFile, folder]) await chown(entry, user.uid, user.gid);

  const bin = user === null || isInReach ? binaries.bin : await copyBinaries(binaries.bin, folder, user);
  const environment = { ...process.env, HOME: folder, VERSO_FOLDER: folder, LC_ALL: "C" };
  const as = { ...user, env: environment, cwd: folder };
  const data = path.join(folder, "data");
  const listen = options.listen ?? "socket";
  const port = listen === "loopback" ? await freePort() : 5432;
  const settings = {
    ...SETTINGS,
    ...options.settings,
    port: String(port),
    listen_addresses: listen === "loopback" ? "127.0.0.1" : "",
    unix_socket_directories: folder,
  };
  try {
    await promisify(execFile)(
      path.join(bin, "initdb"),
      [
        ...["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"],
        ...["--auth-local=trust", "--auth-host=scram-sha-256", `--pwfile=${passwordFile}`],
      ],
      { ...as, signal: interruption.signal },
    );
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // The process is about to end, and needs no message of what was ended by that.
    if (interruption.signal.aborted) await new Promise(() => undefined);
    forget();
    throw clusterFailed(bin, error instanceof Error ? error.message : String(error));
  }

  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "sh", path.join(bin, "postgres"), "-D", data, ...flags], {
    ...as,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  forget();
  const log = collectOutput(keeper);
  // Where there is no shell it has no process id, which waitUntilReady sees.
  keeper.on("error", () => undefined);
  const url =
    listen === "loopback"
      ? `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
      : `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}`;
  const close = () => stop(keeper, folder);
  try {
    await waitUntilReady(keeper, path.join(data, "postmaster.pid"));
    return { url, major, close };
  } catch (error) {
    await close();
    throw clusterFailed(bin, `${error instanceof Error ? error.message : String(error)}\n${log()}`);
  }
}

/** The user to run the server as: postgres, else nobody, else the first that is not root; null when we are not root. */
async function serverUser(): Promise<OsUser | null> {
  if (process.getuid?.() !== 0) return null;
  // initdb looks its user up by number, so one without an entry will not do.
  const entries = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  const users = entries.flatMap(([name = "", , uid, gid]) =>
    uid === undefined || gid === undefined || Number(uid) === 0 ? [] : [{ name, uid: Number(uid), gid: Number(gid) }],
  );
  const chosen = users.find((one) => one.name === "postgres") ?? users.find((one) => one.name === "nobody") ?? users[0];
  if (chosen === undefined) {
    throw new Diagnostic({
      code: "cluster-failed",
      what: "PostgreSQL does not run as root, and there is no other user on this machine",
      next: "add one: `useradd postgres`",
    });
  }
  return { uid: chosen.uid, gid: chosen.gid };
}

/**
 * Where a thousand small files are made soonest: in memory, where Linux has room there. Each scratch database is 300 files,
 * and on a disk making them can take longer than everything that is then done with them.
 */
async function quickFolder(): Promise<string> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  const isOurs = await access(MEMORY, constants.W_OK).then(
    () => true,
    () => false,
  );
  return isOurs && bavail * bsize >= ROOM_WANTED ? MEMORY : os.tmpdir();
}

/** Whether any user can come to a folder: not when the project lies in /root. */
async function canReach(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  if ((mode & 0o005) !== 0o005) return false;
  const parent = path.dirname(folder);
  return parent === folder || canReach(parent);
}

async function copyBinaries(bin: string, folder: string, user: OsUser): Promise<string> {
  const copy = path.join(folder, "native");
  await cp(path.dirname(bin), copy, { recursive: true, dereference: true });
  await promisify(execFile)("chown", ["-R", `${user.uid}:${user.gid}`, copy]);
  return path.join(copy, "bin");
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function collectOutput(child: ChildProcess): () => string {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      lines.push(chunk);
      if (lines.length > 200) lines.shift();
    });
  }
  return () => lines.join("").trim().split("\n").slice(-8).join("\n");
}

/** postmaster.pid says `ready` on its eighth line once connections are accepted. */
async function waitUntilReady(keeper: ChildProcess, pidFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const status = (await readFile(pidFile, "utf8").catch(() => "")).split("\n")[7]?.trim();
    if (status === "ready") return;
    if (keeper.exitCode !== null || keeper.pid === undefined) throw new Error("the server ended at once");
    if (Date.now() > deadline) throw new Error(`the server was not ready after ${START_TIMEOUT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function stop(keeper: ChildProcess, folder: string): Promise<void> {
  if (keeper.pid !== undefined && keeper.exitCode === null && keeper.signalCode === null) {
    const ended = new Promise((resolve) => keeper.once("exit", resolve));
    keeper.stdin?.end();
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
}

function clusterFailed(bin: string, why: string): Diagnostic {
  return new Diagnostic({
    code: "cluster-failed",
    what: `the PostgreSQL in ${bin} could not be started`,
    why,
    next: "use another shadow: `--shadow embedded` or `--shadow postgres://…`",
  });
}
