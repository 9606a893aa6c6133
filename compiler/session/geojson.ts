// PostGIS's values as GeoJSON, from its binary form, of which nothing is lost, and back.

/** Longitude, latitude and, where there is one, height; or what else the reference system counts. */
export type Position = number[];

/** The reference system, where it is not WGS 84, as PostGIS says it: `EPSG:3857`; null for none. */
export interface Crs {
  type: "name";
  properties: { name: string };
}

export interface Point {
  type: "Point";
  coordinates: Position;
}
export interface LineString {
  type: "LineString";
  coordinates: Position[];
}
export interface Polygon {
  type: "Polygon";
  coordinates: Position[][];
}
export interface MultiPoint {
  type: "MultiPoint";
  coordinates: Position[];
}
export interface MultiLineString {
  type: "MultiLineString";
  coordinates: Position[][];
}
export interface MultiPolygon {
  type: "MultiPolygon";
  coordinates: Position[][][];
}
export interface GeometryCollection {
  type: "GeometryCollection";
  geometries: Geometry[];
}
/** @see RFC 7946, "The GeoJSON Format" */
export type Geometry = Point | LineString | Polygon | MultiPoint | MultiLineString | MultiPolygon | GeometryCollection;

/** In WGS 84 without `crs`; in another reference system, or in none, where it says so. */
export type InAnySystem<G> = G & { crs?: Crs | null };

interface Shapes {
  point: Point;
  linestring: LineString;
  polygon: Polygon;
  multipoint: MultiPoint;
  multilinestring: MultiLineString;
  multipolygon: MultiPolygon;
}
type ShapeNamed<Name extends string> = Name extends keyof Shapes
  ? Shapes[Name]
  : Name extends `${infer Flat}z`
    ? Flat extends keyof Shapes
      ? Shapes[Flat]
      : never
    : never;

/**
 * A value of `geometry(Shape, srid)`. GeoJSON knows no measures (PointM) and no curves: these are PostGIS's own text, and so
 * may be what a column of any shape holds.
 */
export type Value<Shape extends string = "Geometry", Srid extends number = 0> =
  ShapeNamed<Lowercase<Shape>> extends infer G
    ? [G] extends [never]
      ? Lowercase<Shape> extends "geometry" | "geometryz" | "geometrycollection" | "geometrycollectionz"
        ? InSystem<Geometry, Srid> | string
        : string
      : InSystem<G, Srid>
    : never;

type InSystem<G, Srid extends number> = Srid extends 4326 ? G : Srid extends 0 ? InAnySystem<G> : G & { crs: Crs };

const NAMES = ["", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"] as const;
const COLLECTION = 7;
const WGS_84 = 4326;

/** A geometry or geography from PostGIS's text; what GeoJSON cannot say stays that text. */
export function readGeometry(text: string): InAnySystem<Geometry> | string {
  const bytes = Buffer.from(text, "hex");
  let at = 0;
  let isPlain = true;
  let srid = 0;
  const read = (): Geometry => {
    const isLittle = bytes.readUInt8(at) === 1;
    const whole = (): number => {
      at += 4;
      return isLittle ? bytes.readUInt32LE(at - 4) : bytes.readUInt32BE(at - 4);
    };
    const number = (): number => {
      at += 8;
      return isLittle ? bytes.readDoubleLE(at - 8) : bytes.readDoubleBE(at - 8);
    };
    const several = <T>(one: () => T): T[] => {
      const items: T[] = [];
      for (let left = whole(); left > 0 && isPlain; left--) items.push(one());
      return items;
    };
    at += 1;
    const flags = whole();
    // The bits of PostGIS's binary form: height, measure, reference system.
    const dimensions = (flags & 0x80000000) === 0 ? 2 : 3;
    if ((flags & 0x40000000) !== 0) isPlain = false;
    if ((flags & 0x20000000) !== 0) srid = whole();
    const shape = flags & 0x1fffffff;
    const name = NAMES[shape];
    const position = (): Position => Array.from({ length: dimensions }, number);
    // A point that is nowhere.
    const place = (): Position => {
      const found = position();
      return found.every(Number.isNaN) ? [] : found;
    };
    const line = (): Position[] => several(position);
    switch (name) {
      case "Point":
        return { type: name, coordinates: place() };
      case "LineString":
        return { type: name, coordinates: line() };
      case "Polygon":
        return { type: name, coordinates: several(line) };
      case "MultiPoint":
      case "MultiLineString":
      case "MultiPolygon":
        return {
          type: name,
          coordinates: several(read).map((one) => ("coordinates" in one ? one.coordinates : [])),
        } as Geometry;
      default:
        isPlain &&= shape === COLLECTION;
        return { type: "GeometryCollection", geometries: isPlain ? several(read) : [] };
    }
  };
  const geometry = read();
  if (!isPlain) return text;
  if (srid === WGS_84) return geometry;
  return { ...geometry, crs: srid === 0 ? null : { type: "name", properties: { name: `EPSG:${srid}` } } };
}

/** A value as PostGIS reads it, in the reference system that it says, WGS 84 where it says none. */
export function writeGeometry(geometry: InAnySystem<Geometry>): string {
  const { crs } = geometry;
  const srid = crs === undefined ? WGS_84 : crs === null ? 0 : sridOf(crs);
  return `SRID=${srid};${textOf(geometry)}`;
}

function sridOf({ properties: { name } }: Crs): number {
  // Also `urn:ogc:def:crs:EPSG::3857`; and the name that GeoJSON once had for WGS 84.
  const [, digits] = /:(\d+)$/.exec(name) ?? [];
  if (digits !== undefined) return Number(digits);
  if (name.endsWith("CRS84")) return WGS_84;
  throw new TypeError(`a reference system that is no EPSG number: ${name}`);
}

function textOf(geometry: Geometry): string {
  const name = geometry.type.toUpperCase();
  if (geometry.type === "GeometryCollection") {
    return `${name} ${geometry.geometries.length === 0 ? "EMPTY" : `(${geometry.geometries.map(textOf).join(",")})`}`;
  }
  const text = coordinatesText(geometry.coordinates);
  return `${name} ${geometry.type === "Point" && text !== "EMPTY" ? `(${text})` : text}`;
}

type Coordinates = readonly (number | Coordinates)[];

function coordinatesText(coordinates: Coordinates): string {
  const inside = coordinates.map((one) => (typeof one === "number" ? String(one) : coordinatesText(one)));
  if (inside.length === 0) return "EMPTY";
  return typeof coordinates[0] === "number" ? inside.join(" ") : `(${inside.join(",")})`;
}
