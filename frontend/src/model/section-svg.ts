// A cross-section as a picture of its own, for a paper: on white in the colours of the light theme,
// with all that one must know to read it. A pure function.

import { cut, escaped } from "./chart-svg";
import {
  anchorsOf,
  type Cells,
  columnAt,
  type Layer,
  placeText,
  type Region,
} from "./cross-section";
import { percent } from "./format";

export interface SectionDrawing {
  readonly cells: Cells;
  readonly regions: readonly Region[];
  readonly layers: readonly Layer[];
  readonly borders: string;
  readonly title: string;
  /** What there is to be seen, in sentences. */
  readonly says: readonly string[];
  /** Where it comes from. */
  readonly note: string;
  /** What the regions are called. */
  readonly names: readonly string[];
  /** The logged ones above 0. */
  readonly epsilons: readonly number[];
  readonly decimals: boolean;
  readonly words: { readonly sectionAlongAxis: string; readonly sectionAcrossAxis: string };
}

const WIDTH = 720;
const SQUARE = { left: 24, top: 66, side: 400 };
const LEGEND = SQUARE.left + SQUARE.side + 28;
const BOTTOM = SQUARE.top + SQUARE.side;
const LINES = BOTTOM + 42;
const HEIGHT = LINES + 52;
const INK = "#202124";
const MUTED = "#5a5f66";

/**
 * The cross-section as an SVG document.
 *
 * @param colourOf a variable's colour, as SVG knows it
 * @param widthOf about how wide a text is, at a font size
 */
export function sectionSvg(
  drawing: SectionDrawing,
  colourOf: (variable: string) => string,
  widthOf: (text: string, size: number) => number,
): string {
  const { cells, regions, layers, borders, title, says, note, names, decimals, words } = drawing;
  const scale = SQUARE.side / cells.side;
  const colours = regions.map(({ colour }) => colourOf(colour));
  const short = (text: string, room: number, size: number) =>
    escaped(cut(text, (cutText) => widthOf(cutText, size) * 1.08 <= room));
  const end = (x: number, anchor: string, text: string) =>
    `<text x="${x}" y="${BOTTOM + 18}" text-anchor="${anchor}">${escaped(text)}</text>`;
  const entry = (name: string, place: number) => {
    const y = SQUARE.top + 8 + 24 * place;
    const text = `${name} ${percent(regions[place]?.area ?? 0)}`;
    return `<rect x="${LEGEND}" y="${y}" width="20" height="16" fill="${colours[place]}" stroke="${MUTED}"/><text x="${LEGEND + 10}" y="${y + 12.5}" text-anchor="middle" font-weight="500" stroke="#fff" stroke-width="3" paint-order="stroke">${place + 1}</text><text x="${LEGEND + 28}" y="${y + 12.5}">${short(text, WIDTH - LEGEND - 50, 13)}</text>`;
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="Helvetica, Arial, sans-serif" font-size="13" fill="${INK}">
<title>${escaped(title)}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="24" y="28" font-size="15" font-weight="500">${short(title, WIDTH - 48, 15)}</text>
<g font-size="12" fill="${MUTED}">
<text x="24" y="${SQUARE.top - 8}">↑ ${escaped(words.sectionAcrossAxis)}</text>
${end(SQUARE.left, "start", placeText(-cells.epsilon, decimals))}
${end(SQUARE.left + SQUARE.side / 2, "middle", `${words.sectionAlongAxis} →`)}
${end(SQUARE.left + SQUARE.side, "end", placeText(cells.epsilon, decimals))}
${[...says, note].map((line, i) => `<text x="24" y="${LINES + 18 * i}">${short(line, WIDTH - 48, 12)}</text>`).join("\n")}
</g>
<g transform="translate(${SQUARE.left} ${SQUARE.top})scale(${scale})">
${layers.map(({ region, strength, path }) => `<path d="${path}" fill="${colours[region]}" fill-opacity="${strength.toFixed(2)}" shape-rendering="crispEdges"/>`).join("\n")}
<path d="${borders}M0 0h${cells.side}v${cells.side}h${-cells.side}z" fill="none" stroke="${INK}" stroke-width="${1 / scale}"/>
${marks(drawing, scale)}
</g>
${names.map(entry).join("\n")}
</svg>
`;
}

/** The original's cross, the logged epsilons' rings, and the regions' numbers. */
function marks({ cells, regions, epsilons }: SectionDrawing, scale: number): string {
  const middle = cells.side / 2;
  const [arm, radius] = [12 / scale, 6 / scale];
  const rings = epsilons.map(
    (epsilon) => `<circle cx="${columnAt(cells, epsilon)}" cy="${middle}" r="${radius}"/>`,
  );
  const cross = `<path d="M${middle - arm} ${middle}h${2 * arm}M${middle} ${middle - arm}v${2 * arm}"/>`;
  const drawn = (colour: string, width: number) =>
    `<g fill="none" stroke="${colour}" stroke-width="${width / scale}">${cross}${rings.join("")}</g>`;
  const numbers = anchorsOf(cells, regions).map(
    ({ region, x, y }) => `<text x="${x}" y="${y + 6 / scale}">${region + 1}</text>`,
  );
  return `${drawn("#fff", 4)}${drawn(INK, 1.5)}<g font-size="${18 / scale}" font-weight="500" text-anchor="middle" stroke="#fff" stroke-width="${4 / scale}" paint-order="stroke">${numbers.join("")}</g>`;
}
