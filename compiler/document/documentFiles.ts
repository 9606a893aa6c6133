import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CompiledDomain } from "../compile/compileDomain.ts";
import type { Emitted } from "../compile/emit.ts";
import type { FactId } from "../facts.ts";
import { accessPaths } from "../generate/accessPaths.ts";
import { clientFile } from "../generate/clientFiles.ts";
import { buildModel, type ClientModel } from "../generate/model.ts";
import { readMigrations } from "../migrations/readMigrations.ts";
import { noneOfNothing, nullOfNothing } from "../missing.ts";
import { ANSWERS_FILE, answersFor } from "../queries/answers.ts";
import { shown } from "../shown.ts";
import type { RelationColumn } from "./account.ts";
import { buildDocument, type DocumentModel } from "./buildDocument.ts";
import { ALL_COLUMNS, ONE_PICTURE, pictures } from "./diagram.ts";
import { type HtmlOptions, htmlOf, type Told } from "./html.ts";
import { layOut } from "./layout.ts";
import { mapSvg } from "./map.ts";
import { markdownOf, type PictureFile } from "./markdown.ts";
import { svgOf } from "./svg.ts";

export interface DocumentFolders {
  /** The folder under which each domain has its generated files. */
  readonly generated: string;
  /** The engine that is asked about views that changed, as `--shadow` names it. */
  readonly shadow?: string | undefined;
  /** Write the page too, which tells the history of the migrations in this folder. */
  readonly html?: { readonly migrations: string } | undefined;
}

const DOCUMENT = "SCHEMA.md";
const PAGE = "schema.html";

/** What a domain's documents say. */
async function modelOf(domain: CompiledDomain, { generated, shadow }: DocumentFolders): Promise<DocumentModel> {
  const client = await buildModel(domain);
  const kept = await readText(join(generated, domain.name, ANSWERS_FILE));
  const answers = await answersFor(domain, [], kept, shadow);
  return buildDocument(domain.facts, {
    name: domain.name,
    comment: domain.domain.options.comment ?? null,
    schema: client.schema,
    served: servedBy(domain, client),
    answered: answers?.views ?? new Map<string, readonly RelationColumn[]>(),
    definitions: new Map([...domain.positions].map(([id, { file }]) => [id, shown(file)])),
    clients: new Map([...client.tables, ...client.views].map((one) => [one.id, `${clientFile(one)}.ts`])),
  });
}

function servedBy({ facts }: CompiledDomain, client: ClientModel): ReadonlyMap<FactId, readonly string[]> {
  const served = new Map<FactId, string[]>();
  const names = new Map([...facts.values()].map(({ id, parent, attributes }) => [`${parent} ${attributes.name}`, id]));
  for (const table of client.tables) {
    for (const { servedBy, name } of accessPaths(table, client)) {
      const id = names.get(`${table.id} ${servedBy}`);
      if (id !== undefined) served.set(id, [...(served.get(id) ?? []), name]);
    }
  }
  return served;
}

type Picture = PictureFile & { readonly text: string };

async function drawPictures({ name, diagram }: DocumentModel): Promise<readonly Picture[]> {
  if (diagram.boxes.length === 0) return [];
  const drawn: Picture[] = [];
  for (const [i, { of, diagram: part }] of pictures(diagram).entries()) {
    const title = of === null ? `Tables of ${name}` : `Tables of ${name} around ${of}`;
    const text = svgOf(await layOut(part), { title });
    drawn.push({ of, file: pictureName(of, i), tables: part.boxes.length, text });
  }
  return drawn;
}

/** A domain's documents: `SCHEMA.md`, and its pictures. */
export async function documentFiles(domain: CompiledDomain, folders: DocumentFolders): Promise<readonly Emitted[]> {
  const model = await modelOf(domain, folders);
  const folder = join(folders.generated, domain.name);
  const drawn = await drawPictures(model);
  return [
    { path: join(folder, DOCUMENT), text: markdownOf(model, { folder, pictures: drawn }) },
    ...drawn.map(({ file, text }) => ({ path: join(folder, file), text })),
    ...(folders.html === undefined
      ? []
      : [{ path: join(folder, PAGE), text: await pageText(model, drawn, folder, folders.html.migrations) }]),
  ];
}

/**
 * Writes the page of a domain as a service gives it, each time anew; its pictures, which take longest, only when they differ.
 * @param migrations the folder that they are in
 */
export function livePages(folders: DocumentFolders, migrations: string): (domain: CompiledDomain) => Promise<string> {
  let last: { readonly of: string; readonly drawn: readonly Picture[] } | undefined;
  return async (domain) => {
    const model = await modelOf(domain, folders);
    const of = JSON.stringify(model.diagram);
    if (last?.of !== of) last = { of, drawn: await drawPictures(model) };
    return pageText(model, last.drawn, null, migrations);
  };
}

const pageText = async (
  model: DocumentModel,
  drawn: readonly Picture[],
  folder: string | null,
  migrations: string,
): Promise<string> =>
  htmlOf(model, { folder, pictures: onPage(model, drawn), migrations: await historyIn(migrations) });

/** Where the whole would show keys only, the page has a map to find one's way by: its other pictures are a click away. */
function onPage({ name, diagram }: DocumentModel, drawn: HtmlOptions["pictures"]): HtmlOptions["pictures"] {
  const count = diagram.boxes.length;
  if (count <= ALL_COLUMNS) return drawn;
  const around = drawn.filter(({ of }) => of !== null);
  return count > ONE_PICTURE
    ? around
    : [{ of: null, isMap: true, text: mapSvg(diagram, `Tables of ${name}`) }, ...around];
}

/** Migrations, the newest first. */
async function historyIn(folder: string): Promise<readonly Told[]> {
  const migrations = await readMigrations(folder);
  return Promise.all(
    migrations.toReversed().map(async ({ name, folder: own, forward, rollback, proof }): Promise<Told> => {
      const counts = Object.values(proof.rows);
      const rows = counts.reduce((sum, count) => sum + count, 0);
      const within = counts.length === 0 ? "" : ` in ${counts.length} ${counts.length === 1 ? "table" : "tables"}`;
      return {
        name,
        summary: `proved both ways on ${proof.shadow}, over ${rows} ${rows === 1 ? "row" : "rows"}${within}`,
        proof: [
          ["proved on", proof.shadow],
          ["catalog before", proof.before],
          ["catalog after", proof.after],
          [
            "rows that were there",
            Object.entries(proof.rows)
              .map(([table, count]) => `${table} ${count}`)
              .join(", ") || "none",
          ],
          ...(proof.withoutRows.length === 0 ? [] : [["tables without rows", proof.withoutRows.join(", ")] as const]),
          ...(proof.valuesLost.length === 0
            ? []
            : [["values that rollback does not restore", proof.valuesLost.join(", ")] as const]),
          ...(proof.releases === undefined
            ? []
            : [
                [
                  "order of deployment",
                  `forward ${proof.releases.forward.order}, back ${proof.releases.rollback.order}`,
                ] as const,
              ]),
        ],
        review: (await readText(join(own, "review.md"))) ?? "",
        forward: forward.text,
        rollback: rollback.text,
      };
    }),
  );
}

/** Numbered, so that names which a file cannot have, or two share, do not meet. */
const pictureName = (of: string | null, i: number): string =>
  of === null ? "schema.svg" : `schema-${i}-${of.toLowerCase().replaceAll(/[^a-z0-9_]+/g, "-")}.svg`;

/** Writes what differs and removes pictures that are no longer drawn. Returns the paths it touched. */
export async function writeDocuments(domain: CompiledDomain, folders: DocumentFolders): Promise<readonly string[]> {
  const { stale, gone } = await compare(domain, folders);
  for (const { path, text } of stale) {
    await mkdir(join(folders.generated, domain.name), { recursive: true });
    await writeFile(path, text);
  }
  for (const path of gone) await rm(path);
  return [...stale.map(({ path }) => path), ...gone].map((path) => shown(path));
}

/** Documents that are missing, differ or should be gone; empty when everything is up to date. */
export async function staleDocuments(domain: CompiledDomain, folders: DocumentFolders): Promise<readonly string[]> {
  const { stale, gone } = await compare(domain, folders);
  return [...stale.map(({ path }) => path), ...gone].map((path) => shown(path));
}

async function compare(domain: CompiledDomain, folders: DocumentFolders) {
  const files = await documentFiles(domain, folders);
  const texts = await Promise.all(files.map(({ path }) => readText(path)));
  const folder = join(folders.generated, domain.name);
  const there = await readdir(folder).catch(noneOfNothing);
  const drawn = there
    .filter((name) => /^schema(?:-\d+-[a-z0-9_-]*)?\.svg$/.test(name))
    .map((name) => join(folder, name));
  return {
    stale: files.filter(({ text }, i) => texts[i] !== text),
    gone: drawn.filter((path) => !files.some((file) => file.path === path)).sort(),
  };
}

const readText = (path: string): Promise<string | null> => readFile(path, "utf8").catch(nullOfNothing);
