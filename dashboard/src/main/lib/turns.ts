let last: Promise<unknown> = Promise.resolve();

/** Does `work` after all that was asked for before it: what can wait does not take the call budget from what cannot. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work, work);
  last = result.catch(() => undefined);
  return result;
}
