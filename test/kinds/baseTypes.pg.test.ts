import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("base types", (exactly) => {
  // Functions that every server has in itself do for a type that looks like integer.
  const made = (options: string, more = ""): string => `
    create type n;
    create function n_in(cstring) returns n language internal immutable strict as 'int4in';
    create function n_out(n) returns cstring language internal immutable strict as 'int4out';
    ${more}
    create type n (input = n_in, output = n_out, like = int4${options});`;

  test("come with the functions that they are made of, before what uses them, and go with those", async () => {
    const { forward, rollback } = await exactly(
      "create table t (a int)",
      `${made(", default = '7'")} create table t (a int, b n, c n[]); create cast (n as int) without function;
       comment on type n is 'a number'; comment on function n_in(cstring) is 'reads it'; revoke execute on function n_out(n) from public`,
    );
    expect(forward.map((sql) => sql.split("\n")[0])).toEqual([
      "CREATE TYPE public.n",
      "CREATE FUNCTION public.n_in(cstring)",
      "CREATE FUNCTION public.n_out(public.n)",
      "CREATE TYPE public.n (",
      "CREATE CAST (public.n AS integer) WITHOUT FUNCTION",
      "ALTER TABLE public.t",
      "REVOKE EXECUTE ON FUNCTION public.n_out(public.n) FROM PUBLIC",
      "COMMENT ON TYPE public.n IS 'a number'",
      "COMMENT ON FUNCTION public.n_in(cstring) IS 'reads it'",
    ]);
    expect(rollback.at(-1)).toBe("DROP TYPE public.n CASCADE");
  });

  test("take a function that is there while columns hold them, and nothing else", async () => {
    const sends = "create function send(n) returns bytea language internal immutable strict as 'int4send';";
    const held = (options: string) => `${made(options, sends)} create table t (a n)`;
    const { forward, rollback } = await exactly(held(""), held(", send = send"));
    expect([forward, rollback]).toEqual([
      ["ALTER TYPE public.n SET (SEND = public.send)"],
      ["ALTER TYPE public.n SET (SEND = NONE)"],
    ]);
    await expect(exactly(held(""), held(", category = 'N'"))).rejects.toThrow(
      "the base type public.n must be made anew, and columns hold it",
    );
  });

  test("are made anew where nothing holds them, with what reads them", async () => {
    await exactly(
      `${made("")} create view v as select '1'::n as a`,
      `${made(", category = 'N', preferred")} create view v as select '1'::n as a`,
    );
  });
});
