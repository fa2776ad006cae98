export type Language = 'ko' | 'en';
export type Theme = 'system' | 'light' | 'dark';
/** Colours of a rise and a fall: Korean (red, blue) or Western (green, red). */
export type Colours = 'korean' | 'western';

interface Stored {
  language: Language;
  theme: Theme;
  colours: Colours;
  watchlist: readonly string[];
}

const KEY = 'kis-gateway.preferences';
const WATCHLIST_MAX = 200;
const FIRST_WATCHLIST = ['005930', '000660', '373220', '207940', '005380', '035420', '000270', '068270'];

function load(): Stored {
  const first: Stored = {
    language: navigator.language.startsWith('ko') ? 'ko' : 'en',
    theme: 'system',
    colours: 'korean',
    watchlist: FIRST_WATCHLIST,
  };
  try {
    return { ...first, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Stored>) };
  } catch {
    // Storage is forbidden, or holds what this page did not write: the page works without it.
    return first;
  }
}

/** What a person chose on this device. */
class Preferences {
  private readonly stored = load();
  language = $state<Language>(this.stored.language);
  theme = $state<Theme>(this.stored.theme);
  colours = $state<Colours>(this.stored.colours);
  watchlist = $state.raw<readonly string[]>(this.stored.watchlist);

  add(symbol: string): void {
    if (!this.watchlist.includes(symbol)) this.watchlist = [...this.watchlist, symbol].slice(-WATCHLIST_MAX);
  }

  remove(symbol: string): void {
    this.watchlist = this.watchlist.filter((other) => other !== symbol);
  }

  save(): void {
    const stored: Stored = {
      language: this.language,
      theme: this.theme,
      colours: this.colours,
      watchlist: this.watchlist,
    };
    try {
      localStorage.setItem(KEY, JSON.stringify(stored));
    } catch {
      // As above.
    }
  }
}

export const preferences = new Preferences();
