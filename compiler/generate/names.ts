/** `user_goals` → `UserGoals`. */
export function pascal(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const joined = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join("");
  return /^\p{L}/u.test(joined) ? joined : `_${joined}`;
}

/** `user_id` → `userId`, and no word that JavaScript keeps for itself. */
export function camel(name: string): string {
  const joined = pascal(name);
  const lower = joined.startsWith("_") ? joined : `${joined[0]?.toLowerCase()}${joined.slice(1)}`;
  return RESERVED.has(lower) ? `${lower}_` : lower;
}

// Also the names of what generated functions have beside columns.
const RESERVED = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for
function if import in instanceof let new null return static super switch this throw true try typeof var void while with
yield arguments eval implements interface package private protected public db options page set row rows`.split(/\s+/),
);

export const propertyKey = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** Names for many things in one scope: the first that asks for a name has it, later ones get a number. */
export function nameScope(): (wished: string, ...others: readonly string[]) => string {
  const used = new Set<string>();
  return (wished, ...others) => {
    let name = [wished, ...others].find((one) => !used.has(one)) ?? wished;
    for (let n = 2; used.has(name); n++) name = `${wished}${n}`;
    used.add(name);
    return name;
  };
}
