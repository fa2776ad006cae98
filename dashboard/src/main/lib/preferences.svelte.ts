import { readDevice, writeDevice } from './device';

export type Language = 'ko' | 'en';
export type Theme = 'system' | 'light' | 'dark';
/** Colours of a rise and a fall: Korean (red, blue) or Western (green, red). */
export type Colours = 'korean' | 'western';

interface Stored {
  language: Language;
  theme: Theme;
  colours: Colours;
  /** Name of the one that was shown last. */
  watchlist: string;
  /** The symbol that was shown last. */
  symbol: string;
}

const KEY = 'kis-gateway.preferences';

function load(): Stored {
  const first: Stored = {
    language: navigator.language.startsWith('ko') ? 'ko' : 'en',
    theme: 'system',
    colours: 'korean',
    watchlist: '',
    symbol: '',
  };
  return { ...first, ...(readDevice(KEY) as Partial<Stored> | undefined) };
}

/** What a person chose on this device. */
class Preferences {
  private readonly stored = load();
  language = $state<Language>(this.stored.language);
  theme = $state<Theme>(this.stored.theme);
  colours = $state<Colours>(this.stored.colours);
  watchlist = $state<string>(this.stored.watchlist);
  symbol = $state<string>(this.stored.symbol);

  save(): void {
    const stored: Stored = {
      language: this.language,
      theme: this.theme,
      colours: this.colours,
      watchlist: this.watchlist,
      symbol: this.symbol,
    };
    writeDevice(KEY, stored);
  }
}

export const preferences = new Preferences();
