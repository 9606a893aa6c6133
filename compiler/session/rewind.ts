import type { PGlite } from "@electric-sql/pglite";
import { fileSystemOf, type MemoryFiles, type MemoryNode, type MemoryStream } from "./memoryFiles.ts";

/**
 * Takes a picture of an engine at rest, between two statements: WebAssembly memory, files, open descriptors. The returned
 * function brings all of that back, in some 30 ms, where a new engine takes half a second. What it cannot bring back are
 * libraries that were loaded since, for they live on in JavaScript: such an engine must not be rewound.
 */
export function takePicture(lite: PGlite): () => void {
  const files = fileSystemOf(lite);
  const memory = copyMemory(lite);
  const nodes = pictureNodes(files);
  const chains = [...files.nameTable];
  const streams = [...files.streams];
  const places = streams.map((stream) => stream && pictureStream(stream));
  return () => {
    restoreMemory(lite, memory);
    for (const restore of nodes) restore();
    files.nameTable = [...chains];
    files.streams = [...streams];
    for (const restore of places) restore?.();
  };
}

const CHUNK = 1 << 20;
/** In chunks. */
const GAP = 16;
const ZEROS = new Uint8Array(CHUNK);

const isZero = (bytes: Uint8Array): boolean => Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0;

/** The memory up to its last chunk in use; most of it was never touched. */
function copyMemory(lite: PGlite): Uint8Array {
  const memory = new Uint8Array(lite.Module.wasmMemory.buffer);
  let end = memory.length;
  while (end > 0 && isZero(memory.subarray(Math.max(0, end - CHUNK), end))) end = Math.max(0, end - CHUNK);
  return memory.slice(0, end);
}

function restoreMemory(lite: PGlite, saved: Uint8Array): void {
  const memory = new Uint8Array(lite.Module.wasmMemory.buffer);
  memory.set(saved);
  // What was used beyond is cleared as well, though the allocator does not count on it; used memory has no wide gaps.
  for (let at = saved.length, zeros = 0; at < memory.length && zeros < GAP; at += CHUNK) {
    const chunk = memory.subarray(at, Math.min(at + CHUNK, memory.length));
    zeros = isZero(chunk) ? zeros + 1 : 0;
    if (zeros === 0) chunk.fill(0);
  }
}

/** Puts one thing back as it was. */
type Restore = () => void;

const KIND = 0o170000;
const FILE = 0o100000;
const FOLDER = 0o040000;

/** Folders of the installation, which PostgreSQL reads only: big, and never copied. */
const INSTALLED = ["/pglite/bin", "/pglite/icu", "/pglite/lib", "/pglite/share"];

function pictureNodes(files: MemoryFiles): readonly Restore[] {
  const installed = new Set(INSTALLED.map((folder) => files.lookupPath(folder).node));
  const isInstalled = (node: MemoryNode): boolean =>
    installed.has(node) || (node.parent !== node && isInstalled(node.parent));
  const pictures: Restore[] = [];
  for (const head of files.nameTable) {
    for (let node = head; node !== undefined; node = node.name_next) {
      pictures.push(picturePlace(node));
      if (!isInstalled(node)) pictures.push(pictureContents(node));
    }
  }
  return pictures;
}

function picturePlace(node: MemoryNode): Restore {
  const { name, parent, mode, name_next } = node;
  return () => Object.assign(node, { name, parent, mode, name_next });
}

function pictureContents(node: MemoryNode): Restore {
  switch (node.mode & KIND) {
    case FOLDER: {
      const children = { ...node.contents } as Record<string, MemoryNode>;
      return () => {
        node.contents = { ...children };
      };
    }
    case FILE: {
      const version = isUntouched(node) ? current.get(node) : undefined;
      const kept = version ?? keepVersion(node);
      return () => restoreVersion(node, kept);
    }
    default:
      return () => undefined;
  }
}

/** What a file held at one time. Pictures between which it did not change share one. */
interface Version {
  /** The array that PostgreSQL writes to, */
  readonly contents: MemoryNode["contents"];
  readonly usedBytes: number;
  /** and what it held, which nobody writes to. */
  readonly copy: Uint8Array | null;
}

/** The version that a file was last seen or put at. */
const current = new WeakMap<MemoryNode, Version>();

/** A modification time that no file gets by being written. */
const UNTOUCHED = 1;

function isUntouched(node: MemoryNode): boolean {
  const version = current.get(node);
  return node.mtime === UNTOUCHED && node.contents === version?.contents && node.usedBytes === version.usedBytes;
}

function keepVersion(node: MemoryNode): Version {
  const { contents, usedBytes } = node;
  const version = { contents, usedBytes, copy: contents instanceof Uint8Array ? contents.slice(0, usedBytes) : null };
  current.set(node, version);
  node.mtime = UNTOUCHED;
  return version;
}

function restoreVersion(node: MemoryNode, version: Version): void {
  if (current.get(node) === version && isUntouched(node)) return;
  const { contents, usedBytes, copy } = version;
  if (contents instanceof Uint8Array && copy !== null) {
    contents.set(copy);
    contents.fill(0, usedBytes);
  }
  Object.assign(node, { contents, usedBytes, mtime: UNTOUCHED });
  current.set(node, version);
}

/** Gives a file contents of its own, of which `copy` is a copy that nobody ever writes to. */
export function layContents(node: MemoryNode, contents: Uint8Array, copy: Uint8Array): void {
  const version = { contents, usedBytes: contents.length, copy };
  Object.assign(node, { contents, usedBytes: contents.length, mtime: UNTOUCHED });
  current.set(node, version);
}

/** A stream that was closed since has lost its descriptor. */
function pictureStream(stream: MemoryStream): Restore {
  const { fd, position } = stream;
  return () => Object.assign(stream, { fd, position });
}
