import { posix } from "node:path";
import type { Code } from "./code.ts";
import { constantsIn, constructorsIn, entriesOf, text, texts } from "./code.ts";
import type { Declaration, DomainShape, PulledDomain } from "./declarations.ts";
import { Names } from "./names.ts";
import { type NameOf, printCode, printDoc, printText } from "./printCode.ts";
import { nameOfShared, type SharedColumns, shareColumns } from "./sharedColumns.ts";

/** A definition file to be written, from the definitions' folder. */
export interface PulledFile {
  readonly path: string;
  readonly text: string;
}

const SHARED = "shared";

/** The files of a folder that is written for the first time, sorted by path. */
export function filesOf(pulled: PulledDomain, shape: DomainShape & { readonly name: string }): readonly PulledFile[] {
  const names = new Names();
  for (const { name } of pulled.constants.values()) names.take(name);
  for (const { name } of pulled.declarations) names.take(name);
  const { declarations, shared } = shareColumns(pulled.declarations, (columns) =>
    names.choose([nameOfShared(columns)]),
  );
  const byFile = new Map<string, Declaration[]>();
  for (const one of declarations) {
    const list = byFile.get(one.file);
    if (list === undefined) byFile.set(one.file, [one]);
    else list.push(one);
  }
  const files = [...byFile].map(([file, list]) => ({ path: `${file}.ts`, text: fileText(file, list, shared, pulled) }));
  if (shared.length > 0) files.push({ path: `${SHARED}.ts`, text: sharedText(shared) });
  files.push({ path: "domain.ts", text: domainText(shape) });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export const nameOfConstant =
  (pulled: PulledDomain): NameOf =>
  ({ id }) =>
    pulled.constants.get(id)?.name ?? "undefined";

function fileText(
  file: string,
  declarations: readonly Declaration[],
  shared: readonly SharedColumns[],
  pulled: PulledDomain,
): string {
  const statements = declarations.map((one) => declarationText(one, nameOfConstant(pulled)));
  return `${importsText(importsOf(file, declarations, shared, pulled))}\n\n${statements.join("\n\n")}\n`;
}

export function declarationText({ name, value, doc }: Declaration, nameOf: NameOf): string {
  const lead = `export const ${name} = `;
  const above = doc === undefined ? "" : `${printDoc(doc, 0)}\n`;
  return `${above}${lead}${printCode(value, nameOf, 0, lead.length, 1)};`;
}

/** Names by the module that they come from. */
export type Imports = ReadonlyMap<string, ReadonlySet<string>>;

export function importsOf(
  file: string,
  declarations: readonly Pick<Declaration, "value">[],
  shared: readonly SharedColumns[],
  pulled: PulledDomain,
): Imports {
  const imports = new Map<string, Set<string>>();
  const add = (module: string, name: string): void => {
    const known = imports.get(module) ?? new Set();
    imports.set(module, known.add(name));
  };
  for (const { value } of declarations) {
    for (const name of constructorsIn(value)) add("verso", name);
    for (const { id } of constantsIn(value, true)) {
      const constant = pulled.constants.get(id);
      if (constant !== undefined && constant.file !== file) add(moduleOf(file, constant.file), constant.name);
    }
    for (const name of spreadsIn(value)) {
      if (shared.some((one) => one.name === name)) add(moduleOf(file, SHARED), name);
    }
  }
  return imports;
}

export function moduleOf(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), `${to}.ts`);
  return path.startsWith(".") ? path : `./${path}`;
}

function spreadsIn(code: Code): readonly string[] {
  if (code.code === "call") return code.arguments.flatMap(spreadsIn);
  if (code.code !== "object") return [];
  return code.entries.flatMap((entry) => ("spread" in entry ? [entry.spread] : spreadsIn(entry.value)));
}

/** As Biome sorts them: packages first, then what is farther away, names without regard to case. */
export function importsText(imports: Imports): string {
  const distance = (module: string): number => (module.startsWith(".") ? -module.split("../").length : -1000);
  return [...imports]
    .sort(([a], [b]) => distance(a) - distance(b) || naturally(a, b))
    .map(([module, names]) => importText(module, names))
    .join("\n");
}

/** Without regard to case, numbers by what they count. */
function naturally(a: string, b: string): number {
  const pieces = (text: string): readonly string[] => text.toLowerCase().match(/\d+|\D/g) ?? [];
  const [x, y] = [pieces(a), pieces(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [one = "", other = ""] = [x[i], y[i]];
    if (one === other) continue;
    const areNumbers = /^\d/.test(one) && /^\d/.test(other);
    if (areNumbers && Number(one) !== Number(other)) return Number(one) - Number(other);
    return one < other ? -1 : 1;
  }
  return x.length - y.length || (a < b ? -1 : 1);
}

export function importText(module: string, names: ReadonlySet<string>): string {
  const sorted = [...names].sort(naturally);
  const line = `import { ${sorted.join(", ")} } from ${printText(module)};`;
  return line.length <= 120
    ? line
    : `import {\n${sorted.map((name) => `  ${name},`).join("\n")}\n} from ${printText(module)};`;
}

function sharedText(shared: readonly SharedColumns[]): string {
  const codes = shared.map(({ columns }): Code => ({ code: "object", entries: columns }));
  const imports = new Map([["verso", new Set(codes.flatMap(constructorsIn))]]);
  const statements = shared.map(({ name }, i) => {
    const lead = `export const ${name} = `;
    const value = codes[i];
    return value === undefined ? "" : `${lead}${printCode(value, () => "", 0, lead.length, 1)};`;
  });
  return `${importsText(imports)}\n\n${statements.join("\n\n")}\n`;
}

function domainText({ name, schema, owner, searchPath }: DomainShape & { readonly name: string }): string {
  const isUsual = searchPath.length === 1 && searchPath[0] === schema;
  const options: Code = {
    code: "object",
    entries: entriesOf({
      name: text(name),
      schema: schema === "public" ? undefined : text(schema),
      searchPath: isUsual ? undefined : texts(searchPath),
      owner: owner === null ? undefined : text(owner),
    }),
  };
  const lead = "export default domain(";
  return `import { domain } from "verso";\n\n${lead}${printCode(options, () => "", 0, lead.length, 2)});\n`;
}
