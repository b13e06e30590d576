import type { ReactiveControllerHost } from "lit";

/**
 * Calls back when an element has another size or the window another pixel ratio, as on another screen,
 * and once at first, for as long as it is in the page. What is returned may observe others, too; these
 * anew each time the element comes into the page.
 */
export function onResize(
  element: ReactiveControllerHost & Element,
  callback: () => void,
): ResizeObserver {
  const observer = new ResizeObserver(callback);
  let ratio: MediaQueryList | null = null;
  const watch = () => {
    ratio = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    ratio.addEventListener("change", changed, { once: true });
  };
  const changed = () => {
    watch();
    callback();
  };
  element.addController({
    hostConnected: () => {
      observer.observe(element);
      watch();
    },
    hostDisconnected: () => {
      observer.disconnect();
      ratio?.removeEventListener("change", changed);
    },
  });
  return observer;
}
