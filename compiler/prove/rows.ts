export { compareCensus, lostValues, type RowChanges, takeCensus } from "./census.ts";
export { type Ahead, type PlantedRows, plantRows } from "./plantRows.ts";
