import { get, request, type Schemas } from './api';
import { preferences } from './preferences.svelte';

/** Symbols that a new user sees. */
const FIRST: readonly string[] = ['005930', '000660', '373220', '207940', '005380', '035420', '000270', '068270'];
const FIRST_NAME = { ko: '관심 종목', en: 'Watchlist' } as const;
const SYMBOLS_MAX = 500;

/** The caller's watchlists, kept by the gateway. */
class Watchlists {
  /** Symbols by name, in the order of the gateway. */
  all = $state.raw<ReadonlyMap<string, readonly string[]>>(new Map());
  name = $state('');
  readonly symbols = $derived(this.all.get(this.name) ?? []);
  loaded = $state(false);

  /** Reads them, and creates the first one. */
  async load(): Promise<void> {
    const { watchlists } = await get<Schemas['Watchlists']>('/v1/watchlists');
    this.all = new Map(watchlists.map((list) => [list.name, list.symbols]));
    if (this.all.size === 0) await this.save(FIRST_NAME[preferences.language], await this.listed(FIRST));
    const last = preferences.watchlist;
    this.name = this.all.has(last) ? last : ([...this.all.keys()][0] ?? '');
    this.loaded = true;
  }

  /** Those of the symbols that this gateway lists and this caller may see. */
  private async listed(symbols: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(
      symbols.map((symbol) =>
        get<Schemas['Instrument']>(`/v1/instruments/${symbol}`).then(
          () => symbol,
          () => undefined,
        ),
      ),
    );
    return found.filter((symbol) => symbol !== undefined);
  }

  choose(name: string): void {
    this.name = name;
    preferences.watchlist = name;
  }

  /** Creates or replaces a list. What the gateway refuses is not shown. */
  async save(name: string, symbols: readonly string[]): Promise<void> {
    const saved = await request<Schemas['Watchlist']>('PUT', `/v1/watchlists/${encodeURIComponent(name)}`, {
      body: { symbols: symbols.slice(0, SYMBOLS_MAX) },
    });
    this.all = new Map([...this.all, [saved.name, saved.symbols] as const].sort(([a], [b]) => a.localeCompare(b)));
  }

  async add(symbol: string): Promise<void> {
    if (!this.symbols.includes(symbol)) await this.save(this.name, [...this.symbols, symbol]);
  }

  async remove(symbol: string): Promise<void> {
    await this.save(
      this.name,
      this.symbols.filter((other) => other !== symbol),
    );
  }

  /** Moves a symbol up or down by one place. */
  async move(symbol: string, by: -1 | 1): Promise<void> {
    const symbols = [...this.symbols];
    const from = symbols.indexOf(symbol);
    const to = from + by;
    if (from < 0 || to < 0 || to >= symbols.length) return;
    symbols.splice(from, 1);
    symbols.splice(to, 0, symbol);
    await this.save(this.name, symbols);
  }

  async delete(name: string): Promise<void> {
    await request('DELETE', `/v1/watchlists/${encodeURIComponent(name)}`);
    this.all = new Map([...this.all].filter(([other]) => other !== name));
    if (this.name === name) this.choose([...this.all.keys()][0] ?? '');
  }
}

export const watchlists = new Watchlists();

/** The symbols in a text: one a line or separated by commas, the first column of a table. */
export function symbolsIn(text: string): readonly string[] {
  const found = new Set<string>();
  for (const part of text.split(/[\n\r;,\t]+/)) {
    const word = part.trim().replace(/^["'A]*(?=\d{6}\b)|["']/g, '');
    // 005930, 0001A0, 00104K; AAPL, BRK-B, NVDA.NASD
    if (/^\d{4}[0-9A-Z]{2}$|^[A-Z][A-Z0-9-]{0,9}(\.[A-Z]{2,4})?$/.test(word)) found.add(word);
  }
  return [...found];
}
