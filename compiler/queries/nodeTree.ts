/** A value in PostgreSQL's own text form of a parsed statement, as pg_proc.prosqlbody and pg_rewrite.ev_action hold it. */
export type Tree = string | null | readonly Tree[] | TreeNode;

export interface TreeNode {
  /** `VAR`, `QUERY` … */
  readonly node: string;
  readonly fields: Readonly<Record<string, Tree>>;
}

/** Reads a pg_node_tree. @see src/backend/nodes/read.c of PostgreSQL */
export function parseTree(text: string): Tree {
  const tokens = text.match(/"(?:[^"\\]|\\[\s\S])*"|[(){}[\]]|(?:\\[\s\S]|[^\s(){}[\]"\\])+/g) ?? [];
  let at = 0;
  const value = (): Tree => {
    const token = tokens[at++];
    if (token === "{") {
      const node = tokens[at++] ?? "";
      const fields: Record<string, Tree> = {};
      while (at < tokens.length && tokens[at] !== "}") {
        const field = (tokens[at++] ?? "").slice(1);
        fields[field] = value();
        // The bytes of a constant follow their number.
        while (at < tokens.length && tokens[at] !== "}" && !tokens[at]?.startsWith(":")) at++;
      }
      at++;
      return { node, fields };
    }
    if (token === "(") {
      const items: Tree[] = [];
      while (at < tokens.length && tokens[at] !== ")") items.push(value());
      at++;
      return items;
    }
    if (token === undefined || token === "<>") return null;
    const bare = token.startsWith('"') ? token.slice(1, -1) : token;
    return bare.replaceAll(/\\([\s\S])/g, "$1");
  };
  return value();
}

export const isNode = (tree: Tree | undefined): tree is TreeNode =>
  typeof tree === "object" && tree !== null && "node" in tree;

const listOf = (tree: Tree | undefined): readonly Tree[] => (Array.isArray(tree) ? tree : []);

export const nodesIn = (tree: Tree | undefined): readonly TreeNode[] => listOf(tree).filter(isNode);

export const nodeAt = (node: TreeNode | undefined, field: string): TreeNode | undefined => {
  const found = node?.fields[field];
  return isNode(found) ? found : undefined;
};

export const nodesAt = (node: TreeNode | undefined, field: string): readonly TreeNode[] => nodesIn(node?.fields[field]);

export const listAt = (node: TreeNode | undefined, field: string): readonly Tree[] => listOf(node?.fields[field]);

export const textAt = (node: TreeNode | undefined, field: string): string => {
  const found = node?.fields[field];
  return typeof found === "string" ? found : "";
};

export const numberAt = (node: TreeNode | undefined, field: string): number => Number(textAt(node, field));

/** Every node below one, itself included. */
export function* allNodes(tree: Tree | undefined): Generator<TreeNode> {
  if (Array.isArray(tree)) for (const one of tree) yield* allNodes(one);
  else if (isNode(tree)) {
    yield tree;
    for (const field of Object.values(tree.fields)) yield* allNodes(field);
  }
}
