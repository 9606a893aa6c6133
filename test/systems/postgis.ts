import { postgisServer } from "../servers.ts";
import type { Engine } from "./systemDatabase.ts";

export const EXTENSIONS = { extensions: ["postgis"] };

// Where no server has PostGIS the broker says so on standard error; `.ci/run` installs Debian's package.
const url = await postgisServer();

/** The embedded engine, and a server with PostGIS where there is one. */
export const POSTGIS_ENGINES: readonly { readonly name: string; readonly engine: Engine }[] = [
  { name: "the embedded engine", engine: "embedded" },
  ...(url === null ? [] : [{ name: "a server", engine: { url } }]),
];
