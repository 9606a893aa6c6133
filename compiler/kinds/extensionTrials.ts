import { quoteText } from "../quote.ts";

/** What a use of an extension gives: an expression for a text to show, and one that tells whether it is as it should be. */
interface Use {
  readonly what: string;
  readonly found: string;
  readonly works: string;
}

/** A use of each extension that has one worth trying; `s` is its schema, quoted. Others are looked up only. */
const USES: Readonly<Record<string, (s: string) => Use>> = {
  citext: (s) => same("equality whatever the case", `('Ann'::${s}.citext operator(${s}.=) 'ANN')::text`, "true"),
  fuzzystrmatch: (s) => same("kitten to sitting", `${s}.levenshtein('kitten', 'sitting')::text`, "3"),
  hstore: (s) => same("a value by its key", `'a=>1'::${s}.hstore operator(${s}.->) 'a'`, "1"),
  ltree: (s) => same("a place in a tree", `('top.left'::${s}.ltree operator(${s}.<@) 'top'::${s}.ltree)::text`, "true"),
  pg_stat_statements: (s) => ({
    what: "statements observed",
    found: `(select count(*) from ${s}.pg_stat_statements)::text`,
    works: "true",
  }),
  pg_trgm: (s) => {
    const likeness = `${s}.similarity('verso', 'versus')`;
    return {
      what: "likeness of verso and versus",
      found: `${likeness}::text`,
      works: `${likeness} between 0.3 and 0.9`,
    };
  },
  pgcrypto: (s) => same("SHA-256", `left(encode(${s}.digest('abc', 'sha256'), 'hex'), 16)`, "ba7816bf8f01cfea"),
  postgis: (s) => {
    const place = (lonLat: string) => `${s}.st_geogfromtext('POINT(${lonLat})')`;
    const km = `round(${s}.st_distance(${place("13.405 52.52")}, ${place("2.3522 48.8566")}) / 1000)`;
    return {
      what: "Berlin to Paris",
      found: `${km} || ' km, PostGIS ' || ${s}.postgis_lib_version()`,
      works: `${km} between 870 and 885`,
    };
  },
  unaccent: (s) => same("accents", `${s}.unaccent(${quoteText(`${s}.unaccent`)}::regdictionary, 'Hôtel')`, "Hotel"),
  "uuid-ossp": (s) =>
    same(
      "a UUID by name",
      `${s}.uuid_generate_v5(${s}.uuid_ns_dns(), 'www.example.com')::text`,
      "2ed6657d-e927-568b-95e1-2665a8aea6a2",
    ),
};

const same = (what: string, found: string, expected: string): Use => ({
  what,
  found,
  works: `${found} = ${quoteText(expected)}`,
});

/** @param schema quoted */
export const useOf = (extension: string, schema: string): Use | null => USES[extension]?.(schema) ?? null;
