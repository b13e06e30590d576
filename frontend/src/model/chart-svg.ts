// The chart as a picture of its own, for a paper: its lines on white in the colours of the light theme,
// with all that one must know to read it. A pure function.

import type { Axis } from "./axis";
import { type Comparison, comparisons, DASHES } from "./comparisons";
import { epsilonText, harmless } from "./format";
import { flipBars } from "./histogram";
import { markPath } from "./marks";
import type { Record } from "./record";
import { accuracyAt } from "./run";
import type { Mark } from "./selection";

/** A run's line. */
export interface Line {
  /** As the legend has it. */
  readonly name: string;
  /** A colour as SVG knows it. */
  readonly colour: string;
  readonly mark: Mark;
  readonly focused: boolean;
  readonly record: Record;
}

export interface Drawing {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly axis: Axis;
  readonly epsilon: number;
  /** The epsilons that the axis names, and what it writes there. */
  readonly marks: readonly number[];
  readonly labels: readonly string[];
  readonly words: { readonly [of in Comparison["name"] | "robustAccuracy" | "whereFlips"]: string };
  /** About how wide a text is, at a font size. */
  readonly widthOf: (text: string, size: number) => number;
}

/** The picture's width, and where the plot lies in it. */
const WIDTH = 640;
const PLOT = { left: 64, top: 62, width: 552, height: 288 };
const BOTTOM = PLOT.top + PLOT.height;

/** The room that a legend's line of text takes, its sign's width and what lies between two. */
const ROW = 20;
const SIGN = 30;
const APART = 20;
/** The reader's typeface may be wider than the one that was measured. */
const SLACK = 1.08;

const INK = "#202124";
const MUTED = "#5a5f66";

/** How wide the axis is on which the labels are to fit. */
export const AXIS_WIDTH = PLOT.width;

/** The chart as an SVG document. */
export function chartSvg(drawing: Drawing): string {
  const { title, lines, axis, marks, labels, words, widthOf } = drawing;
  const legend = legendOf(drawing);
  const height = BOTTOM + 64 + ROW * legend.rows;
  // The focused run's line lies on top.
  const ordered = [...lines].sort((a, b) => Number(a.focused) - Number(b.focused));
  const heading = cut(title, (text) => widthOf(text, 15) * SLACK <= WIDTH - 48);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="${INK}">
<title>${escaped(title)}</title>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="24" y="28" font-size="15" font-weight="500">${escaped(heading)}</text>
<g font-size="11" fill="${MUTED}">
${[0, 0.25, 0.5, 0.75, 1].map(level).join("\n")}
${marks.map((mark, i) => tick(x(axis, mark), labels[i] ?? "")).join("\n")}
<text x="${PLOT.left + PLOT.width / 2}" y="${BOTTOM + 36}" text-anchor="middle" font-size="12">${axis.decimals ? "ε" : "ε × 255"}</text>
<text transform="translate(20 ${PLOT.top + PLOT.height / 2})rotate(-90)" text-anchor="middle" font-size="12">${escaped(words.robustAccuracy)}</text>
</g>
${ordered.map((line) => (line.focused ? bars(line, axis) : "")).join("")}${now(drawing)}
${ordered.map((line) => drawn(line, axis)).join("\n")}
${legend.drawn}
</svg>
`;
}

const round = (value: number) => Math.round(value * 100) / 100;
const x = (axis: Axis, epsilon: number) => round(PLOT.left + axis.place(epsilon) * PLOT.width);
const y = (share: number) => round(BOTTOM - share * PLOT.height);

function level(share: number): string {
  const text = share === 1 ? "100 %" : String(100 * share);
  return `<path d="M${PLOT.left} ${y(share)}h${PLOT.width}" stroke="#dfe2e6"/><text x="${PLOT.left - 8}" y="${y(share) + 4}" text-anchor="end">${text}</text>`;
}

function tick(at: number, label: string): string {
  return `<path d="M${at} ${PLOT.top}v${PLOT.height}" stroke="#eceef1"/><text x="${at}" y="${BOTTOM + 18}" text-anchor="middle">${label}</text>`;
}

/** The epsilon of now, over the whole height. */
function now({ axis, epsilon }: Drawing): string {
  const at = x(axis, epsilon);
  const place = axis.place(epsilon);
  const anchor = place < 0.06 ? "start" : place > 0.94 ? "end" : "middle";
  return `<path d="M${at} ${PLOT.top - 4}V${BOTTOM}" stroke="${INK}"/><text x="${at}" y="${PLOT.top - 9}" font-size="11" text-anchor="${anchor}">ε = ${epsilonText(epsilon, axis.decimals)}</text>`;
}

/** A run's line with its points, and of the run in focus what it is compared with. */
function drawn({ name, colour, mark, focused, record }: Line, axis: Axis): string {
  const points = (accuracies: (epsilon: number) => number | null) =>
    [...new Set([0, ...record.epsilons])]
      .sort((a, b) => a - b)
      .flatMap((epsilon) => {
        const share = accuracies(epsilon);
        return share === null ? [] : [[x(axis, epsilon), y(share)] as const];
      });
  const own = points((epsilon) => accuracyAt(record, epsilon));
  const dashed = (focused ? comparisons(record) : []).map(
    (other) =>
      `<polyline points="${points(other.accuracies).join(" ")}" stroke="${colour}" stroke-width="1.5" stroke-dasharray="${DASHES[other.name].join(" ")}"/>`,
  );
  const shapes = own.map(([left, top]) => markPath(mark, left, top, 3)).join("");
  return `<g fill="none"><title>${escaped(name)}</title>${dashed.join("")}<polyline class="line" points="${own.join(" ")}" stroke="${colour}" stroke-width="${focused ? 2 : 1.5}"/><path d="${shapes}" fill="${colour}"/></g>`;
}

/** Where samples flip, if that was searched for. */
function bars({ record, colour }: Line, axis: Axis): string {
  if (!record.attack.refine) return "";
  const shares = flipBars(record, axis);
  const width = PLOT.width / shares.length;
  const path = shares.map((share, part) => {
    const [left, height] = [round(PLOT.left + (part + 0.1) * width), round(share * PLOT.height)];
    return share > 0 ? `M${left} ${BOTTOM}v${-height}h${round(0.8 * width)}v${height}z` : "";
  });
  return `<path d="${path.join("")}" fill="${colour}" fill-opacity=".22" stroke="${colour}"/>\n`;
}

/** What the lines and bars are, one after the other and as many in a row as there is room for. */
function legendOf({ lines, words, widthOf }: Drawing): { drawn: string; rows: number } {
  const entries = lines.map(({ name, colour, mark, focused }): [string, string] => [
    name,
    `<path d="M0 0h22" stroke="${colour}" stroke-width="${focused ? 2 : 1.5}"/><path d="${markPath(mark, 11, 0, 3)}" fill="${colour}"/>`,
  ]);
  for (const { colour, record } of lines.filter(({ focused }) => focused)) {
    for (const { name } of comparisons(record)) {
      const dash = DASHES[name].join(" ");
      entries.push([
        words[name],
        `<path d="M0 0h22" stroke="${colour}" stroke-width="1.5" stroke-dasharray="${dash}"/>`,
      ]);
    }
    if (record.attack.refine) {
      entries.push([
        words.whereFlips,
        `<path d="M2 4v-4h4v4zM9 4v-9h4v9zM16 4v-6h4v6z" fill="${colour}" fill-opacity=".22" stroke="${colour}"/>`,
      ]);
    }
  }
  const room = WIDTH - PLOT.left - 24;
  const places = { left: 0, row: 0 };
  const drawn = entries.map(([text, sign]) => {
    const short = cut(text, (cutText) => SIGN + widthOf(cutText, 12) * SLACK <= room);
    const width = SIGN + widthOf(short, 12) * SLACK;
    if (places.left > 0 && places.left + width > room) {
      places.left = 0;
      places.row++;
    }
    const at = `translate(${round(PLOT.left + places.left)} ${BOTTOM + 62 + ROW * places.row})`;
    places.left += width + APART;
    return `<g transform="${at}">${sign}<text x="${SIGN}" y="4">${escaped(short)}</text></g>`;
  });
  return { drawn: drawn.join("\n"), rows: places.row + 1 };
}

/** The longest start of a text, with its end, where names differ most, that fits. */
export function cut(text: string, fits: (text: string) => boolean): string {
  const safe = harmless(text);
  const letters = [...safe];
  if (letters.length < 200 && fits(safe)) return safe;
  const end = letters.slice(-30).join("");
  let kept = Math.min(letters.length - 30, 170);
  while (kept > 0 && !fits(`${letters.slice(0, kept).join("")}…${end}`)) kept--;
  return `${letters.slice(0, Math.max(0, kept)).join("")}…${end}`;
}

/** A text of somebody else's, which XML takes for nothing but text. */
export function escaped(text: string): string {
  return harmless(text)
    .replace(/[\ud800-\udfff\ufffe\uffff]/gu, "\ufffd")
    .replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
