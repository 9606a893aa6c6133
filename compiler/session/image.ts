import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** A data directory as a tar archive in memory, with where each entry lies in it. */
export interface Image {
  readonly bytes: Uint8Array;
  readonly entries: readonly ImageEntry[];
}

export interface ImageEntry {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly start: number;
  readonly size: number;
}

const BLOCK = 512;

/**
 * @returns null when the archive is cut off or broken
 * @see POSIX, "ustar Interchange Format"
 */
export function parseImage(bytes: Uint8Array): Image | null {
  const entries: ImageEntry[] = [];
  const text = (from: number, length: number): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset + from, length)
      .toString("latin1")
      .replace(/\0.*$/s, "");
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    if (bytes[at] === 0) return entries.length > 0 ? { bytes, entries } : null;
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (Number.isNaN(size) || at + BLOCK + size > bytes.length) return null;
    const prefix = text(at + 345, 155);
    const name = prefix === "" ? text(at, 100) : `${prefix}/${text(at, 100)}`;
    const isFolder = text(at + 156, 1) === "5";
    entries.push({ path: name.replace(/^\.?\/+|\/+$/g, ""), isFolder, start: at + BLOCK, size });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return null;
}

/** Writes a data directory to disk. */
export async function extractImage(image: Image, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const folders = image.entries.filter((entry) => entry.isFolder && entry.path !== "");
  for (const entry of folders) await mkdir(path.join(folder, entry.path), { recursive: true, mode: 0o700 });
  const files = image.entries.filter((entry) => !entry.isFolder);
  // PG_VERSION makes it a data directory, so it comes last: one that is cut off is not taken for whole.
  const last = files.filter((entry) => entry.path === "PG_VERSION");
  for (const entry of [...files.filter((entry) => entry.path !== "PG_VERSION"), ...last]) {
    const contents = image.bytes.subarray(entry.start, entry.start + entry.size);
    await writeFile(path.join(folder, entry.path), contents, { mode: 0o600 });
  }
}
