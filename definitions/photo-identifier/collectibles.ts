import { array, boolean, char, numeric, sql, text, varchar } from "verso";
import { collectible, details } from "./details.ts";
import { between, elements, oneOf, similar } from "./shared.ts";

/** Details of the coin app. */
export const coin_identifications = details("coin_identifications", {
  ...collectible,
  columns: {
    denomination: varchar(100),
    /** The letter of the mint: D, S, W. */
    mint_mark: varchar(10, { nullable: true }),
    composition: varchar(100, { nullable: true }),
    diameter_mm: numeric(5, 2, { nullable: true, check: sql`diameter_mm > 0` }),
    weight_g: numeric(7, 3, { nullable: true, check: sql`weight_g > 0` }),
    /** Sheldon scale, 1 to 70. */
    grade: numeric(3, 0, { nullable: true, check: between("grade", 1, 70) }),
    ...collectible.columns,
  },
  indexes: [...collectible.indexes, similar("denomination"), { on: ["country", "year", "mint_mark"] }],
});

/** Details of the vinyl app. */
export const vinyl_identifications = details("vinyl_identifications", {
  ...collectible,
  columns: {
    artist: varchar(200),
    title: varchar(200),
    record_label: varchar(120, { nullable: true }),
    catalogue_number: varchar(60, { nullable: true }),
    /** First pressing, reissue, bootleg; matrix and run-out notes. */
    pressing: varchar(120, { nullable: true }),
    format: oneOf("format", ["LP", "EP", "single", "box set"], { default: "LP" }),
    /** Goldmine grade of the record itself. */
    condition: oneOf("condition", ["M", "NM", "VG+", "VG", "G+", "G", "F", "P"], { nullable: true }),
    genres: array(text(), { default: [] }),
    ...collectible.columns,
  },
  indexes: [
    ...collectible.indexes,
    similar("artist"),
    similar("title"),
    { on: ["record_label", "catalogue_number"] },
    elements("genres"),
  ],
});

/** Details of the trading-card app. */
export const card_identifications = details("card_identifications", {
  ...collectible,
  columns: {
    /** A sport, or a game such as Magic. */
    game: varchar(80),
    /** The player or the character. */
    subject: varchar(150),
    set_name: varchar(150, { nullable: true }),
    card_number: varchar(30, { nullable: true }),
    grading_company: oneOf("grading_company", ["PSA", "BGS", "CGC", "SGC"], { nullable: true }),
    grade: numeric(3, 1, { nullable: true, check: between("grade", 1, 10) }),
    is_foil: boolean({ default: false }),
    is_autographed: boolean({ default: false }),
    ...collectible.columns,
  },
  checks: {
    ...collectible.checks,
    card_grade_has_a_grader: sql`(grade is null) = (grading_company is null)`,
  },
  indexes: [
    ...collectible.indexes,
    similar("subject"),
    { on: ["game", "set_name", "card_number"] },
    { on: ["grading_company", { column: "grade", order: "desc" }], where: sql`grade is not null` },
  ],
});

/** Details of the banknote app. */
export const banknote_identifications = details("banknote_identifications", {
  ...collectible,
  columns: {
    denomination: varchar(100),
    /** ISO 4217, as far as the note's currency ever had a code. */
    note_currency: char(3, { nullable: true }),
    serial_number: varchar(40, { nullable: true }),
    /** Watermark, thread, hologram, microprint. */
    security_features: array(text(), { default: [] }),
    /** Misprints, which make a note dear. */
    error_notes: text({ nullable: true }),
    is_genuine: boolean({ nullable: true }),
    ...collectible.columns,
  },
  indexes: [
    ...collectible.indexes,
    { on: ["country", "denomination"] },
    elements("security_features"),
    { on: ["serial_number"], where: sql`serial_number is not null` },
  ],
});
