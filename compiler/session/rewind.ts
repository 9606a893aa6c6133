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
  // It may have grown since, and never shrinks: the rest is as it would be when grown anew.
  const memory = new Uint8Array(lite.Module.wasmMemory.buffer);
  memory.set(saved);
  for (let at = saved.length; at < memory.length; at += CHUNK) {
    const chunk = memory.subarray(at, Math.min(at + CHUNK, memory.length));
    if (!isZero(chunk)) chunk.fill(0);
  }
}

/** Puts one node back as it was. */
type Restore = () => void;

/** The modification time of files that nobody wrote since. */
const UNTOUCHED = 1;

const originals = new WeakMap<MemoryNode, Uint8Array>();

/** Gives a file contents of its own, of which `original` is a copy that nobody ever writes to. */
export function layContents(node: MemoryNode, contents: Uint8Array, original: Uint8Array): void {
  Object.assign(node, { contents, usedBytes: contents.length, mtime: UNTOUCHED });
  originals.set(node, original);
}

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
      if (isInstalled(node)) pictures.push(picturePlace(node));
      else pictures.push(picturePlace(node), pictureContents(node));
    }
  }
  return pictures;
}

function picturePlace(node: MemoryNode): Restore {
  const { name, parent, mode, name_next } = node;
  return () => Object.assign(node, { name, parent, mode, name_next });
}

function pictureContents(node: MemoryNode): Restore {
  const { contents, usedBytes } = node;
  switch (node.mode & KIND) {
    case FOLDER: {
      const children = { ...contents };
      return () => {
        node.contents = { ...children } as Record<string, MemoryNode>;
      };
    }
    case FILE: {
      if (!(contents instanceof Uint8Array)) return () => Object.assign(node, { contents, usedBytes });
      const original = node.mtime === UNTOUCHED ? originals.get(node) : undefined;
      const copy = original ?? contents.slice(0, usedBytes);
      node.mtime = UNTOUCHED;
      return () => {
        if (node.contents === contents && node.usedBytes === usedBytes && node.mtime === UNTOUCHED) return;
        contents.set(copy);
        contents.fill(0, usedBytes);
        Object.assign(node, { contents, usedBytes, mtime: UNTOUCHED });
      };
    }
    default:
      return () => undefined;
  }
}

/** A stream that was closed since has lost its descriptor. */
function pictureStream(stream: MemoryStream): Restore {
  const { fd, position } = stream;
  return () => Object.assign(stream, { fd, position });
}
