export { compareCensus, lostValues, type RowCensus, type RowChanges, takeCensus } from "./census.ts";
export { type Ahead, type PlantedRows, plantRows } from "./plantRows.ts";
