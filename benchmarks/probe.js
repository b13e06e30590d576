// Runs in the plugin's frame before the dashboard does, and measures what a reader would see there.
window.probe = (() => {
  const everywhere = (root, selector) => {
    const found = [...root.querySelectorAll(selector)];
    for (const { shadowRoot } of root.querySelectorAll("*")) {
      if (shadowRoot) found.push(...everywhere(shadowRoot, selector));
    }
    return found;
  };
  const inSight = (element) => {
    const { top, bottom, height } = element.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight;
  };
  const ADVERSARIAL = 'canvas[data-kind="adversarial"]';
  const clock = () => performance.timeOrigin + performance.now();
  const probe = { clock, began: performance.timeOrigin, first: null };

  // What was drawn before this callback is painted at the end of its frame, if it is not already.
  const watch = () => {
    const painted = everywhere(document, `${ADVERSARIAL}[data-epsilon]`).some(inSight);
    if (!painted) requestAnimationFrame(watch);
    else setTimeout(() => (probe.first = top.probe.first = clock()));
  };
  if (window !== top) watch();

  let running = null;
  /** Notes each frame: when it began, the epsilon it showed, and, if asked, how many cards. */
  probe.start = (counting = false) => {
    const canvas = everywhere(document, ADVERSARIAL).find(inSight);
    const frames = [];
    running = frames;
    const frame = (began) => {
      if (running !== frames) return;
      frames.push([began, canvas?.dataset.epsilon ?? null, counting ? probe.cards() : null]);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  probe.stop = () => {
    const frames = running;
    running = null;
    return frames;
  };

  /** How many cards are in sight, and how many of them are painted. */
  probe.cards = () => {
    const cards = everywhere(document, "fgsm-card").filter(inSight);
    const painted = cards.filter(
      (card) => everywhere(card.shadowRoot, `${ADVERSARIAL}[data-epsilon]`).length > 0,
    );
    return [cards.length, painted.length];
  };

  /** Opens a card's sample, and returns how many milliseconds later its three pictures are painted. */
  probe.open = async (card) => {
    if (everywhere(document, "fgsm-sample-pictures").length > 0) throw Error("one is open");
    const began = performance.now();
    everywhere(document, "fgsm-card").filter(inSight)[card].shadowRoot.querySelector("canvas").click();
    const painted = (canvas) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d").getImageData(width >> 1, height >> 1, 1, 1);
      return data[3] > 0;
    };
    for (let shown = []; shown.length < 3 || !shown.every(painted); ) {
      await new Promise(requestAnimationFrame);
      const [pictures] = everywhere(document, "fgsm-sample-pictures");
      shown = pictures ? [...pictures.shadowRoot.querySelectorAll("canvas")] : [];
    }
    // Drawn in this frame, it is painted at its end.
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
    return performance.now() - began;
  };

  /** How far the reader has got: the furthest sample in sight, counted from 1. */
  probe.reached = () => {
    const cards = everywhere(document, "[data-sample]").filter(inSight);
    return 1 + Math.max(...cards.map((card) => Number(card.dataset.sample)));
  };
  return probe;
})();
