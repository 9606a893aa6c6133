// What generated clients run on, and what services use beside them: `import { openPool } from "verso/client"`.

export type * as GeoJSON from "../session/geojson.ts";
export { type Actor, actingAs } from "./actingAs.ts";
export { CursorError } from "./cursor.ts";
export { embedded } from "./embedded.ts";
export { type Encoding, encoded } from "./encode.ts";
export { type Observation, observeStatements } from "./observe.ts";
export { NotOneRow, onlyRow } from "./onlyRow.ts";
export { installCodecs, openPool, type PoolOptions } from "./pool.ts";
export {
  allRows,
  findRow,
  type Limit,
  type List,
  oneRow,
  oneValue,
  type Page,
  type PageOf,
  pageOf,
  someRows,
} from "./read.ts";
export type {
  DomainRelations,
  Including,
  Loaded,
  Nothing,
  Related,
  Relation,
  With,
} from "./relations.ts";
export { callForMany, callForNothing, callForOne, type Routine } from "./routines.ts";
export { type CallOptions, type Database, execute, type Row } from "./statement.ts";
export { streamRows } from "./stream.ts";
export { typeParsers } from "./typeParsers.ts";
export {
  ConstraintViolation,
  type DomainConstraints,
  isViolation,
  type TableConstraints,
  type Violation,
} from "./violations.ts";
export {
  asJson,
  asPlace,
  EmptyUpdate,
  insertRow,
  insertRows,
  updateRow,
  updateRows,
  type WrittenTable,
} from "./write.ts";
