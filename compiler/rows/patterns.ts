/** Texts that a POSIX regular expression matches, as far as its common parts go; PostgreSQL judges them afterwards. */
export function textsMatching(pattern: string, count: number): readonly string[] {
  const texts = new Set<string>();
  for (let variant = 0; variant < count; variant++) {
    const sampler = new Sampler(pattern, variant);
    const text = sampler.sample();
    if (text !== null) texts.add(text);
  }
  return [...texts];
}

/** Texts that a LIKE pattern matches, its wildcards filled with little, or with what is given. */
export function textsLike(pattern: string, fillers: readonly string[] = []): readonly string[] {
  if (!/[%_]/.test(pattern)) return [];
  return ["", "a", "ab1", ...fillers].map((filler) => pattern.replace(/\\?[%_]/g, (at) => likeFiller(at, filler)));
}

function likeFiller(at: string, filler: string): string {
  if (at.startsWith("\\")) return at.slice(1);
  return at === "%" ? filler : "a";
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const CLASSES: Readonly<Record<string, string>> = {
  alpha: LETTERS,
  alnum: `${LETTERS}0123456789`,
  digit: "0123456789",
  lower: LETTERS,
  upper: LETTERS.toUpperCase(),
  space: " ",
  blank: " ",
  punct: ".,-",
  print: LETTERS,
  graph: LETTERS,
  xdigit: "0123456789abcdef",
  word: `${LETTERS}_`,
};
const ESCAPES: Readonly<Record<string, string>> = {
  d: "0123456789",
  w: LETTERS,
  s: " ",
  D: LETTERS,
  W: "-",
  S: LETTERS,
  t: "\t",
  n: "\n",
};
const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const LONGEST = 300;

/** Walks a pattern and writes one text that it matches; variants differ in characters, repetitions and alternatives. */
class Sampler {
  private at = 0;
  private drawn = 0;
  private readonly pattern: string;
  private readonly variant: number;

  constructor(pattern: string, variant: number) {
    // (?i) and *** directors stand in front only.
    this.pattern = pattern.replace(/^(\*\*\*[:=])?(\(\?[a-z]+\))?/, "");
    this.variant = variant;
  }

  sample(): string | null {
    const text = this.alternatives();
    return this.at < this.pattern.length || text.length > LONGEST ? null : text;
  }

  private draw(options: string | readonly string[]): string {
    const index = (this.variant * 7 + this.drawn++ * (this.variant + 1)) % Math.max(1, options.length);
    return options[index] ?? "";
  }

  private alternatives(): string {
    const branches = [this.branch()];
    while (this.pattern[this.at] === "|") {
      this.at++;
      branches.push(this.branch());
    }
    return branches[this.variant % branches.length] ?? "";
  }

  private branch(): string {
    let text = "";
    while (this.at < this.pattern.length && !"|)".includes(this.pattern[this.at] ?? "")) {
      const start = this.at;
      const once = this.atom();
      const end = this.at;
      const times = this.repetitions();
      text += times > 0 ? once : "";
      // Each repetition draws its own characters.
      const after = this.at;
      for (let time = 1; time < times && text.length <= LONGEST; time++) {
        this.at = start;
        text += this.atom();
      }
      this.at = times > 1 ? Math.max(after, end) : after;
    }
    return text;
  }

  private repetitions(): number {
    const rest = this.pattern.slice(this.at);
    const [whole, sign, low, comma, high] = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(rest) ?? [];
    if (whole === undefined) return 1;
    this.at += whole.length;
    if (sign === "?") return this.variant % 2;
    if (sign === "*") return this.variant % 3;
    if (sign === "+") return 1 + ((this.variant + 2) % 4);
    const least = Number(low);
    if (comma === undefined) return Math.min(least, LONGEST);
    const most = high === undefined || high === "" ? least + 3 : Number(high);
    return Math.min(LONGEST, least + (this.variant % (Math.max(0, most - least) + 1)));
  }

  private atom(): string {
    const character = this.pattern[this.at++] ?? "";
    switch (character) {
      case "^":
      case "$":
        return "";
      case ".":
        return this.draw(LETTERS);
      case "(":
        return this.group();
      case "[":
        return this.draw(this.bracket());
      case "\\":
        return this.escape();
      default:
        return character;
    }
  }

  private group(): string {
    const [look] = /^\?(?:<?[=!]|:)/.exec(this.pattern.slice(this.at)) ?? [""];
    this.at += look.length;
    const text = this.alternatives();
    if (this.pattern[this.at] === ")") this.at++;
    return look === "" || look === "?:" ? text : "";
  }

  private escape(): string {
    const character = this.pattern[this.at++] ?? "";
    if ("yYmMAZ".includes(character)) return "";
    const options = ESCAPES[character];
    return options === undefined ? character : this.draw(options);
  }

  private bracket(): readonly string[] {
    const isNegated = this.pattern[this.at] === "^";
    if (isNegated) this.at++;
    const members: string[] = [];
    for (let first = true; this.at < this.pattern.length; first = false) {
      const rest = this.pattern.slice(this.at);
      if (rest.startsWith("]") && !first) {
        this.at++;
        break;
      }
      const [named, name = ""] = /^\[:(\w+):\]/.exec(rest) ?? [];
      const [escaped, letter = ""] = /^\\(.)/s.exec(rest) ?? [];
      const [range, from = "", to = ""] = /^([^\\])-([^\]])/s.exec(rest) ?? [];
      if (named !== undefined) {
        members.push(...(CLASSES[name] ?? ""));
        this.at += named.length;
      } else if (range !== undefined) {
        for (let code = from.charCodeAt(0); code <= to.charCodeAt(0) && members.length < 500; code++) {
          members.push(String.fromCharCode(code));
        }
        this.at += range.length;
      } else if (escaped !== undefined) {
        members.push(...(ESCAPES[letter] ?? letter));
        this.at += escaped.length;
      } else {
        members.push(rest[0] ?? "");
        this.at++;
      }
    }
    if (!isNegated) return members;
    const kept = [...LETTERS, ..."0123456789", ...PRINTABLE].filter((character) => !members.includes(character));
    return kept.filter((character) => /[a-z0-9]/.test(character)).length > 0
      ? kept.filter((character) => /[a-z0-9]/.test(character))
      : kept;
  }
}
