/**
 * Copies a text; false where the browser does not let us.
 *
 * @param within something that takes the focus: what lies behind a modal dialog does not
 */
export async function copyText(text: string, within: Node): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // TensorBoard is often reached over plain HTTP, where there is no clipboard interface: the old
    // way needs a selection in the document itself.
    const area = document.createElement("textarea");
    const { activeElement } = document;
    area.value = text;
    within.appendChild(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (activeElement instanceof HTMLElement) activeElement.focus();
    return copied;
  }
}
