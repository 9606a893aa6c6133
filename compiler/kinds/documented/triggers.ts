import { code, documenter, type Words } from "../../document/account.ts";
import type { Rule } from "../rules.ts";
import type { Firing, Trigger } from "../triggers.ts";
import { RULES, TRIGGERS } from "./sections.ts";

const FIRING: Readonly<Record<Firing, Words>> = {
  origin: [],
  always: ["; on replicas too"],
  replica: ["; on replicas only"],
  disabled: ["; disabled"],
};

/** `BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION f()`; the table is known. */
export const triggerDocumenter = documenter<Trigger>({
  tell: ({ attributes: a }, { short }) => {
    const at = a.definition.lastIndexOf(" EXECUTE FUNCTION ");
    const [, when = a.definition, rest = ""] =
      /^(.*?) ON (?:"(?:[^"]|"")*"|[^ "])+(.*)$/s.exec(a.definition.slice(0, at)) ?? [];
    return {
      section: TRIGGERS,
      cells: [
        [code(a.name), ...(a.isConstraint ? [", constraint"] : [])],
        [code(`${when}${rest}`), ...FIRING[a.fires]],
        at < 0 ? [] : [code(short(a.definition.slice(at + " EXECUTE FUNCTION ".length)))],
      ],
    };
  },
});

export const ruleDocumenter = documenter<Rule>({
  tell: ({ attributes: a }) => ({ section: RULES, cells: [[code(a.name)], [code(a.definition), ...FIRING[a.fires]]] }),
});
