import type { Attempt } from './attempt.svelte';

interface Page<T> {
  readonly rows: readonly T[];
  readonly next_cursor: string | null;
}

/** A long list that is read page by page. */
export class Paged<T> {
  rows = $state.raw<readonly T[]>([]);
  loaded = $state(false);
  private cursor = $state<string | null>(null);
  readonly hasMore = $derived(this.cursor !== null);

  /** @param read a page; the first one without a cursor */
  constructor(
    private readonly attempt: Attempt,
    private readonly read: (cursor: string | undefined) => Promise<Page<T>>,
  ) {}

  /** Reads the first page, in place of what is shown. */
  readonly search = (): void => this.load([], undefined);

  /** Reads the next page. */
  readonly more = (): void => this.load(this.rows, this.cursor ?? undefined);

  private load(before: readonly T[], cursor: string | undefined): void {
    void this.attempt.run(async () => {
      const page = await this.read(cursor);
      this.rows = [...before, ...page.rows];
      this.cursor = page.next_cursor;
      this.loaded = true;
    });
  }
}
