/** The page's typeface, for canvases; theme.ts has it for all else. */
export const FAMILY = 'Roboto, "Noto Sans KR", "Helvetica Neue", Arial, sans-serif';

let context: CanvasRenderingContext2D | null = null;
const known = new Map<string, number>();

/** About how wide a text is, in CSS pixels, at a font size. */
export function textWidth(text: string, size: number): number {
  const name = `${size} ${text}`;
  let width = known.get(name);
  if (width === undefined) {
    context ??= document.createElement("canvas").getContext("2d");
    if (context) context.font = `${size}px ${FAMILY}`;
    width = context?.measureText(text).width ?? 0;
    if (known.size > 5000) known.clear();
    known.set(name, width);
  }
  return width;
}
