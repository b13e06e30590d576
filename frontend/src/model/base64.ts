// Bytes as text.

/** The bytes that a text in base64 stands for. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  // A browser that does not know it yet takes a letter at a time.
  if (!Uint8Array.fromBase64) return Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  return Uint8Array.fromBase64(base64);
}
