/**
 * What a pressed key stands for, and then the browser does nothing by itself; a key together with
 * Ctrl, Alt or Meta is the browser's.
 */
export function keyTarget<T>(
  event: KeyboardEvent,
  targets: { readonly [key: string]: T },
): T | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const target = targets[event.key];
  if (target !== undefined) event.preventDefault();
  return target;
}
