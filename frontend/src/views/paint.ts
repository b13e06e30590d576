import { adversarial, draw, type Entries, type Table } from "../pixels";

let last: { epsilon: number; table: Table } | null = null;

/** The adversarial table; all visible cards ask for the same one in a frame. */
export function tableAt(epsilon: number): Table {
  if (last?.epsilon !== epsilon) last = { epsilon, table: adversarial(epsilon) };
  return last.table;
}

let scratch: ImageData | null = null;
let pixels = new Uint32Array();

/** Draws a table over a sample's entries onto a canvas of the picture's own size. */
export function paint(canvas: HTMLCanvasElement, entries: Entries, table: Table): void {
  const { width, height } = canvas;
  // All pictures of a step are of one size, so that one buffer serves them all.
  if (scratch?.width !== width || scratch.height !== height) {
    scratch = new ImageData(width, height);
    pixels = new Uint32Array(scratch.data.buffer);
  }
  draw(entries, table, pixels);
  canvas.getContext("2d")?.putImageData(scratch, 0, 0);
}
