import { SvelteMap } from 'svelte/reactivity';
import { get, type Schemas } from '../lib/api';
import { preferences } from '../lib/preferences.svelte';

type Named = Pick<Schemas['Instrument'], 'name' | 'name_en'>;

/** Names of the instruments on the page, each read once. */
class Names {
  private readonly known = new SvelteMap<string, Named>();
  private readonly asked = new Set<string>();

  /** Reads the name of a symbol that will be shown. */
  want(symbol: string): void {
    if (this.asked.has(symbol)) return;
    this.asked.add(symbol);
    get<Schemas['Instrument']>(`/v1/instruments/${encodeURIComponent(symbol)}`).then(
      (instrument) => this.known.set(symbol, instrument),
      // The code stays as the name; the next visit asks again.
      () => this.asked.delete(symbol),
    );
  }

  /** The name in the language of the page, or the code. */
  of(symbol: string): string {
    const instrument = this.known.get(symbol);
    return (preferences.language === 'en' ? instrument?.name_en : undefined) ?? instrument?.name ?? symbol;
  }
}

export const names = new Names();
