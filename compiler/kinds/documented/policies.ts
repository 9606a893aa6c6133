import { code, documenter, joined, type Words } from "../../document/account.ts";
import { withoutParentheses } from "../../quote.ts";
import type { Policy } from "../policies.ts";
import { POLICIES } from "./sections.ts";

const condition = (expression: string | null): Words =>
  expression === null ? [] : [code(withoutParentheses(expression))];

/** Rows that come in are looked at as those that are there, where nothing else is said. */
export const policyDocumenter = documenter<Policy>({
  tell: ({ attributes: a }) => {
    const roles = a.roles.length === 0 ? ["public"] : a.roles;
    const writes = a.command === "ALL" || a.command === "UPDATE";
    return {
      section: POLICIES,
      cells: [
        [code(a.name)],
        joined(roles.map((role): Words => (role === "public" ? ["everybody"] : [code(role)]))),
        [a.command === "ALL" ? "everything" : a.command, ...(a.isPermissive ? [] : [", and only so (restrictive)"])],
        condition(a.using),
        a.check === null && writes && a.using !== null ? ["the same"] : condition(a.check),
      ],
    };
  },
});
