import { boolean, double, fn, geometry, integer, sql, table, text, varchar } from "verso";
import { postgis } from "./extensions.ts";
import { key, timestamps, touched } from "./shared.ts";

/** Places where dogs meet. */
export const playgrounds = table("playgrounds", {
  columns: {
    ...key,
    name: varchar(200),
    description: text({ nullable: true }),
    address: varchar(300, { nullable: true }),
    /** Null where nobody has said. */
    is_fenced: boolean({ nullable: true }),
    /** Its gate, longitude before latitude, WGS 84. */
    location: geometry("Point", 4326),
    ...timestamps,
  },
  triggers: touched,
  checks: { playgrounds_name_not_blank: sql`btrim(name) <> ''` },
  indexes: [{ on: ["location"], using: "gist" }, { on: ["name"] }],
});

/** The playgrounds nearest to a place, nearest first. */
export const nearestPlaygrounds = fn("nearest_playgrounds", {
  arguments: { longitude: double(), latitude: double(), at_most: integer({ default: 10 }) },
  returns: { table: { id: varchar(36), name: varchar(200), metres: double() } },
  language: "sql",
  volatility: "stable",
  dependsOn: [postgis],
  body: sql`
select p.id, p.name, st_distance(p.location::geography, here.point::geography)
from ${playgrounds} p, (select st_setsrid(st_makepoint(longitude, latitude), 4326) as point) here
order by p.location <-> here.point
limit at_most`,
});
