/**
 * What definitions import as "verso". One example of everything (it compiles: test/compile/cheatSheet.test.ts):
 * ```ts
 * // definitions/shop/domain.ts
 * export default domain({ name: "shop", schema: "public", searchPath: ["public"] }); // owner: "shop_owner", startsFrom: "legacy.sql", postgres: 15
 *
 * // definitions/shop/*.ts: every exported declaration counts, also inside exported lists and records; *.test.ts do not
 * export const app = schema("app", { comment: "What the application calls" });
 * export const trigrams = extension("pg_trgm");
 * export const accents = extension("unaccent", { keep: true });                        // a rollback leaves it in place
 *
 * // types; calling one gives a column of it
 * export const level = enumType("activity_level", ["low", "medium", "high"]);            // level({ default: "medium" })
 * export const email = domainType("email", text(), { check: sql`value like '%@%'` });    // email({ unique: true })
 * export const address = compositeType("address", { street: text(), city: varchar(80) }); // address()
 * export const invoiceNumbers = sequence("invoice_numbers", { start: 1000, ownedBy: "orders.number" });
 *
 * // functions; a declaration in sql`…` is quoted, schema-qualified and recorded as dependency (a column: its bare name)
 * export const setUpdatedAt = fn("set_updated_at", {
 *   returns: "trigger",                                // language plpgsql unless given
 *   body: sql`begin new.updated_at := now(); return new; end`,
 * });
 * export const fullName = fn("full_name", {
 *   schema: app,
 *   arguments: { first: text(), last: text({ default: "" }) },   // out(), inout(), variadic() for other modes
 *   returns: text(),                                   // { setof: users }, { table: { id: uuid(), n: integer() } }
 *   language: "sql", volatility: "immutable", strict: true, parallel: "safe", securityDefiner: false, set: { search_path: "" },
 *   body: sql`select first || ' ' || last`,            // or atomic: sql`return first || ' ' || last`
 * });
 *
 * // shared by spreading; columns are NOT NULL unless nullable
 * const timestamps = { created_at: timestamptz({ default: sql`now()` }), updated_at: timestamptz({ default: sql`now()` }) };
 * const touched = { set_updated_at: { before: ["update"], execute: setUpdatedAt } } as const;
 * interface Preferences { readonly theme?: "dark" | "light" }
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
 *     level: level({ default: "medium" }),             // geometry("Point", 4326), citext(), hstore(), ltree() need extensions
 *     search: tsvector({ generated: sql`to_tsvector('simple', email)` }),   // stored; virtual: true on 18
 *     seat: column<string>("int4range", { nullable: true }),                // any type, written as SQL
 *     note: text({ collate: "C", storage: "external", statistics: 500, nullable: true }),
 *     invited_by: references(self, { onDelete: "set null", nullable: true }),
 *     ...timestamps,
 *   },
 *   unique: [["email", "level"], { columns: ["number"], name: "users_number", deferrable: "initially deferred" }],
 *   checks: { users_email_not_blank: sql`email <> ''`, users_tags: { expression: sql`tags <> '{x}'`, notValid: true, orphans: "set aside" } },
 *   exclusions: [{ elements: [["seat", "&&"]], where: sql`level <> 'low'` }],
 *   indexes: [
 *     { on: ["level", { column: "created_at", order: "desc", nulls: "last" }], where: sql`level <> 'low'`, include: ["email"] },
 *     { on: [sql`lower(email)`], unique: true, name: "users_lower_email" },
 *     { on: [{ column: "email", opclass: "gin_trgm_ops" }], using: "gin", with: { fastupdate: false } },
 *   ],
 *   policies: { own_row: { for: "select", to: "app", using: sql`id = current_setting('app.user')::uuid` } },  // turns row security on
 *   forceRowSecurity: true,
 *   triggers: { ...touched, later: { after: ["insert", { update: ["email"] }], when: sql`new.number > 0`, execute: setUpdatedAt, arguments: ["x"] } },
 *   statistics: { users_level_email: { on: ["level", "email"], kinds: ["dependencies"] } },
 *   grants: [{ to: "app", privileges: ["select", "update"], columns: ["email"] }],
 *   with: { fillfactor: 80 }, renamedFrom: "customers", owner: "shop_owner",
 * });
 * export type User = RowOf<typeof users>; // InsertOf, UpdateOf, PublicRowOf (without the secrets)
 *
 * export const orders = table("orders", {
 *   columns: {
 *     // Type and index come by themselves; `index: { none: "why" }` explains that there is none.
 *     user_id: references(() => users, { onDelete: "cascade", orphans: "set aside", deferrable: true }),
 *     user_email: references(() => users.columns.email, { onDelete: "restrict", onUpdate: "cascade" }),
 *     // By name, where the types would run in a circle; the value's type is said by hand.
 *     best_item_id: references<bigint>("items.id", { onDelete: "set null", nullable: true, index: { none: "never searched" } }),
 *     number: bigint({ default: sql`nextval(${sql.regclass(invoiceNumbers)})` }),
 *     ...timestamps,
 *   },
 *   primaryKey: ["user_id", "number"],
 * });
 * export const items = table("items", {
 *   columns: { id: bigint({ primaryKey: true, identity: "always" }), user_id: uuid(), order_number: bigint() },
 *   foreignKeys: [{ columns: ["user_id", "order_number"], references: () => orders, target: ["user_id", "number"], onDelete: "cascade", match: "full" }],
 * });
 * export const purge = procedure("purge", { language: "sql", body: sql`delete from ${items}` });
 *
 * export const events = table("events", { columns: { day: date(), what: text() }, partitionBy: { by: "range", on: ["day"] } });
 * export const january = partition("events_2026_01", { of: events, rows: { from: ["2026-01-01"], to: ["2026-02-01"] } });
 * export const otherDays = partition("events_other", { of: events, rows: "default" });   // { in: […] }, { modulus, remainder }
 * // what it says of columns that it has from its parent (with inherits too): inherited: { what: { default: "?", notNull: true } }; indexes: [{ …, partOf: "events_day_idx" }]
 *
 * // the same said apart from the table, where a circle must be broken
 * export const favourite = foreignKey(items, { columns: ["user_id"], references: () => users, onDelete: "cascade" });
 * export const named = policy("named", users, { to: "app", using: sql`${fullName}(email) <> ''` });
 * export const onItems = trigger("touch", items, { after: ["insert"], forEach: "statement", execute: setUpdatedAt });
 * export const both = statistics("both", items, { on: ["user_id", "order_number"] });
 *
 * export const adults = view("adults", { securityInvoker: true, query: sql`select ${users.columns.id} from ${users} where number > ${18}` });
 * export const totals = materializedView("totals", { query: sql`select day, count(*) from ${events} group by day`, indexes: [{ on: ["day"], unique: true }] });
 *
 * export const application = role("app", { login: true, settings: { statement_timeout: "5s" } }); // memberOf: ["readers"]
 * export const owner = role("shop_owner");
 * export const access = [
 *   grant({ on: [users, app], to: application, privileges: "all" }),
 *   grant({ on: all("tables", { except: [users] }), to: application, privileges: ["select"] }),
 *   revoke({ on: fullName, privileges: "all", from: "public" }),
 *   revoke({ on: users, privileges: ["truncate"], from: itsOwner }),                     // grants: [{ …, grantedBy: "who passes it on" }]
 *   grant({ on: database, to: application, privileges: ["connect"] }),
 *   defaultPrivileges({ inSchema: app, on: "tables", privileges: ["select"], to: application }),
 * ];
 * export const timeout = databaseSetting("statement_timeout", "30s");
 * export const searchPath = roleSetting(application, "search_path", "app, public");
 * export const said = comment(trigrams, "Fuzzy search");
 * // what few schemas have
 * export const bytewise = collation("bytewise", { locale: "C" });                       // text({ collate: bytewise }); provider: "icu", deterministic: false
 * export const toAddress = cast({ from: text(), to: address, with: "inout" });          // or a function; as: "assignment"
 * export const isSimilar = fn("is_similar", { arguments: [text(), text()], returns: boolean(), language: "sql", volatility: "immutable", body: sql`select lower($1) = lower($2)` });
 * export const similar = operator("=~~", { left: text(), right: text(), function: isSimilar, commutator: "=~~" });   // sql`a ${similar} b`
 * export const bySimilarity = operatorClass("by_similarity", { for: text(), using: "hash", operators: [[1, similar]], functions: [[1, sql`hashtext(text)`]] });
 * export const mixed = operatorFamily("mixed", { using: "btree", operators: [[1, sql`<(integer, bigint)`]], functions: [[1, sql`btint48cmp(integer, bigint)`, [integer(), bigint()]]] });
 * export const longest = aggregate("longest", { arguments: [text()], state: text(), transition: sql`text_larger`, combine: sql`text_larger` });   // moving, orderBy, hypothetical …
 * export const stems = textSearchDictionary("stems", { template: "snowball", options: { language: "german" } });     // textSearchTemplate, textSearchParser
 * export const titles = textSearchConfiguration("titles", { mappings: { asciiword: [stems, "simple"], word: ["simple"] } });
 * export const toLatin = conversion("to_latin", { from: "UTF8", to: "LATIN1", function: sql`utf8_to_iso8859_1` });
 * export const pl = language("pl_mine", { handler: sql`plpgsql_call_handler`, trusted: true });                       // transform, accessMethod
 * export const noDeletion = rule("no_deletion", users, { on: "delete", instead: true, do: [] });
 * export const afar = foreignDataWrapper("afar");                                        // wrapper: postgres_fdw, an extension's
 * export const archive = foreignServer("archive", { wrapper: afar, options: { host: "db2" } });
 * export const reader = userMapping({ for: "public", server: archive, options: { user: "reader" } });                // no secrets here
 * export const oldOrders = foreignTable("old_orders", { server: archive, columns: { id: bigint({ foreignOptions: { column_name: "nr" } }) } });
 * export const feed = publication("feed", { tables: [items, { table: users, columns: ["id", "number"], where: sql`number > 0` }] });   // schemas, allTables
 * // subscription("from_db1", { connection: "host=db1 dbname=shop", publications: ["feed"] }), securityLabel(users, "provider", "label")
 * export const readable = grant({ on: member(trigrams, "FUNCTION public.similarity(text,text)"), to: "app", privileges: ["execute"] });
 *
 * // rows, in definitions/shop/seeds/*.ts (sql/shop/seeds/<environment>.json; `verso seed`)
 * export const people = seed(users, { environments: ["reference"], key: ["email"], rows: { ann: { email: "ann@example.org", password_hash: "none" } } });
 * export const bought = seed(orders, { environments: ["demo"], key: ["user_id"], rows: { first: { user_id: people.rows.ann.id, user_email: row(users, "ann").email } } });
 * export const crowd = generate(users, { email: (n, chance) => `${n}@${chance.pick(["example.org", "example.net"])}` });   // verso seed --generate 1000
 *
 * // anything else, with its own undo
 * export const odd = rawSql({ name: "goes with unaccent", create: sql`ALTER FUNCTION ${setUpdatedAt}() DEPENDS ON EXTENSION ${accents}`, drop: sql`ALTER FUNCTION ${setUpdatedAt}() NO DEPENDS ON EXTENSION ${accents}`, dependsOn: [setUpdatedAt, accents] });
 * ```
 * @module
 */
export * from "./declare/index.ts";
export {
  type Field,
  type MarkdownLog,
  readMarkdown,
  type Section,
  type TableRow,
  type Task,
  type Told,
} from "./logs/readMarkdown.ts";
