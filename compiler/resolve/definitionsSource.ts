import { type CompiledDomain, compileDomain, type EmittedScript } from "../compile/compileDomain.ts";
import { factAt } from "../compile/locate.ts";
import { Diagnostic } from "../diagnostic.ts";
import { extensionId } from "../kinds/extensions.ts";
import { kindOf } from "../kinds/registry.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { emptySource, type Source } from "./source.ts";

/** The state that a definitions folder declares. @throws Diagnostic at the definition that does not compile */
export async function definitionsSource(folder: string): Promise<Source> {
  return domainSource(await compileDomain(folder));
}

export function domainSource(domain: CompiledDomain): Source {
  return {
    ...emptySource,
    name: `definitions/${domain.name}`,
    extensions: domain.extensions,
    extensionAt: (name) => domain.positions.get(extensionId(name)),
    hints: domain.hints,
    positions: domain.positions,
    build: async (session) => {
      for (const script of domain.scripts) await runEmitted(session, script, domain);
      await recheck(session, domain);
      await session.run("RESET ALL");
    },
  };
}

/** The whole script in one go; only when PostgreSQL refuses it, statement by statement, to know which. */
async function runEmitted(session: Session, script: EmittedScript, domain: CompiledDomain): Promise<void> {
  try {
    await session.run(script.text);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    for (const statement of script.statements) {
      try {
        await session.run(statement.sql);
      } catch (refusal) {
        if (!(refusal instanceof DatabaseError)) throw refusal;
        const { position } = refusal.fields;
        const id = position === undefined ? statement.id : factAt(domain, statement, position);
        throw new Diagnostic(
          {
            code: "definition-refused",
            what: `PostgreSQL refuses ${id ?? script.file}`,
            at: id === null ? undefined : domain.positions.get(id),
            why: `${refusal.message} (SQLSTATE ${refusal.code})${refusal.fields.detail === undefined ? "" : `; ${refusal.fields.detail}`}`,
            next: refusal.fields.hint ?? `mend the definition; the statement was: ${statement.sql}`,
          },
          refusal,
        );
      }
    }
    throw error;
  }
}

/** Lets PostgreSQL read what the scripts had it take unread: bodies of functions that mention what came later. */
async function recheck(session: Session, domain: CompiledDomain): Promise<void> {
  const checks = [...domain.facts.values()].flatMap((fact) => {
    const sql = kindOf(fact).recheck?.(fact.attributes) ?? null;
    return sql === null ? [] : [{ id: fact.id, sql }];
  });
  if (checks.length === 0) return;
  const judge = async (sql: string): Promise<DatabaseError | null> => {
    await session.run("BEGIN; SET LOCAL check_function_bodies = on");
    try {
      await session.run(sql);
      return null;
    } catch (refusal) {
      if (refusal instanceof DatabaseError) return refusal;
      throw refusal;
    } finally {
      await session.run("ROLLBACK");
    }
  };
  // All in one go; only when PostgreSQL refuses, one by one, to know which.
  if ((await judge(checks.map(({ sql }) => sql).join(";\n"))) === null) return;
  for (const { id, sql } of checks) {
    const refusal = await judge(sql);
    if (refusal === null) continue;
    throw new Diagnostic(
      {
        code: "definition-refused",
        what: `PostgreSQL refuses the body of ${id}`,
        at: domain.positions.get(id),
        why: `${refusal.message} (SQLSTATE ${refusal.code})${lineOf(sql, refusal.fields.position)}`,
        next: refusal.fields.hint ?? "mend the body; it is read under the domain's searchPath",
      },
      refusal,
    );
  }
}

/** The line of a statement that PostgreSQL points at, where it does. */
function lineOf(sql: string, position: number | undefined): string {
  if (position === undefined) return "";
  const before = sql.slice(0, position).split("\n").length;
  return `, at: ${(sql.split("\n")[before - 1] ?? "").trim()}`;
}
