import { describe, expect, test } from "vitest";
import golden from "../../../tests/golden/cross-section.json";
import { english } from "../../src/i18n/english";
import {
  anchorsOf,
  beginnings,
  bordersOf,
  type Cells,
  cellsOf,
  columnAt,
  layersOf,
  middleOf,
  moved,
  placeText,
  regionsOf,
  toldAt,
} from "../../src/model/cross-section";
import type { CrossSection } from "../../src/model/record";
import { type SectionDrawing, sectionSvg } from "../../src/model/section-svg";

const section = golden.section as unknown as CrossSection;
const LEVELS = golden.levels.flatMap((level, i) => (i % 3 === 2 ? [level, 255] : [level]));

function square(rows: readonly (readonly number[])[], share = 1): Cells {
  const labels = [...rows].reverse().flat();
  return { side: rows.length, epsilon: 0.3, labels, shares: labels.map(() => share) };
}

describe("a record's cross-section", () => {
  const cells = cellsOf(section, golden.epsilon, LEVELS) as Cells;

  test("is read as Python reads it", () => {
    expect(cells.labels).toEqual(golden.classes);
    expect(cells.shares).toEqual(golden.probabilities);
    const along = [0, 1, 2].map((column) => toldAt(cells, { column, row: 0 }).along);
    expect(along).toEqual(golden.axis);
    expect([0, 1, 2].map((row) => toldAt(cells, { column: 0, row }).across)).toEqual(golden.axis);
    expect(toldAt(cells, middleOf(cells))).toMatchObject({ label: 2, along: 0, across: 0 });
  });

  test("whose picture names a class that is not there is damaged", () => {
    expect(cellsOf({ ...section, classes: [2, 1] }, 0.1, LEVELS)).toBeNull();
    const high = LEVELS.map((level, i) => (i === 1 ? 1 : level));
    expect(cellsOf(section, 0.1, high)).toBeNull();
  });
});

test("keys stay within the square", () => {
  const cells = square([
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 1],
  ]);
  expect(moved(cells, { column: 1, row: 1 }, 1, -1)).toEqual({ column: 2, row: 0 });
  expect(moved(cells, { column: 2, row: 0 }, 1, -1)).toEqual({ column: 2, row: 0 });
});

test("another class begins where it does on the axes, and nowhere else", () => {
  const own = [1, 1, 1, 1, 1];
  const begins = beginnings(square([[1, 2, 1, 1, 1], own, [2, 2, 1, 1, 3], own, [1, 1, 4, 1, 1]]));
  expect(begins.along).toBeCloseTo(0.3);
  expect(begins.across).toBeCloseTo(0.3);
  expect(beginnings(square([own, own, [2, 2, 1, 1, 1], own, own]))).toEqual({
    along: null,
    across: null,
  });
  expect(beginnings(square([own, own, [1, 1, 1, 5, 1], own, own])).along).toBeCloseTo(0.15);
});

test("places are told with their sign", () => {
  expect(placeText(0, false)).toBe("0");
  expect(placeText(-2 / 255, false)).toBe("−2/255");
  expect(placeText(0.3, true)).toBe("0.3");
});

test("the true class has its own colour, five others theirs, and the rest a grey", () => {
  const labels = [...Array(9).fill(4), ...[1, 1, 1, 2, 2, 3, 3, 5, 5, 6, 6, 7, 7, 8, 9, 9]];
  const cells: Cells = { side: 5, epsilon: 1, labels, shares: labels.map(() => 1) };
  const regions = regionsOf(cells, 9);
  expect(regions.map(({ label }) => label)).toEqual([4, 1, 2, 3, 5, 9, null]);
  expect(regions.find(({ label }) => label === 9)?.colour).toBe("--run-2");
  expect(regions.at(-1)).toMatchObject({ classes: 3, colour: "--run-6", area: 5 / 25 });
  expect(new Set(regions.map(({ colour }) => colour)).size).toBe(7);
  expect(regions.reduce((sum, { area }) => sum + area, 0)).toBeCloseTo(1);
});

/** Which cells a path covers, as "x,y". */
function covered(path: string): string[] {
  return [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)].flatMap(([, x, y, width]) =>
    Array.from({ length: Number(width) }, (_, i) => `${Number(x) + i},${y}`),
  );
}

test("the layers cover each cell once, the surer the stronger, and up is up", () => {
  const cells: Cells = {
    ...{ side: 3, epsilon: 1, labels: [1, 1, 2, 1, 1, 1, 3, 3, 1] },
    shares: [0.1, 0.1, 1, 0.1, 0.5, 1, 1, 1, 1],
  };
  const layers = layersOf(cells, regionsOf(cells, 1));
  const all = layers.flatMap(({ path }) => covered(path));
  expect(all).toHaveLength(9);
  expect(new Set(all).size).toBe(9);
  const at = (cell: string) => layers.find(({ path }) => covered(path).includes(cell));
  expect(at("2,2")).toMatchObject({ region: 2, strength: 1 });
  expect(at("0,0")).toMatchObject({ region: 1, strength: 1 });
  expect(at("0,2")?.strength).toBeCloseTo(0.28);
  expect(at("1,1")?.strength).toBeCloseTo(0.6);
});

test("lines run between cells of different classes alone", () => {
  const cells = square([
    [1, 1, 2],
    [1, 1, 1],
    [1, 1, 1],
  ]);
  expect(bordersOf(cells)).toBe("M2 1h1M2 0v1");
});

test("a number stands within its class and beside the marks", () => {
  const side = 25;
  const rows = Array.from({ length: side }, (_, y) =>
    Array.from({ length: side }, (_, x) => (x === 3 && y === 3 ? 7 : x > 15 ? 2 : 1)),
  );
  const cells = square(rows);
  const regions = regionsOf(cells, 1);
  const anchors = anchorsOf(cells, regions);
  expect(anchors.map(({ region }) => regions[region]?.label)).toEqual([1, 2]);
  for (const { region, x, y } of anchors) {
    expect(rows[Math.floor(y)]?.[Math.floor(x)]).toBe(regions[region]?.label);
    expect(Math.abs(y - side / 2)).toBeGreaterThan(2);
  }
});

test("an epsilon lies as far right of the middle as it is of the largest", () => {
  const cells = square([
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 1],
  ]);
  expect([0, 0.15, 0.3].map((epsilon) => columnAt(cells, epsilon))).toEqual([1.5, 2, 2.5]);
});

test("the picture for a paper is well-formed and names all classes", () => {
  const cells = cellsOf(section, golden.epsilon, LEVELS) as Cells;
  const regions = regionsOf(cells, 2);
  const drawing: SectionDrawing = {
    ...{ cells, regions, layers: layersOf(cells, regions), borders: bordersOf(cells) },
    ...{ title: 'a <b> & "c"', says: ["It is so.", "And so."], note: "#0 · run · fgsm" },
    ...{ names: ["kite", "<cannon>", "고양이"], epsilons: [0.5 / 255, 0.007], decimals: false },
    words: english,
  };
  const svg = sectionSvg(
    drawing,
    (variable) => `colour-of${variable}`,
    (text) => text.length,
  );
  for (const text of [
    "a &#60;b&#62;",
    "kite 66.7",
    "&#60;cannon&#62;",
    "고양이",
    "It is so.",
    "And so.",
    "run",
  ])
    expect(svg).toContain(text);
  expect(svg).not.toContain("<cannon>");
  expect(svg.match(/<circle/g)).toHaveLength(4);
  expect(svg).toContain('fill="colour-of--run-2"');
});
