import { insertText, updateText, type WrittenTable } from "../client/write.ts";
import { printedType } from "../kinds/typeNames.ts";
import { quoteName } from "../quote.ts";
import { columnList, type PathParameter } from "./accessPaths.ts";
import type { KeyModel, TableModel } from "./model.ts";
import { camel, nameScope, pascal } from "./names.ts";
import { insertType, updateType } from "./tableFile.ts";

/** A generated function that writes. */
export interface WritePath {
  readonly name: string;
  readonly says: string;
  readonly parameters: readonly PathParameter[];
  readonly returns: string;
  readonly body: string;
  /** The statements that it comes to: with as few values as may be, and with all. */
  readonly statements: readonly string[];
}

/** What a table's writing functions are given of it. */
export function writtenTable(table: TableModel): Omit<WrittenTable, "constraints"> {
  const written = table.columns.filter(({ insertion }) => insertion !== "never");
  const odd = table.columns.filter(({ name }) => quoteName(name) !== name);
  return {
    name: table.path,
    columns: Object.fromEntries(
      // Of a domain over JSON the runtime must know that it is JSON.
      written.map(({ name, sqlType, baseType }) => [name, /^jsonb?$/.test(printedType(baseType)) ? baseType : sqlType]),
    ),
    quoted: Object.fromEntries(odd.map(({ name }) => [name, quoteName(name)])),
    returning: columnList(table),
  };
}

/** Inserts, and for each key upserts, updates and deletes. */
export function writePaths(table: TableModel): readonly WritePath[] {
  const { typeName, path } = table;
  const insert = insertType(table);
  const many = `Promise<readonly ${typeName}[]>`;
  const written = { ...writtenTable(table), constraints: {} };
  const required = table.columns.filter(({ insertion }) => insertion === "required").map(({ name }) => name);
  const all = Object.keys(written.columns);
  const inserted = [insertText(written, required), insertText(written, all)];
  const inserts: readonly WritePath[] = [
    {
      name: "insert",
      says: `insert into ${path} (…) select … returning …`,
      parameters: [{ name: "row", type: insert }],
      returns: `Promise<${typeName}>`,
      body: "insertRow(db, TABLE, row, options)",
      statements: inserted,
    },
    {
      name: "insertMany",
      says: "In one statement, however many there are; one for each set of columns where they differ.",
      parameters: [{ name: "given", type: `readonly ${insert}[]` }],
      returns: many,
      body: "insertRows(db, TABLE, given, options)",
      statements: inserted,
    },
    {
      name: "insertOrIgnore",
      says: "Leaves out rows whose key is taken; returns those that were inserted.",
      parameters: [{ name: "given", type: `readonly ${insert}[]` }],
      returns: many,
      body: `insertRows(db, TABLE, given, options, { columns: [], action: "nothing" })`,
      statements: [insertText(written, all, { columns: [], action: "nothing" })],
    },
  ];
  return [...inserts, ...table.keys.flatMap((key) => keyPaths(key, table, written))];
}

function keyPaths(key: KeyModel, table: TableModel, written: WrittenTable): readonly WritePath[] {
  const { typeName, path } = table;
  const [insert, update] = [insertType(table), updateType(table)];
  const columns = key.columns.flatMap((name) => table.columns.filter((column) => column.name === name));
  const by = key.columns.map((name) => pascal(name)).join("And");
  const names = key.columns.map((name) => JSON.stringify(name));
  const union = names.join(" | ");
  const choose = nameScope();
  const parameters = columns.map(({ name, isNullable }): PathParameter => {
    const type = `${typeName}[${JSON.stringify(name)}]`;
    return { name: choose(camel(name)), type: isNullable ? `NonNullable<${type}>` : type };
  });
  const where = key.columns.map((name, i) => `${quoteName(name)} = $${i + 1}`).join(" and ");
  const isWritten = columns.every(({ insertion }) => insertion !== "never");
  const given = columns.map(({ name }, i) => {
    const value = parameters[i]?.name ?? "";
    return name === value ? name : `${JSON.stringify(name)}: ${value}`;
  });
  const conflict = `{ columns: [${names.join(", ")}], action: "update" }`;
  const keyed = `${insert} & Required<Pick<${insert}, ${union}>>`;
  const all = Object.keys(written.columns);
  const set = all.filter((column) => !key.columns.includes(column));
  const upserted = [insertText(written, all, { columns: key.columns, action: "update" })];
  const updated = set.length === 0 || !isWritten ? [] : [updateText(written, all, set, key.columns)];
  const deleted = `delete from ${path} where ${where} returning `;
  const paths: WritePath[] = [];
  // A constraint that is checked later cannot decide between insert and update.
  if (isWritten && !key.isDeferrable) {
    paths.push(
      {
        name: `upsertBy${by}`,
        says: `Inserts the row, or gives the one with its ${key.columns.join(", ")} the values said here. By ${key.name}.`,
        parameters: [{ name: "row", type: keyed }],
        returns: `Promise<${typeName}>`,
        body: `insertRow(db, TABLE, row, options, ${conflict})`,
        statements: upserted,
      },
      {
        name: `upsertManyBy${by}`,
        says: `The same for many rows; no two may have the same ${key.columns.join(", ")}. By ${key.name}.`,
        parameters: [{ name: "given", type: `readonly (${keyed})[]` }],
        returns: `Promise<readonly ${typeName}[]>`,
        body: `insertRows(db, TABLE, given, options, ${conflict})`,
        statements: upserted,
      },
    );
  }
  paths.push({
    name: `updateBy${by}`,
    says: `Returns the row as it is now, or null where there is none. By ${key.name}.`,
    parameters: [...parameters, { name: "changes", type: isWritten ? `Omit<${update}, ${union}>` : update }],
    returns: `Promise<${typeName} | null>`,
    body: `updateRow(db, TABLE, [${names.join(", ")}], { ...changes, ${given.join(", ")} }, options)`,
    statements: updated,
  });
  if (key.isPrimary) {
    paths.push({
      name: `updateMany`,
      says: `Each row by its ${key.columns.join(", ")}, with values of its own, in one statement.`,
      parameters: [{ name: "given", type: `readonly (${update} & Pick<${typeName}, ${union}>)[]` }],
      returns: `Promise<readonly ${typeName}[]>`,
      body: `updateRows(db, TABLE, [${names.join(", ")}], given, options)`,
      statements: updated,
    });
  }
  paths.push({
    name: `deleteBy${by}`,
    says: `Returns the row that was there, or null. By ${key.name}.`,
    parameters,
    returns: `Promise<${typeName} | null>`,
    body: `oneRow(db, \`${deleted.replaceAll(/[\\`]|\$\{/g, (c) => `\\${c}`)}\${COLUMNS}\`, [${parameters.map(({ name }) => name).join(", ")}], options, CONSTRAINTS)`,
    statements: [deleted + columnList(table)],
  });
  return paths;
}
