import { type Encoding, encoded } from "./encode.ts";
import { type CallOptions, type Database, execute, type Value } from "./statement.ts";
import type { DomainConstraints } from "./violations.ts";

/** A function or procedure, as the generated file says it. */
export interface Routine {
  /** As SQL, with its schema. */
  readonly name: string;
  readonly isProcedure?: true;
  /** Whether its columns make rows, or it is one value. */
  readonly gives: "rows" | "values";
  readonly parameters: readonly RoutineParameter[];
}

interface RoutineParameter {
  /** As the generated function takes it. */
  readonly name: string;
  /** As SQL; null for one that has no name there. */
  readonly named: string | null;
  readonly type: string;
  readonly isJson?: true;
  /** Of a composite, or a list of them or of JSON. */
  readonly encoding?: Encoding;
  readonly isVariadic?: true;
  /** It only comes out: CALL wants something in its place. */
  readonly isOut?: true;
}

/** The statement that calls a routine, and the values of its parameters. */
export function callOf(
  { name, isProcedure, gives, parameters }: Routine,
  given: object,
): { readonly text: string; readonly values: readonly Value[] } {
  const values: Value[] = [];
  const taken = Object.entries(given);
  // The first of those; what goes by its place cannot come after it.
  let leftOut: string | null = null;
  const listed = parameters.flatMap((parameter) => {
    const [, value] = taken.find(([key]) => key === parameter.name) ?? [];
    // What is not given has its default.
    if (value === undefined && parameter.isOut !== true) {
      leftOut ??= parameter.name;
      return [];
    }
    if (leftOut !== null && parameter.named === null) throw new TypeError(`${name} is called without ${leftOut}`);
    values.push(encoded(value, parameter.isJson === true ? "json" : (parameter.encoding ?? null)));
    const placed = `$${values.length}::${parameter.type}`;
    const marked = parameter.named === null ? placed : `${parameter.named} => ${placed}`;
    return [parameter.isVariadic === true ? `variadic ${marked}` : marked];
  });
  const called = `${name}(${listed.join(", ")})`;
  const text =
    isProcedure === true
      ? `call ${called}`
      : gives === "rows"
        ? `select * from ${called}`
        : `select ${called} as value`;
  return { text, values };
}

/** All that a routine gives: the rows, or a row for each value. */
async function call(
  db: Database,
  routine: Routine,
  given: object,
  options: CallOptions | undefined,
  constraints: DomainConstraints,
): Promise<readonly unknown[]> {
  const { text, values } = callOf(routine, given);
  const rows = await execute<{ readonly value: unknown }>(db, text, values, options, constraints);
  return routine.gives === "rows" ? rows : rows.map(({ value }) => value);
}

/** The one value, or row, that a routine gives. */
export async function callForOne<R>(
  db: Database,
  routine: Routine,
  given: object,
  options: CallOptions | undefined,
  constraints: DomainConstraints,
): Promise<R> {
  const [first] = await call(db, routine, given, options, constraints);
  return (first ?? null) as R;
}

export const callForMany = <R>(
  db: Database,
  routine: Routine,
  given: object,
  options: CallOptions | undefined,
  constraints: DomainConstraints,
): Promise<readonly R[]> => call(db, routine, given, options, constraints) as Promise<readonly R[]>;

export async function callForNothing(
  db: Database,
  routine: Routine,
  given: object,
  options: CallOptions | undefined,
  constraints: DomainConstraints,
): Promise<void> {
  await call(db, routine, given, options, constraints);
}
