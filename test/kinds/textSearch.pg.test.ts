import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("text search", (exactly) => {
  test("dictionaries change, lose and gain options in place, and are made anew on another template", async () => {
    const { forward } = await exactly(
      `create text search dictionary d (template = simple, stopwords = 'english');
       create text search dictionary "D d" (template = snowball, language = 'english', stopwords = 'english')`,
      `create text search dictionary d (template = simple, accept = false);
       create text search dictionary "D d" (template = simple, stopwords = 'english')`,
    );
    expect(forward).toEqual([
      `DROP TEXT SEARCH DICTIONARY public."D d"`,
      `CREATE TEXT SEARCH DICTIONARY public."D d" (TEMPLATE = simple, stopwords = 'english')`,
      "ALTER TEXT SEARCH DICTIONARY public.d (stopwords, accept = 'false')",
    ]);
  });

  test("configurations map token types, those alike together", async () => {
    const { forward } = await exactly(
      `create text search dictionary d (template = simple); create text search configuration c (parser = default);
       alter text search configuration c add mapping for asciiword, word with d, simple;
       alter text search configuration c add mapping for int with simple`,
      `create schema "S s"; create text search dictionary "S s"."d d" (template = simple); create text search dictionary d (template = simple);
       create text search configuration c (parser = default); alter text search configuration c add mapping for asciiword with "S s"."d d";
       alter text search configuration c add mapping for word with d, simple;
       alter text search configuration c add mapping for float, email with simple; comment on text search configuration c is 'x'`,
    );
    expect(forward.slice(2)).toEqual([
      `ALTER TEXT SEARCH CONFIGURATION public.c DROP MAPPING FOR "int"`,
      `ALTER TEXT SEARCH CONFIGURATION public.c ALTER MAPPING FOR asciiword WITH "S s"."d d"`,
      `ALTER TEXT SEARCH CONFIGURATION public.c ADD MAPPING FOR email, "float" WITH simple`,
      "COMMENT ON TEXT SEARCH CONFIGURATION public.c IS 'x'",
    ]);
  });

  test("parsers and templates are made anew, and what is made from them", async () => {
    await exactly(
      `create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
       create text search template te (lexize = dsimple_lexize, init = dsimple_init); create text search dictionary d (template = te);
       create text search configuration c (parser = p); alter text search configuration c add mapping for word with d`,
      `create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype, headline = prsd_headline);
       create text search template te (lexize = dsimple_lexize, init = dsynonym_init); create text search dictionary d (template = simple);
       create text search configuration c (parser = p); alter text search configuration c add mapping for word with d`,
    );
  });
});
