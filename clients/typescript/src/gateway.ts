import { answer, isRecord } from './answer.js';
import { Operations } from './api.js';
import { type Call, target } from './call.js';
import { Refused, Unavailable } from './errors.js';
import { type EventOptions, Events } from './events.js';
import { lines } from './lines.js';
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
  /** Milliseconds until an answer is complete; 10,000. */
  timeoutMs?: number;
}

/**
 * Calls a gateway. A call that changes something is sent under an idempotency key, made here unless one is given, and repeated
 * under it when no answer came or what came cannot be read: it is carried out once. Any other change is not repeated. When no attempt
 * has an answer, the exception has the key.
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
    // Of names only localhost: any other, as 127.0.0.1.example, may lead elsewhere. URL writes every address of IPv4 as four numbers.
    const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
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
      (path, headers, signal) => this.fetch(path, { headers: { ...this.headers(false), ...headers }, signal }),
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
      const sent = this.fetch(path, {
        method: 'POST',
        headers: { ...this.headers(false), Accept: 'application/x-ndjson', 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        signal: abort.signal,
      });
      const response = await within(BATCH_SILENCE_MS, abort, sent);
      if (!response.ok) answer(response.status, await within(BATCH_SILENCE_MS, abort, response.text()));
      for await (const some of lines(response, BATCH_SILENCE_MS, abort)) {
        for (const line of some) {
          const message: unknown = JSON.parse(line);
          if (!isRecord(message)) throw new Error(`a line that is no message: ${line.slice(0, 80)}`);
          complete ||= 'stats' in message;
          yield message;
        }
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
    const request = this.request(call, key);
    let interrupted = false;
    for (let attempt = 0; ; attempt++) {
      const delay = RETRY_DELAYS[attempt];
      try {
        const response = await this.fetch(target(call), { ...request, signal: AbortSignal.timeout(this.timeoutMs) });
        return answer(response.status, await response.text(), key, interrupted) as T;
      } catch (failure) {
        const stillDeciding = failure instanceof Refused && interrupted && failure.code === 'IDEMPOTENCY_IN_FLIGHT';
        const noAnswer = !(failure instanceof Refused);
        interrupted ||= noAnswer && call.method !== 'GET';
        if (delay === undefined || !(stillDeciding || (noAnswer && repeatable))) {
          throw noAnswer ? new Unavailable(`no answer from ${this.url}: ${String(failure)}`, interrupted, key) : failure;
        }
        await new Promise((done) => setTimeout(done, delay));
      }
    }
  }

  private request(call: Call, key: string | undefined): RequestInit {
    const headers = this.headers(call.operator === true);
    if (call.body !== undefined) headers['Content-Type'] = 'application/json';
    if (key !== undefined) headers['Idempotency-Key'] = key;
    const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    return { method: call.method, headers: new Headers(headers), ...body };
  }

  /** A redirection is no answer of a gateway: following it would give keys and orders to another server. */
  private fetch(path: string, init: RequestInit): Promise<Response> {
    return fetch(this.url + path, { ...init, redirect: 'error' });
  }

  private headers(operator: boolean): Record<string, string> {
    return {
      Accept: 'application/json',
      ...(this.key ? { 'X-API-Key': this.key } : {}),
      ...(operator && this.operatorToken ? { 'X-Operator-Token': this.operatorToken } : {}),
    };
  }
}
