// The sixteen detail tables say only what is their own; this file says what they share.
import {
  array,
  type ColumnMap,
  char,
  jsonb,
  numeric,
  references,
  smallint,
  sql,
  type TableDefinition,
  table,
  text,
  varchar,
} from "verso";
import { photo_identifications } from "./photos.ts";
import {
  between,
  contents,
  elements,
  key,
  newestFirst,
  notNegative,
  oneOf,
  similar,
  timestamps,
  touched,
} from "./shared.ts";

/** Whatever a model says that has no column yet. */
export type Extra = Readonly<Record<string, unknown>>;

const before = {
  ...key,
  /** The identification that these are the details of; one to one. */
  photo_identification_id: references(() => photo_identifications, { onDelete: "cascade", unique: true }),
};

const after = {
  /** In words for the person who asked. */
  description: text({ nullable: true }),
  /** What the model said besides. */
  extra: jsonb<Extra>({ default: {} }),
  ...timestamps,
};

/** A table of details, one to one with photo_identifications: its own columns and indexes among the shared ones. */
export function details<const Columns extends ColumnMap, const Name extends string>(
  name: Name,
  own: TableDefinition<Columns>,
) {
  return table(name, {
    ...own,
    columns: { ...before, ...own.columns, ...after },
    indexes: [...(own.indexes ?? []), contents("extra"), { on: [newestFirst] }],
    triggers: { ...touched, ...own.triggers },
  });
}

/** Where a living thing stands in nature. */
export const taxonomy = {
  columns: {
    common_name: varchar(200),
    scientific_name: varchar(200, { nullable: true }),
    family: varchar(100, { nullable: true }),
    genus: varchar(100, { nullable: true }),
    species: varchar(100, { nullable: true }),
  },
  indexes: [similar("common_name"), { on: ["scientific_name"] }, { on: ["family", "genus", "species"] }],
} as const;

/** What a collector wants to know of any piece. */
export const collectible = {
  columns: {
    country: varchar(100, { nullable: true }),
    /** Negative before the common era. */
    year: smallint({ nullable: true, check: between("year", -700, 2100) }),
    rarity: oneOf("rarity", ["common", "uncommon", "scarce", "rare", "unique", "unknown"], { default: "unknown" }),
    /** What it may fetch, at least. */
    value_low: numeric(12, 2, { nullable: true, check: notNegative("value_low"), renamedFrom: "value_estimate" }),
    /** What it may fetch, at most. */
    value_high: numeric(12, 2, { nullable: true, backfill: sql`value_low` }),
    /** ISO 4217. */
    value_currency: char(3, { default: "USD", check: sql`value_currency ~ '^[A-Z]{3}$'` }),
  },
  checks: { value_range: sql`value_low <= value_high` },
  indexes: [{ on: ["year"] }, { on: ["rarity"] }, { on: ["value_low", "value_high"] }],
} as const;

/** What food brings, in the portion shown. */
export interface Nutrition {
  readonly vitamins?: Readonly<Record<string, number>>;
  readonly minerals?: Readonly<Record<string, number>>;
}

export const food = {
  columns: {
    /** Grams. */
    serving_g: numeric(7, 1, { nullable: true, check: sql`serving_g > 0` }),
    /** Kilocalories in the portion shown. */
    calories: numeric(7, 1, { nullable: true, check: notNegative("calories") }),
    /** Vitamins and minerals, in milligrams. */
    nutrition: jsonb<Nutrition>({ default: {} }),
  },
  indexes: [{ on: ["calories"] }, contents("nutrition")],
} as const;

export const exercise = {
  columns: {
    exercise_name: varchar(150),
    equipment: array(text(), { default: [] }),
    /** One step an element. */
    instructions: array(text(), { default: [] }),
  },
  indexes: [similar("exercise_name"), elements("equipment")],
} as const;

export const breed = {
  columns: {
    breed: varchar(120),
    /** For a mixed animal: the breeds that show, most first. */
    mixed_with: array(text(), { default: [] }),
    age: oneOf("age", ["young", "adult", "senior", "unknown"], { default: "unknown" }),
    temperament: array(text(), { default: [] }),
    /** Illnesses to which the breed is prone. */
    health_risks: array(text(), { default: [] }),
  },
  indexes: [similar("breed"), elements("temperament"), elements("health_risks")],
} as const;
