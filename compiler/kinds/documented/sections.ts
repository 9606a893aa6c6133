import type { Section } from "../../document/account.ts";

const section = (title: string, ...heads: readonly string[]): Section => ({ title, heads });

/** Of the document. */
export const SCHEMAS = section("Schemas", "Schema", "Grants");
export const TABLES = section("Tables", "Table");
export const VIEWS = section("Views", "View");
export const TYPES = section("Types", "Type", "Values");
export const FUNCTIONS = section("Functions", "Function", "Returns", "How it runs", "Grants");
export const SEQUENCES = section("Sequences", "Sequence", "Numbers");
export const EXTENSIONS = section("Extensions", "Extension", "Schema");
export const ROLES = section("Roles", "Role", "May", "Member of");
export const SETTINGS = section("Settings", "Setting", "Value", "For");
export const OTHERS = section("Other objects", "Object");

/** Of what is told of one table or view. */
export const COLUMNS = section("Columns", "Column", "Type", "Key", "Default");
export const KEYS = section("Keys", "Key", "Columns", "Serves");
export const FOREIGN_KEYS = section("Foreign keys", "Foreign key", "Refers to", "When that row is deleted");
export const CHECKS = section("Checks", "Check", "Rows fulfil");
export const EXCLUSIONS = section("Exclusions", "Exclusion", "No two rows with");
export const INDEXES = section("Indexes", "Index", "On", "Serves");
export const PARTITIONS = section("Partitions", "Partition", "Holds");
export const TRIGGERS = section("Triggers", "Trigger", "Fires", "Runs");
export const RULES = section("Rules", "Rule", "Does");
export const POLICIES = section("Policies", "Policy", "Who", "May", "Rows that are seen", "Rows that are written");
export const GRANTS = section("Grants", "Role", "May");
export const STATISTICS = section("Statistics", "Statistics", "Of");

/** The order in which they stand. */
export const SECTIONS: readonly Section[] = [
  SCHEMAS,
  TABLES,
  VIEWS,
  TYPES,
  FUNCTIONS,
  SEQUENCES,
  EXTENSIONS,
  ROLES,
  SETTINGS,
  OTHERS,
  COLUMNS,
  KEYS,
  FOREIGN_KEYS,
  CHECKS,
  EXCLUSIONS,
  INDEXES,
  PARTITIONS,
  TRIGGERS,
  RULES,
  POLICIES,
  GRANTS,
  STATISTICS,
];
