/** What is kept on this device under `key`; undefined without anything that can be read. */
export function readDevice(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') ?? undefined;
  } catch {
    // Storage is forbidden, or holds what this page did not write: the page works without it.
    return undefined;
  }
}

/** Keeps `value` on this device, where that is allowed. */
export function writeDevice(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // As above.
  }
}
