import { type Cloud, markOf, type PointState, pointState, type Scale } from "../model/embedding";
import { markPath } from "../model/marks";

/** The colours of a scatter, as the stylesheet has them. */
export interface Inks {
  readonly surface: string;
  readonly hairline: string;
  readonly flipped: string;
  readonly line: string;
  /** By the name of a class's variable. */
  readonly colour: (name: string) => string;
}

/** What is drawn of a cloud, apart from where epsilon is. */
export interface Scene {
  readonly cloud: Cloud;
  readonly scale: Scale;
  readonly inks: Inks;
  readonly width: number;
  readonly height: number;
  /** The only class that is not faint; null for all. */
  readonly label: number | null;
}

/** A point's radius, and half of what its picture takes, in CSS pixels. */
export const RADIUS = 3.6;
const HALF = 7;
/** How much is left of the other classes' points. */
const FAINT = 0.14;

/**
 * Draws samples as points at an epsilon, fast enough for each frame of a drag: what does not depend on
 * epsilon, the paths, and a point of each class and state, are drawn once and then copied.
 */
export class Scatter {
  #scene: Scene | null = null;
  #ratio = 1;
  #paths: HTMLCanvasElement | null = null;
  readonly #stamps = new Map<string, HTMLCanvasElement>();

  /** Takes what is to be drawn from now on. */
  prepare(scene: Scene): void {
    this.#scene = scene;
    this.#ratio = devicePixelRatio;
    this.#stamps.clear();
    this.#paths = this.#drawn(scene.width, scene.height, (context) => drawPaths(context, scene));
  }

  /**
   * @param at where the samples are on the canvas, x and y of each, in CSS pixels
   * @param marked the point that is looked at, if one is
   */
  draw(canvas: HTMLCanvasElement, epsilon: number, at: Float64Array, marked: number | null): void {
    const scene = this.#scene;
    if (!scene || !this.#paths) return;
    const { cloud, label, width, height } = scene;
    resize(canvas, width, height, this.#ratio);
    const context = canvas.getContext("2d");
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.#paths, 0, 0);
    const faint = (i: number) => label !== null && cloud.labels[i] !== label;
    if (label !== null) {
      context.globalAlpha = FAINT;
      for (let i = 0; i < cloud.count; i++) if (faint(i)) this.#stamp(context, i, epsilon, at);
      context.globalAlpha = 1;
    }
    for (let i = 0; i < cloud.count; i++) if (!faint(i)) this.#stamp(context, i, epsilon, at);
    if (marked === null) return;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    drawMarked(context, scene, marked, at);
    context.setTransform(1, 0, 0, 1, 0, 0);
    this.#stamp(context, marked, epsilon, at);
  }

  #stamp(context: CanvasRenderingContext2D, i: number, epsilon: number, at: Float64Array): void {
    const scene = this.#scene as Scene;
    const stamp = this.#stampOf(scene, i, pointState(scene.cloud, i, epsilon));
    context.drawImage(
      stamp,
      Math.round(((at[2 * i] as number) - HALF) * this.#ratio),
      Math.round(((at[2 * i + 1] as number) - HALF) * this.#ratio),
    );
  }

  #stampOf({ cloud, inks }: Scene, i: number, state: PointState): HTMLCanvasElement {
    const label = cloud.labels[i] as number;
    const key = `${label} ${state}`;
    let stamp = this.#stamps.get(key);
    if (!stamp) {
      const { colour, mark } = markOf(cloud, label);
      const path = new Path2D(markPath(mark, HALF, HALF, RADIUS));
      stamp = this.#drawn(2 * HALF, 2 * HALF, (context) =>
        drawPoint(context, path, state, inks.colour(colour), inks),
      );
      this.#stamps.set(key, stamp);
    }
    return stamp;
  }

  #drawn(
    width: number,
    height: number,
    draw: (context: CanvasRenderingContext2D) => void,
  ): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    resize(canvas, width, height, this.#ratio);
    const context = canvas.getContext("2d");
    context?.scale(this.#ratio, this.#ratio);
    if (context) draw(context);
    return canvas;
  }
}

/** Gives a canvas the screen's own resolution. */
function resize(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
}

/** A point that is right is filled; one that is not is hollow, and dotted where it has flipped. */
function drawPoint(
  context: CanvasRenderingContext2D,
  path: Path2D,
  state: PointState,
  colour: string,
  { surface, flipped }: Inks,
): void {
  context.fillStyle = state === "right" ? colour : surface;
  context.fill(path);
  context.lineWidth = state === "right" ? 1 : 1.6;
  context.strokeStyle = state === "right" ? surface : colour;
  context.stroke(path);
  if (state !== "flipped") return;
  context.fillStyle = flipped;
  context.beginPath();
  context.arc(HALF, HALF, 1.5, 0, 2 * Math.PI);
  context.fill();
}

/** Where both components are 0, and each sample's path from clean to the largest epsilon. */
function drawPaths(context: CanvasRenderingContext2D, scene: Scene): void {
  const { cloud, scale, inks, width, height, label } = scene;
  context.strokeStyle = inks.hairline;
  context.beginPath();
  const [x, y] = [Math.round(scale.x(0)) + 0.5, Math.round(scale.y(0)) + 0.5];
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.stroke();
  context.globalAlpha = cloud.count > 200 ? 0.22 : 0.4;
  context.lineWidth = 1;
  for (const each of cloud.classes) {
    if (label !== null && each !== label) continue;
    context.strokeStyle = inks.colour(markOf(cloud, each).colour);
    context.beginPath();
    for (let i = 0; i < cloud.count; i++) if (cloud.labels[i] === each) trace(context, scene, i);
    context.stroke();
  }
}

/** The path of one sample, with a dot at each logged epsilon, and a ring around where it is. */
function drawMarked(
  context: CanvasRenderingContext2D,
  scene: Scene,
  i: number,
  at: Float64Array,
): void {
  const { cloud, inks, scale } = scene;
  context.strokeStyle = inks.line;
  context.fillStyle = inks.line;
  context.lineWidth = 1.5;
  context.beginPath();
  trace(context, scene, i);
  context.stroke();
  for (const k of cloud.epsilons.keys()) {
    const [x, y] = placeOf(cloud, k, i);
    context.beginPath();
    context.arc(scale.x(x), scale.y(y), 1.8, 0, 2 * Math.PI);
    context.fill();
  }
  context.beginPath();
  context.arc(at[2 * i] as number, at[2 * i + 1] as number, HALF, 0, 2 * Math.PI);
  context.stroke();
}

function trace(context: CanvasRenderingContext2D, { cloud, scale }: Scene, i: number): void {
  for (const k of cloud.epsilons.keys()) {
    const [x, y] = placeOf(cloud, k, i);
    if (k === 0) context.moveTo(scale.x(x), scale.y(y));
    else context.lineTo(scale.x(x), scale.y(y));
  }
}

function placeOf({ count, places }: Cloud, k: number, i: number): [number, number] {
  const at = 2 * (k * count + i);
  return [places[at] as number, places[at + 1] as number];
}
