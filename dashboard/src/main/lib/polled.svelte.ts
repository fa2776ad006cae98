import { reasonOf } from './api';
import { login } from './login.svelte';

/** A value that is read again and again. While a read fails, the last value stays, with the reason. */
export class Polled<T> {
  value = $state.raw<T | undefined>();
  trouble = $state<string | undefined>();
  private reading = false;
  private again = false;

  constructor(private readonly read: () => Promise<T>) {}

  /** Reads now; when a read is under way, once more after it, because that one may be older than what asks for this. */
  readonly refresh = async (): Promise<void> => {
    if (login.needed) return;
    this.again = this.reading;
    if (this.reading) return;
    this.reading = true;
    try {
      this.value = await this.read();
      this.trouble = undefined;
    } catch (failure) {
      this.trouble = reasonOf(failure);
    } finally {
      this.reading = false;
    }
    if (this.again) await this.refresh();
  };

  /** Reads now and every so often, while the page is visible; returns what ends it, as an effect of a component does. */
  every(milliseconds: number): () => void {
    void this.refresh();
    const timer = setInterval(() => {
      if (!document.hidden && !this.reading) void this.refresh();
    }, milliseconds);
    return () => clearInterval(timer);
  }
}
