// One zoom and pan for several pictures of one size, each in a box of one size: what lies where. Pure
// functions, in CSS pixels of the box.

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Zoom {
  /** How many times as large as where the whole picture just fits into the box. */
  readonly factor: number;
  /** What of the picture is in the middle of the box, as shares of its width and height. */
  readonly x: number;
  readonly y: number;
}

/** The pictures and the boxes that they are seen through. */
export interface Frame {
  readonly picture: Size;
  readonly box: Size;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

/** The whole picture. */
export const WHOLE: Zoom = { factor: 1, x: 0.5, y: 0.5 };

/** At the closest, a pixel of the picture is so many CSS pixels. */
const CLOSEST = 48;

/** Where a picture lies in its box. */
export interface Placed {
  readonly left: number;
  readonly top: number;
  /** CSS pixels per pixel of the picture. */
  readonly scale: number;
}

/** A whole factor is taken where it leaves no more than a tenth of the room. */
const ENOUGH = 0.9;

/** The scale at which the whole picture is seen. */
function whole({ picture, box, ratio }: Frame): number {
  const free = Math.min(box.width / picture.width, box.height / picture.height) * ratio;
  const even = Math.floor(free);
  return Math.max(even >= ENOUGH * free ? even : free, 1e-3) / ratio;
}

export function place(frame: Frame, zoom: Zoom): Placed {
  const { picture, box } = frame;
  const scale = whole(frame) * zoom.factor;
  return {
    left: box.width / 2 - zoom.x * picture.width * scale,
    top: box.height / 2 - zoom.y * picture.height * scale,
    scale,
  };
}

/** Zooms by a factor about a point of the box, which stays where it is as far as may be. */
export function zoomed(frame: Frame, zoom: Zoom, by: number, about: Point): Zoom {
  const { picture, box } = frame;
  const before = place(frame, zoom);
  const most = Math.max(1, CLOSEST / whole(frame));
  const factor = Math.min(most, Math.max(1, zoom.factor * by));
  const scale = whole(frame) * factor;
  const [x, y] = [(about.x - before.left) / before.scale, (about.y - before.top) / before.scale];
  return within(frame, {
    factor,
    x: (x + (box.width / 2 - about.x) / scale) / picture.width,
    y: (y + (box.height / 2 - about.y) / scale) / picture.height,
  });
}

/** Moves the picture under its box, as a hand that holds it does. */
export function panned(frame: Frame, zoom: Zoom, by: Point): Zoom {
  const { width, height } = frame.picture;
  const { scale } = place(frame, zoom);
  return within(frame, {
    ...zoom,
    x: zoom.x - by.x / (width * scale),
    y: zoom.y - by.y / (height * scale),
  });
}

/** Moves the picture just so far that one of its pixels is in sight. */
export function revealing(frame: Frame, zoom: Zoom, pixel: Point): Zoom {
  const { box } = frame;
  const { left, top, scale } = place(frame, zoom);
  const over = (at: number, size: number) => Math.max(0, -at) - Math.max(0, at + scale - size);
  const x = over(left + pixel.x * scale, box.width);
  const y = over(top + pixel.y * scale, box.height);
  return x === 0 && y === 0 ? zoom : panned(frame, zoom, { x, y });
}

/** The pixel of the picture at a point of the box; null beside the picture. */
export function pixelAt(frame: Frame, zoom: Zoom, at: Point): Point | null {
  const { left, top, scale } = place(frame, zoom);
  const [x, y] = [Math.floor((at.x - left) / scale), Math.floor((at.y - top) / scale)];
  const { width, height } = frame.picture;
  return x >= 0 && y >= 0 && x < width && y < height ? { x, y } : null;
}

/** No box looks past the picture's edge while the picture is larger; else it is in the middle. */
function within(frame: Frame, zoom: Zoom): Zoom {
  const { picture, box } = frame;
  const scale = whole(frame) * zoom.factor;
  const kept = (at: number, size: number, room: number) => {
    const margin = room / 2 / (size * scale);
    return margin >= 0.5 ? 0.5 : Math.min(1 - margin, Math.max(margin, at));
  };
  return {
    factor: zoom.factor,
    x: kept(zoom.x, picture.width, box.width),
    y: kept(zoom.y, picture.height, box.height),
  };
}
