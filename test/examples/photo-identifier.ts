// Photos and what they show: an app's answer with its details, a queue of answers that a person should look at, collections.
import type { Database } from "verso/client";
import {
  collections,
  mushroomIdentifications,
  photoIdentifications,
  photos,
} from "../../generated/photo-identifier/client.ts";
import type {
  MushroomIdentifications_InsertParameters,
  PhotoIdentifications_InsertParameters,
  Photos,
  Users,
} from "../../generated/photo-identifier/index.ts";
import { appendToCollection, reviewQueue } from "../../generated/photo-identifier/queries.ts";
import * as shapes from "../../generated/photo-identifier/validators.ts";

type Answer = Omit<PhotoIdentifications_InsertParameters, "photo_id" | "app">;
type Mushroom = Omit<MushroomIdentifications_InsertParameters, "photo_identification_id">;

/** Keeps what the mushroom app says. @throws ZodError for an answer that could hurt: deadly without a warning, say */
export async function keepMushroom(db: Database, photo: Photos["id"], answer: Answer, mushroom: Mushroom) {
  return db.tx(async (tx) => {
    const { id } = await photoIdentifications.insert(tx, { ...answer, photo_id: photo, app: "mushroom" });
    const details = { ...mushroom, photo_identification_id: id };
    await mushroomIdentifications.insert(tx, shapes.mushroomIdentifications.insert.parse(details));
    return id;
  });
}

/** Confirms or rejects what an app said. */
export const review = (db: Database, id: string, reviewer: Users["id"], status: "confirmed" | "rejected", now: Date) =>
  photoIdentifications.updateById(db, id, { status, reviewed_by: reviewer, reviewed_at: now.toISOString() });

/** What is to be looked at first. */
export const toReview = (db: Database) => reviewQueue(db, { apps: null, below: "0.9", atMost: 20 });

/** Puts photos into a collection of that name, which is made where there is none. */
export async function collect(db: Database, user: Users["id"], name: string, photoIds: readonly Photos["id"][]) {
  return db.tx(async (tx) => {
    const collection = await collections.upsertByUserIdAndName(tx, { user_id: user, name });
    await appendToCollection(tx, { collectionId: collection.id, photoIds });
    return collections.findById(tx, collection.id, { with: { collectionPhotos: { with: { photo: true } } } });
  });
}

/** Photos with all of some tags, newest first, as the public may see them. */
export async function tagged(db: Database, tags: readonly string[]) {
  const found = await photos.listByTagsContaining(db, [...tags], { with: { user: true }, limit: 20 });
  return found.map((photo) => shapes.photos.detail.parse(photo));
}
