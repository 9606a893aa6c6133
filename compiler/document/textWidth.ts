/** Of a monospaced type, in parts of its size: a little more than Menlo, DejaVu Sans Mono, Consolas and Courier have. */
const NARROW = 0.61;
const WIDE = 1.1;

// East Asian wide and fullwidth characters, and pictures.
const IS_WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** How wide a text is, drawn in monospaced type of a size. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += IS_WIDE.test(character) ? WIDE : NARROW;
  return Math.ceil(width * size);
}
