/** Does `work` now and every so often from then on; returns what ends it, as an effect of a component does. */
export function repeat(everyMs: number, work: () => unknown): () => void {
  work();
  const timer = setInterval(work, everyMs);
  return () => clearInterval(timer);
}
