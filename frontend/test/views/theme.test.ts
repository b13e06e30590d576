import { describe, expect, test } from "vitest";
import { regionsOf } from "../../src/model/cross-section";
import { colour, mark } from "../../src/model/selection";
import { page } from "../../src/views/theme";

type Rgb = readonly [number, number, number];
type Theme = { readonly [name: string]: Rgb };

const [, light = "", dark = ""] = /:root \{(.*?)\}.*?dark"\] \{(.*?)\}/s.exec(page.cssText) ?? [];
const colours = (block: string): Theme =>
  Object.fromEntries(
    [...block.matchAll(/--([\w-]+): #([0-9a-f]{6});/g)].map(([, name = "", hex = ""]) => [
      name,
      [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Rgb,
    ]),
  );
const THEMES: readonly [string, Theme][] = [
  ["light", colours(light)],
  ["dark", colours(dark)],
];

/** Without gamma. */
function linear(level: number): number {
  return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
}

/** The contrast of two colours, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: Rgb, b: Rgb): number {
  const luminance = (rgb: Rgb) => {
    const [r, g, b] = rgb.map(linear) as unknown as Rgb;
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** How the three kinds of dichromats see linear RGB, after Viénot et al. 1999 and, for tritanopia,
 * Machado et al. 2009, https://doi.org/10.1109/TVCG.2009.113 (severity 1). */
const BLINDNESSES = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;

/** A colour in CIE L*a*b* as such an eye sees it. */
function seen(rgb: Rgb, matrix: readonly Rgb[]): Rgb {
  const from = rgb.map(linear);
  const [r, g, b] = matrix.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, x, i) => sum + x * (from[i] as number), 0),
      ),
    ),
  ) as unknown as Rgb;
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const apart = (a: Rgb, b: Rgb) => Math.hypot(...a.map((level, i) => level - (b[i] as number)));

describe.each(THEMES)("in the %s theme", (_, theme) => {
  const of = (name: string) => theme[name] as Rgb;
  const GROUNDS = ["surface", "page", "raised"];

  test.each(["text", "muted"])("%s is read on every ground", (name) => {
    for (const ground of GROUNDS) expect(contrast(of(name), of(ground))).toBeGreaterThan(4.5);
  });

  test.each(["flipped", "right", "wrong"])("%s is read on its own ground", (name) => {
    expect(contrast(of(name), of(`${name}-surface`))).toBeGreaterThan(4.5);
  });

  const drawn = ["accent", "control", ...[0, 1, 2, 3, 4, 5, 6].map((n) => `run-${n}`)];
  test.each(drawn.filter((name) => name in theme))("%s is made out on every ground", (name) => {
    for (const ground of GROUNDS) expect(contrast(of(name), of(ground))).toBeGreaterThan(3);
  });

  test.each(Object.entries(BLINDNESSES))(
    "with %s, runs are told apart by colour or shape",
    (_, eye) => {
      const runs = Array.from({ length: 12 }, (_, place) => ({
        lab: seen(of(colour(place).slice(2)), eye as unknown as readonly Rgb[]),
        mark: mark(place),
      }));
      for (const [i, one] of runs.entries()) {
        for (const other of runs.slice(i + 1)) {
          // 2.3 is what one just notices of two patches side by side; lines are thin and far apart.
          if (one.mark === other.mark) expect(apart(one.lab, other.lab)).toBeGreaterThan(10);
        }
      }
    },
  );

  test.each(Object.entries(BLINDNESSES))(
    "with %s, the classes of a cross-section are told apart by colour",
    (_, eye) => {
      const labels = [0, 1, 2, 3, 4, 5, 6, 7, 8];
      const cells = { side: 3, epsilon: 1, labels, shares: labels.map(() => 1) };
      const seenAs = regionsOf(cells, 0).map(({ colour }) =>
        seen(of(colour.slice(2)), eye as unknown as readonly Rgb[]),
      );
      for (const [i, one] of seenAs.entries()) {
        for (const other of seenAs.slice(i + 1)) {
          // Side by side; a line and a number tell them apart, too.
          expect(apart(one, other)).toBeGreaterThan(2.3);
        }
      }
      for (const [i, one] of seenAs.slice(0, 4).entries()) {
        for (const other of seenAs.slice(i + 1, 4)) expect(apart(one, other)).toBeGreaterThan(10);
      }
    },
  );
});

test("21 runs have a mark that no other has", () => {
  const marks = Array.from({ length: 21 }, (_, place) => `${colour(place)} ${mark(place)}`);
  expect(new Set(marks).size).toBe(21);
});
