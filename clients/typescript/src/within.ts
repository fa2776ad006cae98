/** What `waited` answers; when it takes longer than `ms`, it is aborted. The time that the caller takes for an answer does not count. */
export async function within<T>(ms: number, abort: AbortController, waited: Promise<T>): Promise<T> {
  const timer = setTimeout(() => abort.abort(), ms);
  try {
    return await waited;
  } finally {
    clearTimeout(timer);
  }
}
