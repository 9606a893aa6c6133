// What `prepack` does last: what pages are made of is no TypeScript, and goes into dist/ as it is.
import { cpSync } from "node:fs";

const root = new URL("../", import.meta.url);
for (const folder of ["compiler/document/page", "compiler/browse/page"]) {
  cpSync(new URL(folder, root), new URL(`dist/${folder}`, root), { recursive: true });
}
