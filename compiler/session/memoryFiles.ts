import type { PGlite } from "@electric-sql/pglite";

/** A node of Emscripten's memory file system, as far as we look into it. */
export interface MemoryNode {
  name: string;
  parent: MemoryNode;
  mode: number;
  mtime: number;
  name_next: MemoryNode | undefined;
  /** Bytes of a file, children of a folder by name. */
  contents: Uint8Array | Record<string, MemoryNode> | null;
  /** Of a file. */
  usedBytes: number;
  readonly node_ops: { mknod(parent: MemoryNode, name: string, mode: number, device: number): MemoryNode };
}

export interface MemoryStream {
  /** Null once closed. */
  fd: number | null;
  position: number;
}

/** Emscripten's FS, as PGlite exposes it on its module. */
export interface MemoryFiles {
  /** By file descriptor. */
  streams: (MemoryStream | null | undefined)[];
  /** Every node, in chains by hash of parent and name. */
  nameTable: (MemoryNode | undefined)[];
  mkdir(path: string, mode: number): void;
  mkdirTree(path: string): void;
  lookupPath(path: string): { readonly node: MemoryNode };
  analyzePath(path: string): { readonly exists: boolean };
  createDataFile(
    folder: string,
    name: string,
    contents: Uint8Array,
    canRead: boolean,
    canWrite: boolean,
    canOwn: boolean,
  ): void;
  /** Compiles a library, besides making the file. */
  createPreloadedFile(
    folder: string,
    name: string,
    contents: Uint8Array,
    canRead: boolean,
    canWrite: boolean,
    onLoad: () => void,
    onError: () => void,
    noFile: boolean,
    canOwn: boolean,
  ): void;
}

export function fileSystemOf(lite: PGlite): MemoryFiles {
  return lite.Module.FS as unknown as MemoryFiles;
}
