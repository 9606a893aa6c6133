/** PostgreSQL keeps this many bytes of a name (NAMEDATALEN - 1). */
export const NAME_BYTES = 63;

export const byteLength = (text: string): number => Buffer.byteLength(text, "utf8");

/**
 * The name that PostgreSQL itself would choose: `table_columns_label`, the longer part cut to fit.
 * @see PostgreSQL source, makeObjectName() in indexcmds.c
 */
export function objectName(table: string, columns: string, label: string): string {
  const room = NAME_BYTES - (columns === "" ? 0 : 1) - (label === "" ? 0 : byteLength(label) + 1);
  let [tableBytes, columnBytes] = [byteLength(table), byteLength(columns)];
  while (tableBytes + columnBytes > room) {
    if (tableBytes > columnBytes) tableBytes--;
    else columnBytes--;
  }
  return [clip(table, tableBytes), clip(columns, columnBytes), label].filter((part) => part !== "").join("_");
}

/**
 * The same in SQL, where no cut falls into a character of several bytes; null otherwise.
 * @param column null for what is named after one thing only
 */
export function objectNameSql(table: string, column: string | null, label: string): string {
  const room = NAME_BYTES - byteLength(label) - (column === null ? 1 : 2);
  const names = column === null ? `${table}::text` : `${table}::text || ${column}`;
  const cut = (own: string, other: string, half: number): string =>
    `left(${own}, greatest(${half}, ${room} - length(${other})))`;
  const parts =
    column === null
      ? [`left(${table}, ${room})`]
      : [cut(table, column, Math.ceil(room / 2)), cut(column, table, Math.floor(room / 2))];
  const whole = [table, ...(column === null ? [] : [column])];
  return `case when octet_length(${names}) <= ${room} then concat_ws('_', ${whole.join(", ")}, '${label}')
    when octet_length(${names}) = length(${names}) then concat_ws('_', ${parts.join(", ")}, '${label}') end`;
}

/** Column names joined as in the names of indexes and constraints. @see ChooseIndexNameAddition() in indexcmds.c */
export function columnsInName(columns: readonly string[]): string {
  let joined = "";
  for (const column of columns) {
    joined += joined === "" ? column : `_${column}`;
    if (byteLength(joined) > NAME_BYTES) break;
  }
  return joined;
}

/** The first of `name_label`, `name_label1`, `name_label2` … that is free. */
export function freeName(table: string, columns: string, label: string, isTaken: (name: string) => boolean): string {
  for (let pass = 0; ; pass++) {
    const name = objectName(table, columns, pass === 0 ? label : `${label}${pass}`);
    if (!isTaken(name)) return name;
  }
}

/** At most so many bytes, whole characters. */
function clip(text: string, bytes: number): string {
  if (byteLength(text) <= bytes) return text;
  let clipped = "";
  let used = 0;
  for (const character of text) {
    used += byteLength(character);
    if (used > bytes) break;
    clipped += character;
  }
  return clipped;
}
