import { double, fn, integer, sql, varchar } from "verso";
import { postgis } from "./extensions.ts";
import { likes, passes } from "./meetings.ts";
import { profiles, user_preferences } from "./profiles.ts";

/**
 * The dogs that a profile's preferences ask for, nearest first, without those already judged. The box around the profile is
 * what the index on location finds; the distance over the ground then decides.
 */
export const nearbyProfiles = fn("nearby_profiles", {
  arguments: { profile_id: varchar(36), at_most: integer({ default: 20 }) },
  returns: { table: { id: varchar(36), name: varchar(100), distance: double() } },
  language: "sql",
  volatility: "stable",
  dependsOn: [postgis],
  body: sql`
select p.id, p.name, st_distance(p.location::geography, wish.location::geography) / wish.unit as distance
from (
  select me.id, me.user_id, me.location, u.min_age, u.max_age, unit.metres as unit, u.max_distance * unit.metres as metres
  from ${profiles} me
  join ${user_preferences} u on u.profile_id = me.id
  join (values ('miles', 1609.344), ('kilometers', 1000.0)) unit(name, metres) on unit.name = u.distance_unit::text
  where me.id = nearby_profiles.profile_id
) wish
join ${profiles} p on p.id <> wish.id
  and p.location && st_expand(wish.location, wish.metres / (111000 * cos(radians(st_y(wish.location)))))
  and st_dwithin(p.location::geography, wish.location::geography, wish.metres)
where p.age between wish.min_age and wish.max_age
  and not exists (select from ${likes} l where l.user_id = wish.user_id and l.target_id = p.user_id)
  and not exists (select from ${passes} s where s.user_id = wish.user_id and s.target_id = p.user_id)
order by distance
limit at_most`,
});
