/**
 * Copies a text.
 *
 * @param within something that takes the focus: what lies behind a modal dialog does not
 */
export async function copy(text: string, within: Node): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // TensorBoard is often reached over plain HTTP, where there is no clipboard interface: the old
    // way needs a selection in the document itself.
    const area = document.createElement("textarea");
    area.value = text;
    within.appendChild(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
