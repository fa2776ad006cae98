export type Currency = 'KRW' | 'USD';

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const DOLLARS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
const PERCENT = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' });
const SEOUL = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Seoul', hour: '2-digit', minute: '2-digit', second: '2-digit' });
const SEOUL_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul' });

/** What is shown where a value is not known. */
export const NONE = '–';

/** A price or an amount, without its unit. */
export function money(value: number | null | undefined, currency: Currency): string {
  if (value === null || value === undefined) return NONE;
  return currency === 'KRW' ? WHOLE.format(value) : DOLLARS.format(value);
}

export function signed(value: number | null | undefined, currency: Currency): string {
  if (value === null || value === undefined) return NONE;
  return value > 0 ? `+${money(value, currency)}` : money(value, currency);
}

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : WHOLE.format(value);
}

export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : `${PERCENT.format(value)}%`;
}

/** An amount of memory or disk. */
export function bytes(value: number): string {
  const steps = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
  let step = 0;
  let shown = value;
  while (shown >= 1024 && step < steps.length - 1) {
    shown /= 1024;
    step++;
  }
  return `${shown.toFixed(step === 0 || shown >= 100 ? 0 : 1)} ${steps[step]}`;
}

/** A part of a whole, without a sign. */
export function share(part: number, whole: number): string {
  return `${(whole > 0 ? (100 * part) / whole : part > 0 ? 100 : 0).toFixed(1)}%`;
}

/** The time of the day in Seoul. */
export function seoulTime(moment: number | string): string {
  return SEOUL.format(new Date(moment));
}

/** A moment in Seoul to the millisecond. */
export function seoulMillis(moment: string): string {
  const milliseconds = new Date(moment).getUTCMilliseconds();
  return `${seoulTime(moment)}.${String(milliseconds).padStart(3, '0')}`;
}

/** A day in Seoul, as 2026-03-02. */
export function seoulDay(moment: number | string): string {
  return SEOUL_DAY.format(new Date(moment));
}

/** A length of time of which milliseconds matter. */
export function duration(milliseconds: number): string {
  return milliseconds < 10_000 ? `${count(milliseconds)} ms` : age(milliseconds);
}

/** `up`, `down` or `even`: the class that colours a change. */
export function direction(value: number | null | undefined): 'up' | 'down' | 'even' {
  if (value === null || value === undefined || value === 0) return 'even';
  return value > 0 ? 'up' : 'down';
}

export function currencyOf(symbol: string): Currency {
  return symbol.includes('.') ? 'USD' : 'KRW';
}

/** An age in words that stay short: 4 s, 3 min, 2 h. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
