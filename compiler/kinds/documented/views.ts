import { type Account, code, documenter, type Reading, type Words } from "../../document/account.ts";
import type { Fact } from "../../facts.ts";
import { quotePath } from "../../quote.ts";
import type { MaterializedView } from "../materializedViews.ts";
import { kindOf } from "../registry.ts";
import type { View } from "../views.ts";
import { grantRows, ownerNote } from "./access.ts";
import { COLUMNS, VIEWS } from "./sections.ts";
import { typeWords } from "./types.ts";

const OPTIONS: Readonly<Record<string, string>> = {
  "security_invoker=true": "Read with the rights, and the policies, of who reads.",
  "security_barrier=true": "Conditions from outside are looked at after its own.",
  "check_option=cascaded": "Rows written through it stay in it, and in the views that it reads.",
  "check_option=local": "Rows written through it stay in it.",
};

export const viewDocumenter = documenter<View>({
  tell: (fact, reading) =>
    tellView(
      fact,
      fact.attributes.options.map((option): Words => {
        const said = OPTIONS[option];
        return said === undefined ? [code(option)] : [said];
      }),
      reading,
    ),
});

export const materializedViewDocumenter = documenter<MaterializedView>({
  tell: (fact, reading) => tellView(fact, [["Materialized: its rows are as old as its last refresh."]], reading),
});

type Defined = Pick<View, "schema" | "name" | "definition">;

function tellView(fact: Fact<Defined>, own: readonly Words[], reading: Reading): Account {
  const { id, attributes: a, dependsOn } = fact;
  const path = quotePath(a.schema, a.name);
  const reads = dependsOn.flatMap((one): readonly Words[] => {
    const found = reading.facts.get(one);
    return found !== undefined && hasRows(found)
      ? [[code(reading.short(kindOf(found).path(found.attributes)), one)]]
      : [];
  });
  const rows = reading.answered(path).map(({ name, type, isNullable }) => ({
    section: COLUMNS,
    cells: [[code(name)], typeWords(type, isNullable, reading), [], []],
    comment: reading.comment(id, `COLUMN ${quotePath(a.schema, a.name, name)}`),
  }));
  const notes = [...own, ...ownerNote(id, reading)];
  return {
    section: VIEWS,
    cells: [[code(reading.short(path))]],
    page: {
      notes:
        reads.length === 0
          ? notes
          : [["Reads ", ...reads.flatMap((one, i) => (i === 0 ? one : [", ", ...one])), "."], ...notes],
      rows: [...rows, ...grantRows(id, reading)],
    },
    sql: a.definition,
  };
}

const hasRows = (fact: Fact): boolean => kindOf(fact).holdsData === true || kindOf(fact).selects !== undefined;
