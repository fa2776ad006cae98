import { readDevice, writeDevice } from '../lib/device';

/** A price at which the page says so, kept on this device. */
export interface PriceAlert {
  readonly symbol: string;
  readonly price: number;
  /** Whether the price was below when the alert was set. */
  readonly above: boolean;
}

export interface Reached extends PriceAlert {
  readonly at: number;
}

const KEY = 'kis-gateway.price-alerts';
const MAX = 100;
const SHOWN_MAX = 5;

function load(): readonly PriceAlert[] {
  const stored = readDevice(KEY);
  return Array.isArray(stored) ? (stored as PriceAlert[]).slice(0, MAX) : [];
}

class PriceAlerts {
  all = $state.raw<readonly PriceAlert[]>(load());
  /** Those whose price came, newest first, until they are closed. */
  reached = $state.raw<readonly Reached[]>([]);

  add(alert: PriceAlert): void {
    this.store([...this.all, alert].slice(-MAX));
  }

  remove(alert: PriceAlert): void {
    this.store(this.all.filter((other) => other !== alert));
  }

  close(alert: Reached): void {
    this.reached = this.reached.filter((other) => other !== alert);
  }

  /** A price arrived. */
  check(symbol: string, price: number): void {
    for (const alert of this.all) {
      if (alert.symbol !== symbol || (alert.above ? price < alert.price : price > alert.price)) continue;
      this.remove(alert);
      this.reached = [{ ...alert, at: Date.now() }, ...this.reached].slice(0, SHOWN_MAX);
    }
  }

  private store(all: readonly PriceAlert[]): void {
    this.all = all;
    writeDevice(KEY, all);
  }
}

export const priceAlerts = new PriceAlerts();
