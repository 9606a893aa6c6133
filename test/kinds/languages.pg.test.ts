import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("languages and their like", (exactly) => {
  test("languages are replaced in place and keep their privileges", async () => {
    const { forward } = await exactly(
      `create trusted language l handler plpgsql_call_handler; revoke usage on language l from public`,
      `create trusted language l handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator;
       revoke usage on language l from public; create language "L l" handler plpgsql_call_handler; comment on language l is 'x'`,
    );
    expect(forward).toEqual([
      `CREATE LANGUAGE "L l" HANDLER plpgsql_call_handler`,
      "CREATE OR REPLACE TRUSTED LANGUAGE l HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator",
      "COMMENT ON LANGUAGE l IS 'x'",
    ]);
  });

  test("transforms are replaced in place", async () => {
    const language = "create language l handler plpgsql_call_handler;";
    const { forward } = await exactly(
      `${language} create transform for int language l (from sql with function prsd_lextype(internal))`,
      `${language} create transform for int language l (from sql with function dsimple_init(internal));
       create transform for text language l (from sql with function prsd_lextype(internal)); comment on transform for text language l is 'x'`,
    );
    expect(forward).toEqual([
      "CREATE OR REPLACE TRANSFORM FOR integer LANGUAGE l (FROM SQL WITH FUNCTION dsimple_init(internal))",
      "CREATE TRANSFORM FOR text LANGUAGE l (FROM SQL WITH FUNCTION prsd_lextype(internal))",
      "COMMENT ON TRANSFORM FOR text LANGUAGE l IS 'x'",
    ]);
  });

  test("conversions are made anew", async () => {
    const { forward } = await exactly(
      "create conversion c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
      "create default conversion c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8; comment on conversion c is 'x'",
    );
    expect(forward).toEqual([
      "DROP CONVERSION public.c",
      "CREATE DEFAULT CONVERSION public.c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
      "COMMENT ON CONVERSION public.c IS 'x'",
    ]);
  });

  test("access methods come before the tables that use them", async () => {
    const { forward } = await exactly(
      "",
      `create access method "A a" type index handler bthandler; create access method h type table handler heap_tableam_handler;
       create table t (a int) using h; comment on access method h is 'x'`,
    );
    expect(forward.slice(0, 2)).toEqual([
      `CREATE ACCESS METHOD "A a" TYPE INDEX HANDLER bthandler`,
      "CREATE ACCESS METHOD h TYPE TABLE HANDLER heap_tableam_handler",
    ]);
  });
});
