import { z } from "zod";

/**
 * GeoJSON as PostGIS takes it, or PostGIS's own text for what it cannot say. Whether the place is one of the column's shape
 * and reference system is left to PostgreSQL.
 */
export const geometry = <T>(): z.ZodType<T> =>
  z.custom<T>().superRefine((given, context) => {
    const problem = typeof given === "string" ? null : problemOf(given);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

function problemOf(given: unknown): string | null {
  if (typeof given !== "object" || given === null || !("type" in given)) return "is no GeoJSON";
  if (given.type === "GeometryCollection") {
    if (!("geometries" in given) || !Array.isArray(given.geometries)) return "has no geometries";
    return firstProblem(given.geometries, problemOf);
  }
  const rule = Object.entries(COORDINATES).find(([shape]) => shape === given.type)?.[1];
  if (rule === undefined || !("coordinates" in given)) return "is no GeoJSON";
  if (!Array.isArray(given.coordinates)) return "has no coordinates";
  const problem = rule(given.coordinates);
  if (problem !== null) return problem;
  const sizes = new Set(positionsIn(given.coordinates).map(({ length }) => length));
  return sizes.size > 1 ? "has a height at some positions only" : null;
}

type Rule = (coordinates: readonly unknown[]) => string | null;

const position: Rule = (numbers) =>
  (numbers.length === 2 || numbers.length === 3) && numbers.every(Number.isFinite) ? null : "has a wrong position";

const line: Rule = (positions) => (positions.length === 1 ? "has a line of one position" : listOf(position)(positions));

const ring: Rule = (positions) => {
  const problem = line(positions);
  if (problem !== null || positions.length === 0) return problem;
  if (positions.length < 4) return "has a ring of less than four positions";
  const [first, last] = [positions[0], positions.at(-1)] as readonly (readonly number[])[];
  return first?.every((number, i) => number === last?.[i]) === true ? null : "has a ring that is not closed";
};

/** What nothing is in is a place that is nowhere. */
const point: Rule = (numbers) => (numbers.length === 0 ? null : position(numbers));

const listOf =
  (rule: Rule): Rule =>
  (items) =>
    firstProblem(items, (item) => (Array.isArray(item) ? rule(item) : "has coordinates of another depth"));

const COORDINATES: Readonly<Record<string, Rule>> = {
  Point: point,
  LineString: line,
  Polygon: listOf(ring),
  MultiPoint: listOf(point),
  MultiLineString: listOf(line),
  MultiPolygon: listOf(listOf(ring)),
};

function firstProblem<T>(items: readonly T[], problem: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = problem(item);
    if (found !== null) return found;
  }
  return null;
}

const positionsIn = (coordinates: readonly unknown[]): readonly (readonly unknown[])[] =>
  typeof coordinates[0] === "number" ? [coordinates] : coordinates.filter(Array.isArray).flatMap(positionsIn);
