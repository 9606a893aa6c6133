import { boolean, integer, references, sql, table, text, varchar } from "verso";
import { photos } from "./photos.ts";
import { key, newestFirst, notNegative, similar, timestamps, touched } from "./shared.ts";
import { users } from "./users.ts";

/** Photos that belong together in their owner's eyes: a herbarium, an album of coins. */
export const collections = table("collections", {
  columns: {
    ...key,
    user_id: references(() => users, { onDelete: "cascade" }),
    name: varchar(120),
    description: text({ nullable: true }),
    /** Shown instead of the first photo. */
    cover_photo_id: references(() => photos, { onDelete: "set null", nullable: true }),
    is_public: boolean({ default: false }),
    ...timestamps,
  },
  unique: [["user_id", "name"]],
  checks: { collections_name_not_blank: sql`name <> ''` },
  indexes: [{ on: [newestFirst], where: sql`is_public`, name: "collections_public_idx" }, similar("name")],
  triggers: touched,
});

/** Which photos a collection holds, in which order. */
export const collection_photos = table("collection_photos", {
  columns: {
    collection_id: references(() => collections, { onDelete: "cascade" }),
    photo_id: references(() => photos, { onDelete: "cascade" }),
    /** From 0. */
    position: integer({ check: notNegative("position") }),
    note: text({ nullable: true }),
    ...timestamps,
  },
  primaryKey: ["collection_id", "photo_id"],
  // Deferred, so that two photos can change places within one transaction.
  unique: [{ columns: ["collection_id", "position"], deferrable: "initially deferred" }],
  triggers: touched,
});
