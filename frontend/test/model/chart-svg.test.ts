import { expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import { makeAxis } from "../../src/model/axis";
import { AXIS_WIDTH, chartSvg, type Drawing, type Line } from "../../src/model/chart-svg";
import type { Record } from "../../src/model/record";

const record: Record = {
  ...(golden as unknown as Record),
  epsilons: [1 / 255, 2 / 255, 4 / 255],
  clean_accuracy: 1,
  robust_accuracy: [0.75, 0.5, 0],
  control_accuracy: [1, 1, 0.9],
  reference_accuracy: null,
};
const line = (name: string, focused = false): Line => ({
  ...{ name, focused, record, colour: "#db6300", mark: "square" },
});
const axis = makeAxis(record.epsilons, "log");

function drawn(lines: Line[], more: Partial<Drawing> = {}): string {
  return chartSvg({
    title: "Robust accuracy · fgsm",
    ...{ lines, axis, epsilon: 2 / 255, marks: axis.ticks, labels: ["0", "1", "2", "4"] },
    words: {
      robustAccuracy: "Robust accuracy",
      randomNoise: "Random noise",
      plainFgsm: "Under plain FGSM",
      stronger: "Stronger attack",
      whereFlips: "Where samples flip",
    },
    widthOf: (text, size) => text.length * size * 0.5,
    ...more,
  });
}

const points = (svg: string) =>
  [...svg.matchAll(/class="line" points="([^"]*)"/g)].map(([, points = ""]) =>
    points.split(" ").map((point) => point.split(",").map(Number)),
  );

test("each run is a line with a point at 0 and at each logged epsilon, on the page's axis", () => {
  const lines = points(drawn([line("a", true), line("b")]));
  expect(lines).toHaveLength(2);
  const [left = 0, top = 0] = lines[0]?.[0] ?? [];
  const [right = 0, bottom = 0] = lines[0]?.at(-1) ?? [];
  expect(right - left).toBe(AXIS_WIDTH);
  for (const [i, epsilon] of axis.ticks.entries()) {
    const share = [1, 0.75, 0.5, 0][i] as number;
    const [x = 0, y = 0] = lines[0]?.[i] ?? [];
    expect(x).toBeCloseTo(left + axis.place(epsilon) * AXIS_WIDTH, 1);
    expect(y).toBeCloseTo(bottom + share * (top - bottom), 1);
  }
});

test("only what the run in focus is compared with is dashed, and told in the legend", () => {
  expect(drawn([line("a"), line("b")])).not.toContain("stroke-dasharray");
  const svg = drawn([line("a", true), line("b")]);
  expect(svg.match(/<polyline[^>]*stroke-dasharray="5 4"/g)).toHaveLength(1);
  expect(svg.match(/>Random noise</g)).toHaveLength(1);
});

test("names are text and nothing else", () => {
  const hostile = `<script>"&'\u202e\u0000\ufffe\ud800`;
  const svg = drawn([line(hostile, true)]);
  expect(svg).not.toContain("<script");
  expect(svg).toContain(`>&#60;script&#62;&#34;&#38;'\ufffd\ufffd\ufffd\ufffd</text>`);
});

test("a name too long for the picture keeps its end, and legends go on in the next row", () => {
  const long = drawn([line(`${"x".repeat(9000)}the-end`)]);
  expect(long.length).toBeLessThan(9000 + drawn([line("x")]).length + 200);
  expect(long).toMatch(/>x+…x+the-end<\/text>/);
  const height = (svg: string) => Number(/height="(\d+)"/.exec(svg)?.[1]);
  const many = Array.from({ length: 9 }, (_, i) => line(`nets/standard-${i}`));
  expect(height(drawn(many))).toBeGreaterThan(height(drawn(many.slice(0, 2))));
});

test("the epsilon of now is a line over the whole height, with its name", () => {
  expect(drawn([line("a")])).toContain(">ε = 2/255</text>");
  const decimals = makeAxis([0.1, 0.3], "linear");
  const svg = drawn([line("a")], { axis: decimals, marks: [0, 0.1, 0.3], epsilon: 0.3 });
  expect(svg).toMatch(/text-anchor="end">ε = 0.3</);
});

test("bars are drawn only where flips were searched for", () => {
  expect(drawn([line("a", true)])).not.toContain("fill-opacity");
  const refined = {
    ...line("a", true),
    record: { ...record, attack: { ...record.attack, refine: 4 } },
  };
  expect(drawn([refined])).toContain("Where samples flip");
});
