import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { ts } from "ts-morph";
import type { CompiledDomain } from "../compile/compileDomain.ts";
import type { FactId } from "../facts.ts";
import type { Column } from "../kinds/columns.ts";
import { ofKind } from "../kinds/kind.ts";
import type { Exported } from "../load/loadDomain.ts";
import { readCached, writeCached } from "../session/cache.ts";

/**
 * What TypeScript knows of a domain's columns and no catalog does: `jsonb<Preferences>()`, a text that is one of few words.
 * In every text a type with a name of its own stands as its key between two marks, so that names can be chosen later.
 */
export interface DeclaredTypes {
  /** Types of the values, without null and brands, by table and column. */
  readonly columns: ReadonlyMap<FactId, Readonly<Record<string, string>>>;
  readonly named: readonly NamedType[];
}

/** A type that the definitions declare, or import from a package. */
export interface NamedType {
  readonly key: string;
  /** What it is called there. */
  readonly name: string;
  /** Its declaration, its own name marked too; null where `module` exports it. */
  readonly declaration: string | null;
  readonly module: string | null;
}

const MARK = "\u0001";
export const marked = (key: string): string => `${MARK}${key}${MARK}`;

/** Puts names in the place of keys. */
export const unmark = (text: string, nameOf: (key: string) => string): string =>
  text
    .split(MARK)
    .map((part, i) => (i % 2 === 0 ? part : nameOf(part)))
    .join("");

export const keysIn = (text: string): readonly string[] => text.split(MARK).filter((_, i) => i % 2 === 1);

interface Kept {
  /** Files that were read, with what they held. */
  readonly read: readonly (readonly [file: string, hash: string])[];
  readonly columns: readonly (readonly [FactId, Readonly<Record<string, string>>])[];
  readonly named: readonly NamedType[];
}

interface Asked extends Omit<Exported, "declaration"> {
  readonly id: FactId;
  /** Columns in whose type null means that there is no value; elsewhere it can be a value in JSON. */
  readonly nullable: readonly string[];
}

const FORMAT = 1;

/** Asks the type checker, which takes about a second; where no file has changed since, the cache. */
export async function readDeclaredTypes(domain: CompiledDomain, tables: readonly FactId[]): Promise<DeclaredTypes> {
  const nullable = new Map(tables.map((id): [FactId, string[]] => [id, []]));
  for (const { parent, attributes } of ofKind<Column>(domain.facts.values(), "column")) {
    if (!attributes.notNull && parent !== null) nullable.get(parent)?.push(attributes.name);
  }
  const places = tables.flatMap((id): Asked[] => {
    const found = domain.exported.get(id);
    if (found === undefined) return [];
    return [{ id, file: found.file, trail: found.trail, nullable: nullable.get(id) ?? [] }];
  });
  if (places.length === 0) return { columns: new Map(), named: [] };
  const asked = JSON.stringify([FORMAT, domain.folder, places]);
  const key = `types-${hashOf(asked)}.json`;
  const cached = await readKept(key);
  const kept = cached ?? (await askTypeScript(domain.folder, places));
  if (cached === null) await writeCached(key, Buffer.from(JSON.stringify(kept)));
  return { columns: new Map(kept.columns), named: kept.named };
}

async function readKept(key: string): Promise<Kept | null> {
  const bytes = await readCached(key);
  if (bytes === null) return null;
  const kept = JSON.parse(Buffer.from(bytes).toString()) as Kept;
  const fresh = await Promise.all(kept.read.map(async ([file, hash]) => (await hashOfFile(file)) === hash));
  return fresh.every(Boolean) ? kept : null;
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
const hashOfFile = (file: string): Promise<string | null> => readFile(file, "utf8").then(hashOf, () => null);

const ENGINE = fileURLToPath(new URL("..", import.meta.url));
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "d.ts";

async function askTypeScript(folder: string, places: readonly Asked[]): Promise<Kept> {
  const { Project, ts } = await import("ts-morph");
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      lib: ["lib.es2023.d.ts"],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      types: [],
      paths: { verso: [join(ENGINE, `index.${EXTENSION}`)] },
    },
  });
  const question = join(folder, "verso.question.ts");
  const files = [...new Set(places.map(({ file }) => file))];
  const lines = [
    `import type { RowOf } from "verso";`,
    ...files.map((file, i) => `import type * as m${i} from ${JSON.stringify(relativeImport(folder, file))};`),
    ...places.map(({ file, trail: [name, ...inside] }, i) => {
      const steps = inside.map((one) => `[${JSON.stringify(one)}]`).join("");
      return `export type R${i} = RowOf<(typeof m${files.indexOf(file)}.${name})${steps}>;`;
    }),
  ];
  project.createSourceFile(question, lines.join("\n"));
  const program = project.getProgram().compilerObject;
  const checker = program.getTypeChecker();
  const asking = program.getSourceFile(question);
  const module = asking === undefined ? undefined : checker.getSymbolAtLocation(asking);
  if (module === undefined) throw new Error("TypeScript did not read the question");

  const writer = namedTypes(ts, checker, folder);
  const answers = new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]));
  const columns = places.flatMap(({ id, nullable }, i) => {
    const symbol = answers.get(`R${i}`);
    if (symbol === undefined) return [];
    const properties = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
    const known = properties.flatMap((property) => {
      const type = checker.getTypeOfSymbol(property);
      const text = writer.write(nullable.includes(property.name) ? checker.getNonNullableType(type) : type);
      return text === null ? [] : [[property.name, text] as const];
    });
    return [[id, Object.fromEntries(known)] as const];
  });
  const paths = program
    .getSourceFiles()
    .map(({ fileName }) => fileName)
    .filter((file) => file !== question && !program.isSourceFileDefaultLibrary(program.getSourceFile(file) as never));
  const read = await Promise.all(paths.sort().map(async (file) => [file, (await hashOfFile(file)) ?? ""] as const));
  return { read, columns, named: writer.named() };
}

function relativeImport(folder: string, file: string): string {
  const path = relative(folder, file).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}

/** Writes types down, and collects the declarations that they mention. */
function namedTypes(typescript: typeof ts, checker: ts.TypeChecker, folder: string) {
  const { NodeBuilderFlags: Flag, SyntaxKind } = typescript;
  const printer = typescript.createPrinter({ removeComments: true });
  const blank = typescript.createSourceFile("blank.ts", "", typescript.ScriptTarget.ESNext);
  const found = new Map<string, NamedType>();

  /** The type as TypeScript writes it; null where it says nothing, or nothing that could stand in another file. */
  function write(type: ts.Type, more: ts.NodeBuilderFlags = Flag.None): string | null {
    if ((type.flags & (typescript.TypeFlags.Any | typescript.TypeFlags.Unknown | typescript.TypeFlags.Never)) !== 0) {
      return null;
    }
    const bare = unbranded(type);
    const texts = bare.map((one) => writeOne(one, more));
    return texts.includes(null) ? null : [...new Set(texts)].join(" | ");
  }

  function writeOne(type: ts.Type, more: ts.NodeBuilderFlags): string | null {
    const flags = Flag.NoTruncation | Flag.UseAliasDefinedOutsideCurrentScope | more;
    const node = checker.typeToTypeNode(type, undefined, flags);
    if (node === undefined) return null;
    let isPortable = true;
    const visit = (child: ts.Node): ts.Node => {
      if (typescript.isImportTypeNode(child) || typescript.isTypeQueryNode(child)) isPortable = false;
      if (typescript.isTypeReferenceNode(child) && typescript.isIdentifier(child.typeName)) {
        // TypeScript notes on the names that it writes what they mean, in a field that it does not document.
        const { symbol } = child.typeName as unknown as { readonly symbol?: ts.Symbol };
        const name = symbol === undefined ? undefined : nameOf(symbol);
        if (name === null) isPortable = false;
        if (typeof name === "string") {
          const types = child.typeArguments?.map((argument) => typescript.visitNode(argument, visit) as ts.TypeNode);
          return typescript.factory.createTypeReferenceNode(name, types);
        }
      }
      return typescript.visitEachChild(child, visit, undefined);
    };
    const written = typescript.visitNode(node, visit) as ts.Node;
    return isPortable ? printer.printNode(typescript.EmitHint.Unspecified, written, blank) : null;
  }

  /** The members of a union without the brands of keys. */
  function unbranded(type: ts.Type): readonly ts.Type[] {
    if (!isBranded(type)) return [type];
    if (type.isUnion()) return type.types.flatMap(unbranded);
    if (!type.isIntersection()) return [type];
    return type.types.filter((one) => one.getProperty("__brand") === undefined);
  }
  const isBranded = (type: ts.Type): boolean =>
    type.isUnion() ? type.types.some(isBranded) : type.isIntersection() && type.getProperty("__brand") !== undefined;

  /** A marked key; undefined for what TypeScript brings along and for parameters; null for what has no name to import. */
  function nameOf(symbol: ts.Symbol): string | null | undefined {
    if ((symbol.flags & typescript.SymbolFlags.TypeParameter) !== 0) return undefined;
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined) return null;
    const { fileName, isDeclarationFile } = declaration.getSourceFile();
    if (fileName.includes("/node_modules/typescript/lib/")) return undefined;
    const isVersos = resolve(fileName).startsWith(ENGINE);
    if (isVersos || fileName.includes("/node_modules/")) {
      const module = isVersos
        ? "verso"
        : (/.*\/node_modules\/(?:@types\/)?((?:@[^/]+\/)?[^/]+)/.exec(fileName)?.[1] ?? null);
      if (module === null) return isDeclarationFile ? undefined : null;
      const key = `${module}:${symbol.name}`;
      found.set(key, { key, name: symbol.name, declaration: null, module });
      return marked(key);
    }
    const key = `${relative(folder, fileName).split(sep).join("/")}:${symbol.name}`;
    if (!found.has(key)) {
      found.set(key, { key, name: symbol.name, declaration: null, module: null });
      const text = declarationOf(symbol, declaration, key);
      if (text === null) return null;
      found.set(key, { key, name: symbol.name, declaration: text, module: null });
    }
    return marked(key);
  }

  function declarationOf(symbol: ts.Symbol, declaration: ts.Declaration, key: string): string | null {
    const isCopied = typescript.isInterfaceDeclaration(declaration) || typescript.isTypeAliasDeclaration(declaration);
    if (!isCopied) return null;
    const source = declaration.getSourceFile();
    const names: { readonly from: number; readonly to: number; readonly text: string }[] = [];
    let isPortable = symbol.declarations?.length === 1;
    const visit = (node: ts.Node): void => {
      if (node.kind === SyntaxKind.TypeQuery || node.kind === SyntaxKind.ImportType) isPortable = false;
      const mentioned = typescript.isTypeReferenceNode(node)
        ? node.typeName
        : typescript.isExpressionWithTypeArguments(node)
          ? node.expression
          : undefined;
      if (mentioned !== undefined) {
        const known = checker.getSymbolAtLocation(mentioned);
        const isAlias = known !== undefined && (known.flags & typescript.SymbolFlags.Alias) !== 0;
        const meant = isAlias ? checker.getAliasedSymbol(known) : known;
        const name = meant === undefined ? null : nameOf(meant);
        if (name === null) isPortable = false;
        if (typeof name === "string") {
          names.push({ from: mentioned.getStart(source), to: mentioned.getEnd(), text: name });
        }
      }
      typescript.forEachChild(node, visit);
    };
    names.push({ from: declaration.name.getStart(source), to: declaration.name.getEnd(), text: marked(key) });
    visit(declaration);
    const doc = typescript.getJSDocCommentsAndTags(declaration).find(typescript.isJSDoc)?.getText(source);
    const head = doc === undefined ? "" : `${doc}\n`;
    if (!isPortable) {
      const expanded = write(checker.getDeclaredTypeOfSymbol(symbol), Flag.InTypeAlias);
      return expanded === null ? null : `${head}export type ${marked(key)} = ${expanded};`;
    }
    let text = source.text.slice(declaration.getStart(source), declaration.getEnd());
    const start = declaration.getStart(source);
    for (const { from, to, text: name } of names.toSorted((a, b) => b.from - a.from)) {
      text = text.slice(0, from - start) + name + text.slice(to - start);
    }
    return `${head}${text.startsWith("export ") ? "" : "export "}${text}`;
  }

  return { write, named: () => [...found.values()].filter((one) => one.declaration !== null || one.module !== null) };
}
