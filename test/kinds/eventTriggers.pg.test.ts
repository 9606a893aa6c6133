import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

const base = `create function f() returns event_trigger language plpgsql as 'begin end';
  create function "g ""g"() returns event_trigger language plpgsql as 'begin end';`;

onServers("event triggers", (exactly) => {
  test("are created with their tags", async () => {
    const { forward } = await exactly(
      base,
      `${base} create event trigger e on ddl_command_end when tag in ('CREATE TABLE', 'ALTER TABLE') execute function f()`,
    );
    expect(forward).toEqual([
      "CREATE EVENT TRIGGER e ON ddl_command_end\n  WHEN TAG IN ('ALTER TABLE', 'CREATE TABLE')\n  EXECUTE FUNCTION public.f()",
    ]);
  });

  test("fire otherwise, have another name, are made again", async () => {
    await exactly(
      `${base} create event trigger e on sql_drop execute function f()`,
      `${base} create event trigger e on sql_drop execute function f(); alter event trigger e enable replica`,
    );
    const { forward } = await exactly(
      `${base} create event trigger e on sql_drop execute function f()`,
      `${base} create event trigger "we""ird Näme" on sql_drop execute function f()`,
    );
    expect(forward).toEqual([`ALTER EVENT TRIGGER e RENAME TO "we""ird Näme"`]);
    await exactly(
      `${base} create event trigger e on sql_drop execute function f(); comment on event trigger e is 'words'; alter event trigger e disable`,
      `${base} create event trigger e on ddl_command_start execute function "g ""g"(); comment on event trigger e is 'words'; alter event trigger e disable`,
    );
  });
});
