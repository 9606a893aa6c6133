import type { FactId } from "../facts.ts";
import { quoteName, quotePath } from "../quote.ts";
import type { Column } from "./columns.ts";
import { ofKind, type Statement, type Surroundings, statement } from "./kind.ts";

/*
 * Columns can hold rows of another relation, or lists of them, and PostgreSQL neither alters nor drops that relation then.
 * They keep their rows as jsonb meanwhile, and take them back by the names of the relation's columns.
 */

export interface HeldRows {
  readonly aside: readonly Statement[];
  readonly back: readonly Statement[];
}

/**
 * Those of columns that are there before and after. Children follow what their parent does.
 * @param lost columns of the relation that the rows will not have any more
 */
export function heldRows(relation: FactId, around: Surroundings, lost: readonly string[] = []): HeldRows {
  const holders = ofKind<Column>(around.dependents(relation), "column").filter(
    ({ id, parent, attributes: { type, isInherited } }) =>
      parent !== relation && !isInherited && !around.isNew(id) && around.others.get(id)?.attributes.type === type,
  );
  return {
    aside: holders.map(({ attributes: { schema, table, name } }) =>
      statement(
        `ALTER TABLE ${quotePath(schema, table)} ALTER COLUMN ${quoteName(name)} TYPE jsonb USING to_jsonb(${quoteName(name)})`,
        lost.length === 0
          ? {}
          : { destroys: `${lost.join(", ")} in the rows that ${quotePath(schema, table, name)} holds` },
      ),
    ),
    back: holders.flatMap(({ attributes: { schema, table, name, type } }) =>
      throughJson({ schema, table, column: name }, type, quoteName(name)),
    ),
  };
}

/** The same where the relation is dropped and created: said around the one and the other. */
export const remade = (relation: FactId, around: Surroundings, lost: readonly string[] = []): HeldRows =>
  around.isNew(relation) && around.others.has(relation) ? heldRows(relation, around, lost) : { aside: [], back: [] };

interface Place {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** Gives a column a type of rows, or of lists of them, of the jsonb that it holds or that can be made of what it holds. */
export function throughJson({ schema, table, column }: Place, type: string, json: string): readonly Statement[] {
  const alter = (using: string): Statement =>
    statement(`ALTER TABLE ${quotePath(schema, table)} ALTER COLUMN ${quoteName(column)} TYPE ${type} USING ${using}`);
  if (!type.endsWith("[]")) return [alter(`jsonb_populate_record(NULL::${type}, ${json})`)];
  // No function makes a list of rows, only a row that has one.
  const carrier = quotePath(schema, `${`${table}_${column}`.slice(0, 50)}__list`);
  return [
    statement(`CREATE TYPE ${carrier} AS (list ${type})`),
    alter(`(jsonb_populate_record(NULL::${carrier}, jsonb_build_object('list', ${json}))).list`),
    statement(`DROP TYPE ${carrier}`),
  ];
}
