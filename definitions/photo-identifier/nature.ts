import { array, boolean, jsonb, numeric, sql, text, varchar } from "verso";
import { details, taxonomy } from "./details.ts";
import { elements, oneOf } from "./shared.ts";

/** How to keep a plant alive. */
export interface PlantCare {
  readonly light?: string;
  readonly water?: string;
  readonly soil?: string;
  readonly hardiness_zones?: readonly number[];
  readonly [more: string]: unknown;
}

/** Details of the plant app. */
export const plant_identifications = details("plant_identifications", {
  columns: {
    ...taxonomy.columns,
    /** What can be seen: leaf shape, flower colour, growth habit. */
    characteristics: array(text(), { default: [] }),
    toxicity: oneOf("toxicity", ["none", "mild", "moderate", "severe", "unknown"], { default: "unknown" }),
    edibility: oneOf("edibility", ["edible", "partly edible", "inedible", "unknown"], { default: "unknown" }),
    care: jsonb<PlantCare>({ default: {} }),
  },
  indexes: [...taxonomy.indexes, elements("characteristics"), { on: ["toxicity"] }, { on: ["edibility"] }],
});

/** Details of the mushroom app. Lives hang on two columns, so the model must always say both. */
export const mushroom_identifications = details("mushroom_identifications", {
  columns: {
    ...taxonomy.columns,
    /** Never guessed: no default. */
    edibility: oneOf("edibility", ["edible", "edible when cooked", "inedible", "poisonous", "deadly", "unknown"], {
      backfill: "unknown",
    }),
    /** Never guessed: no default. */
    toxicity: oneOf("toxicity", ["none", "mild", "moderate", "severe", "deadly", "unknown"], {
      backfill: sql`case when edibility like 'edible%' then 'mild' else 'unknown' end`,
    }),
    toxins: array(text(), { default: [] }),
    /** Species that it is mistaken for. */
    lookalikes: array(text(), { default: [] }),
    spore_print: varchar(50, { nullable: true }),
    /** What the app must show before anything else. */
    safety_warning: text({ nullable: true }),
  },
  checks: {
    mushroom_edible_means_not_toxic: sql`edibility not in ('edible', 'edible when cooked') or toxicity in ('none', 'mild')`,
    mushroom_danger_has_a_warning: sql`toxicity not in ('severe', 'deadly') or safety_warning is not null`,
  },
  indexes: [
    ...taxonomy.indexes,
    { on: ["edibility"] },
    { on: ["toxicity"] },
    elements("lookalikes"),
    { on: ["scientific_name"], where: sql`toxicity = 'deadly'`, name: "mushroom_identifications_deadly_idx" },
  ],
});

/** Details of the bird app. */
export const bird_identifications = details("bird_identifications", {
  columns: {
    ...taxonomy.columns,
    /** IUCN Red List category. */
    conservation_status: oneOf("conservation_status", ["EX", "EW", "CR", "EN", "VU", "NT", "LC", "DD", "NE"], {
      default: "NE",
    }),
    sex: oneOf("sex", ["female", "male", "unknown"], { default: "unknown" }),
    plumage: text({ nullable: true }),
    wingspan_cm: numeric(5, 1, { nullable: true, check: sql`wingspan_cm > 0` }),
    habitats: array(text(), { default: [] }),
    is_migratory: boolean({ nullable: true }),
  },
  indexes: [...taxonomy.indexes, { on: ["conservation_status"] }, elements("habitats")],
});

/** Details of the insect app. */
export const insect_identifications = details("insect_identifications", {
  columns: {
    ...taxonomy.columns,
    /** Harm to crops and stores. */
    pest_level: oneOf("pest_level", ["none", "low", "moderate", "high", "unknown"], { default: "unknown" }),
    /** Harm to people. */
    danger_level: oneOf("danger_level", ["harmless", "irritating", "painful", "dangerous", "unknown"], {
      default: "unknown",
    }),
    life_stage: oneOf("life_stage", ["egg", "larva", "pupa", "nymph", "adult"], { nullable: true }),
    is_beneficial: boolean({ nullable: true }),
    host_plants: array(text(), { default: [] }),
  },
  indexes: [...taxonomy.indexes, { on: ["pest_level"] }, { on: ["danger_level"] }, elements("host_plants")],
});
