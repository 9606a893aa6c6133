import { type CompiledDomain, compileDomain, type EmittedScript } from "../compile/compileDomain.ts";
import { factAt } from "../compile/locate.ts";
import { Diagnostic } from "../diagnostic.ts";
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
    hints: domain.hints,
    positions: domain.positions,
    build: async (session) => {
      for (const script of domain.scripts) await runEmitted(session, script, domain);
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
