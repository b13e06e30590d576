import type { ReactiveControllerHost } from "lit";

/**
 * Calls back when an element has another size, and once at first, for as long as it is in the page.
 * What is returned may observe others, too; these anew each time the element comes into the page.
 */
export function onResize(
  element: ReactiveControllerHost & Element,
  callback: () => void,
): ResizeObserver {
  const observer = new ResizeObserver(callback);
  element.addController({
    hostConnected: () => observer.observe(element),
    hostDisconnected: () => observer.disconnect(),
  });
  return observer;
}
