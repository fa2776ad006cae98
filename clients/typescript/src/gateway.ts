import { Operations } from './api.js';
import { type Call, target } from './call.js';
import { Refused, Unavailable } from './errors.js';
import { type EventOptions, Events } from './events.js';
import { within } from './within.js';

const RETRY_DELAYS = [300, 1_000, 3_000];
/** Milliseconds without a line after which a batch has ended. */
const BATCH_SILENCE_MS = 60_000;

export interface GatewayOptions {
  /** Of the gateway; when left out, in a browser the page's own origin, else GATEWAY_URL, else http://127.0.0.1:8890. */
  url?: string;
  /** API key, where the gateway needs one; GATEWAY_API_KEY when left out. */
  key?: string;
  operatorToken?: string;
  /** Milliseconds for an answer; 10,000. */
  timeoutMs?: number;
}

/**
 * Calls a gateway. A call that changes something is sent under an idempotency key, made here unless one is given, and repeated
 * under it when no answer came: it is carried out once. Any other change is not repeated.
 */
export class Gateway extends Operations {
  private readonly url: string;
  private readonly key: string | undefined;
  private readonly operatorToken: string | undefined;
  private readonly timeoutMs: number;

  constructor(options: GatewayOptions = {}) {
    super();
    const page = (globalThis as { location?: { origin: string } }).location;
    const variables = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
    const url = new URL(options.url ?? page?.origin ?? (variables['GATEWAY_URL'] || 'http://127.0.0.1:8890'));
    const key = options.key ?? (variables['GATEWAY_API_KEY'] || undefined);
    const loopback = /^(localhost|127\..*|\[::1\])$/.test(url.hostname);
    if ((key || options.operatorToken) && url.protocol === 'http:' && !loopback) {
      throw new TypeError('a key would cross the network readable: use an https URL');
    }
    this.url = url.origin;
    this.key = key;
    this.operatorToken = options.operatorToken;
    this.timeoutMs = options.timeoutMs ?? 10_000;
  }

  /** The stream: messages of the channels, across reconnections. */
  events(channels: string[], symbols: string[] = [], options: EventOptions = {}): Events {
    return new Events(
      (path, headers, signal) => fetch(this.url + path, { headers: { ...this.headers(false), ...headers }, signal }),
      channels,
      symbols,
      options,
    );
  }

  /**
   * Up to 4,000 quotes, each as soon as it is known: quotes and failures in no particular order. The first message has `expected`,
   * the last `stats`; without it the batch throws Unavailable.
   */
  batchQuotes(symbols: string[]): AsyncGenerator<Record<string, unknown>> {
    return this.batch('/v1/quotes/batch', { symbols });
  }

  /** The same bars of up to 4,000 instruments; messages as those of batchQuotes. */
  batchBars(
    symbols: string[],
    period: string,
    more: { from?: string; to?: string; limit?: number; adjusted?: boolean } = {},
  ): AsyncGenerator<Record<string, unknown>> {
    return this.batch('/v1/bars/batch', { symbols, period, ...more });
  }

  private async *batch(path: string, body: unknown): AsyncGenerator<Record<string, unknown>> {
    const abort = new AbortController();
    let complete = false;
    try {
      const sent = fetch(this.url + path, {
        method: 'POST',
        headers: { ...this.headers(false), Accept: 'application/x-ndjson', 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        signal: abort.signal,
      });
      const response = await within(BATCH_SILENCE_MS, abort, sent);
      if (!response.ok || !response.body) {
        throw new Refused(response.status, (JSON.parse(await response.text()) ?? {}) as Record<string, unknown>);
      }
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      let rest = '';
      for (;;) {
        const { done, value } = await within(BATCH_SILENCE_MS, abort, reader.read());
        const lines = (rest + decoder.decode(value, { stream: !done })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const message = JSON.parse(line) as Record<string, unknown>;
          complete ||= 'stats' in message;
          yield message;
        }
        if (done) break;
      }
    } catch (failure) {
      if (failure instanceof Refused) throw failure;
      throw new Unavailable(`the batch of ${this.url} ended early: ${String(failure)}`, false);
    } finally {
      abort.abort();
    }
    if (!complete) throw new Unavailable(`the batch of ${this.url} ended early`, false);
  }

  protected override async send<T>(call: Call): Promise<T> {
    const key = call.idempotencyKey ?? (call.keyed ? `ts-${crypto.randomUUID()}` : undefined);
    const repeatable = call.method === 'GET' || key !== undefined;
    let interrupted = false;
    for (let attempt = 0; ; attempt++) {
      const delay = RETRY_DELAYS[attempt];
      try {
        return (await this.exchange(call, key)) as T;
      } catch (failure) {
        const stillDeciding = failure instanceof Refused && interrupted && failure.code === 'IDEMPOTENCY_IN_FLIGHT';
        const noAnswer = !(failure instanceof Refused);
        if (delay === undefined || !(stillDeciding || (noAnswer && repeatable))) {
          throw noAnswer
            ? new Unavailable(`no answer from ${this.url}: ${String(failure)}`, call.method !== 'GET')
            : failure;
        }
        interrupted ||= noAnswer;
        await new Promise((done) => setTimeout(done, delay));
      }
    }
  }

  private async exchange(call: Call, key: string | undefined): Promise<unknown> {
    const headers = this.headers(call.operator === true);
    if (call.body !== undefined) headers['Content-Type'] = 'application/json';
    if (key !== undefined) headers['Idempotency-Key'] = key;
    const response = await fetch(this.url + target(call), {
      method: call.method,
      headers,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: AbortSignal.timeout(this.timeoutMs),
    });
    const answer: unknown = JSON.parse(await response.text());
    if (response.ok) return answer;
    throw new Refused(response.status, (answer ?? {}) as Record<string, unknown>);
  }

  private headers(operator: boolean): Record<string, string> {
    return {
      Accept: 'application/json',
      ...(this.key ? { 'X-API-Key': this.key } : {}),
      ...(operator && this.operatorToken ? { 'X-Operator-Token': this.operatorToken } : {}),
    };
  }
}
