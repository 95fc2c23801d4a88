/** A new Idempotency-Key. `crypto.randomUUID` exists on secure pages only, random bytes everywhere. */
export function newRequestKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
