/**
 * What definitions import as "verso". One example of everything:
 * ```ts
 * // definitions/shop/domain.ts
 * export default domain({ name: "shop", schema: "public", searchPath: ["public"], startsFrom: "legacy.sql" });
 *
 * // definitions/shop/*.ts: every exported declaration counts, also inside exported lists and records; *.test.ts do not
 * export const app = schema("app", { comment: "…", owner: "shop_owner" });
 * export const trigrams = extension("pg_trgm", { schema: app });
 *
 * // types; calling one gives a column of it
 * export const level = enumType("activity_level", ["low", "medium", "high"]);            // level({ default: "medium" })
 * export const email = domainType("email", text(), { check: sql`value like '%@%'` });     // email({ unique: true })
 * export const address = compositeType("address", { street: text(), city: varchar(80) }); // address()
 * export const invoiceNumbers = sequence("invoice_numbers", { start: 1000, ownedBy: "orders.number" });
 *
 * // functions; a declaration in sql`…` is quoted, schema-qualified and recorded as dependency (a column: its bare name)
 * export const setUpdatedAt = fn("set_updated_at", {
 *   returns: "trigger",                                // language plpgsql unless given
 *   body: sql`begin new.updated_at := now(); return new; end`,
 * });
 * export const fullName = fn("full_name", {
 *   arguments: { first: text(), last: text({ default: "" }) },   // out(), inout(), variadic() for other modes
 *   returns: text(),                                   // { setof: users }, { table: { id: uuid(), n: integer() } }
 *   language: "sql", volatility: "immutable", strict: true, parallel: "safe", securityDefiner: false, set: { search_path: "" },
 *   body: sql`select first || ' ' || last`,            // or atomic: sql`return first || ' ' || last`
 * });
 * export const purge = procedure("purge", { language: "sql", body: sql`delete from ${sessions}` });
 *
 * // shared by spreading; columns are NOT NULL unless nullable
 * const timestamps = { created_at: timestamptz({ default: sql`now()` }), updated_at: timestamptz({ default: sql`now()` }) };
 * const touched = { set_updated_at: { before: ["update"], execute: setUpdatedAt } } as const;
 *
 * /** A customer. (A JSDoc comment is the COMMENT in the database.) *\/
 * export const users = table("users", {
 *   columns: {
 *     id: uuid({ primaryKey: true, default: sql`gen_random_uuid()` }),
 *     /** Lower case. *\/
 *     email: varchar(255, { unique: true, check: sql`email = lower(email)`, renamedFrom: "mail" }),
 *     password_hash: text({ secret: true }),
 *     number: integer({ identity: "always" }),         // or { generated: "by default", start: 100 }
 *     preferences: jsonb<Preferences>({ default: {} }),
 *     tags: array(text(), { default: [] }),
 *     height_cm: numeric(5, 1, { nullable: true, backfill: sql`170`, using: sql`height_cm::numeric` }),
 *     level: level({ default: "medium" }),
 *     location: geometry("Point", 4326, { nullable: true }),
 *     search: tsvector({ generated: sql`to_tsvector('simple', email)` }),   // stored; virtual: true on 18
 *     weird: column<string>("isbn", { collate: "C", storage: "external", statistics: 500 }),
 *     invited_by: references(self, { onDelete: "set null", nullable: true }),
 *     ...timestamps,
 *   },
 *   unique: [["email", "level"], { columns: ["number"], name: "users_number", deferrable: "initially deferred" }],
 *   checks: { users_email_not_blank: sql`email <> ''`, users_level: { expression: sql`…`, notValid: true, orphans: "set aside" } },
 *   exclusions: [{ elements: [["level", "="], ["during", "&&"]], where: sql`…` }],
 *   indexes: [
 *     { on: ["level", { column: "created_at", order: "desc", nulls: "last" }], where: sql`level <> 'low'`, include: ["email"] },
 *     { on: [sql`lower(email)`], unique: true, name: "users_lower_email" },
 *     { on: [{ column: "email", opclass: "gin_trgm_ops" }], using: "gin", with: { fastupdate: false } },
 *   ],
 *   policies: { own_rows: { for: "select", to: "app", using: sql`id = current_setting('app.user')::uuid` } },  // turns row security on
 *   forceRowSecurity: true,
 *   triggers: { ...touched, audit: { after: ["insert", { update: ["email"] }], when: sql`…`, execute: audit, arguments: ["x"] } },
 *   statistics: { users_level_email: { on: ["level", "email"], kinds: ["dependencies"] } },
 *   grants: [{ to: "app", privileges: ["select", "update"], columns: ["email"] }],
 *   with: { fillfactor: 80 }, renamedFrom: "customers", owner: "shop_owner",
 * });
 * type User = RowOf<typeof users>; // InsertOf, UpdateOf, PublicRowOf (without the secrets)
 *
 * export const orders = table("orders", {
 *   columns: {
 *     // Type and index come by themselves; `index: { none: "why" }` explains that there is none.
 *     user_id: references(() => users, { onDelete: "cascade", unique: true, orphans: "set aside", deferrable: true }),
 *     email: references(() => users.columns.email, { onDelete: "restrict", onUpdate: "cascade" }),
 *     last_item_id: references<string>("items.id", { onDelete: "set null", nullable: true }),  // by name, where types would run in a circle
 *     number: bigint({ default: sql`nextval(${sql.regclass(invoiceNumbers)})` }),
 *     position: integer(),
 *   },
 *   primaryKey: ["user_id", "number"],
 *   foreignKeys: [{ columns: ["a", "b"], references: () => other, target: ["x", "y"], onDelete: "cascade", match: "full" }],
 *   partitionBy: { by: "range", on: ["number"] },
 * });
 * export const orders_1 = partition("orders_1", { of: orders, rows: { from: [0], to: [1000] } });  // { in: […] }, { modulus, remainder }, "default"
 *
 * // the same said apart from the table, where a circle must be broken
 * export const lastItem = foreignKey(orders, { columns: ["last_item_id"], references: () => items, onDelete: "set null" });
 * export const byFunction = policy("by_function", users, { using: sql`${maySee}(id)` });
 * export const onUsers = trigger("notify", users, { after: ["insert"], execute: notify });
 * export const both = statistics("both", users, { on: ["level", "email"] });
 *
 * export const adults = view("adults", { securityInvoker: true, query: sql`select ${users.columns.id} from ${users}` });
 * export const totals = materializedView("totals", { query: sql`…`, indexes: [{ on: ["day"], unique: true }] });
 *
 * export const app_role = role("app", { login: true, memberOf: ["readers"], settings: { statement_timeout: "5s" } });
 * export const access = grant({ on: [users, fullName, app], to: app_role, privileges: ["select"] });   // on: all("tables")
 * export const closed = revoke({ on: fullName, privileges: "all", from: "public" });
 * export const future = defaultPrivileges({ inSchema: app, on: "tables", privileges: ["select"], to: app_role });
 * export const timeouts = databaseSetting("statement_timeout", "30s");
 * export const path = roleSetting(app_role, "search_path", "app, public");
 * export const said = comment(trigrams, "fuzzy search");
 * export const cast = rawSql({ name: "text to level", create: sql`CREATE CAST …`, drop: sql`DROP CAST …`, dependsOn: [level] });
 * ```
 * @module
 */
export * from "./declare/index.ts";
