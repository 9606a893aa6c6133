import { type ClientFile, importLines, listText, typescriptFile, unionType } from "./file.ts";
import { type ClientModel, docText } from "./model.ts";
import { CUSTOM_TYPES, ENUMS } from "./valueTypes.ts";

/** Enums as unions, and as lists of their labels, both in the order that PostgreSQL sorts them by. */
export function enumsFile({ domain, enums }: ClientModel): ClientFile | null {
  if (enums.length === 0) return null;
  return typescriptFile(
    domain,
    ENUMS,
    enums.map(({ name, comment, labels }) => {
      const list = labels.map((label) => JSON.stringify(label));
      return [
        `${docText(comment, "")}${unionType(name, list)}`,
        `export const ${name}_Labels = ${listText(["[", "]"], list, 60 + 2 * name.length)} as const satisfies readonly ${name}[];`,
      ].join("\n");
    }),
  );
}

/** What columns hold besides PostgreSQL's own types. */
export function customTypesFile({ domain, customTypes }: ClientModel): ClientFile {
  const imports = customTypes.flatMap((type) => type.imports);
  return typescriptFile(domain, CUSTOM_TYPES, [
    importLines(CUSTOM_TYPES, imports),
    ...customTypes.map(({ text }) => text),
  ]);
}
