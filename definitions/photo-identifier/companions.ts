import { boolean, jsonb, numeric, smallint, sql, varchar } from "verso";
import { breed, details, taxonomy } from "./details.ts";
import { between, contents, oneOf, similar } from "./shared.ts";

/** Details of the dog app. */
export const dog_identifications = details("dog_identifications", {
  columns: {
    ...breed.columns,
    size: oneOf("size", ["toy", "small", "medium", "large", "giant"], { nullable: true }),
    exercise_needs: oneOf("exercise_needs", ["low", "moderate", "high"], { nullable: true }),
    weight_kg: numeric(5, 1, { nullable: true, check: sql`weight_kg > 0` }),
  },
  indexes: [...breed.indexes, { on: ["size", "exercise_needs"] }],
});

/** Details of the cat app. */
export const cat_identifications = details("cat_identifications", {
  columns: {
    ...breed.columns,
    coat_length: oneOf("coat_length", ["hairless", "short", "medium", "long"], { nullable: true }),
    coat_pattern: varchar(60, { nullable: true }),
    eye_colour: varchar(40, { nullable: true }),
    is_hypoallergenic: boolean({ nullable: true }),
  },
  indexes: [...breed.indexes, { on: ["coat_length", "coat_pattern"] }],
});

/** What a data sheet says. */
export interface VehicleSpecs {
  readonly engine?: string;
  readonly power_kw?: number;
  readonly torque_nm?: number;
  readonly doors?: number;
  readonly [more: string]: unknown;
}

/** Details of the vehicle app. */
export const vehicle_identifications = details("vehicle_identifications", {
  columns: {
    make: varchar(80),
    model: varchar(120),
    /** Model year; for a long-built model, the first that the photo allows. */
    year: smallint({ nullable: true, check: between("year", 1885, 2100) }),
    body_style: varchar(60, { nullable: true }),
    fuel: oneOf("fuel", ["petrol", "diesel", "hybrid", "electric", "hydrogen", "unknown"], { default: "unknown" }),
    /** Engine, power, torque and what else a data sheet has. */
    specs: jsonb<VehicleSpecs>({ default: {} }),
  },
  indexes: [{ on: ["make", "model", "year"] }, { on: ["year"] }, { on: ["fuel"] }, similar("model"), contents("specs")],
});

/** What else the tank must offer. */
export interface Aquarium {
  readonly substrate?: string;
  readonly plants?: boolean;
  readonly hiding_places?: boolean;
  readonly tank_mates?: readonly string[];
}

/** Details of the fish app, for people who keep an aquarium. */
export const fish_identifications = details("fish_identifications", {
  columns: {
    ...taxonomy.columns,
    water: oneOf("water", ["fresh", "brackish", "marine"]),
    temperament: oneOf("temperament", ["peaceful", "semi-aggressive", "aggressive"], { nullable: true }),
    tank_litres: smallint({ nullable: true, check: sql`tank_litres > 0` }),
    temperature_low_c: numeric(3, 1, { nullable: true }),
    temperature_high_c: numeric(3, 1, { nullable: true }),
    ph_low: numeric(3, 1, { nullable: true, check: between("ph_low", 0, 14) }),
    ph_high: numeric(3, 1, { nullable: true, check: between("ph_high", 0, 14) }),
    /** Substrate, plants, tank mates. */
    aquarium: jsonb<Aquarium>({ default: {} }),
  },
  checks: {
    fish_temperature_range: sql`temperature_low_c <= temperature_high_c`,
    fish_ph_range: sql`ph_low <= ph_high`,
  },
  indexes: [
    ...taxonomy.indexes,
    { on: ["water", "tank_litres"] },
    { on: ["temperature_low_c", "temperature_high_c"] },
    contents("aquarium"),
  ],
});
