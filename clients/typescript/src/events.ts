import { Refused, Unavailable } from './errors.js';
import { within } from './within.js';

const SILENCE_MS = 20_000;
const DELAYS_MS = [200, 500, 1_000, 2_000, 5_000];

/** A message of the stream: docs/MARKET-DATA.md (Stream) describes them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Message = Record<string, any>;

export interface EventOptions {
  venue?: 'KRX' | 'NXT' | 'UNIFIED';
  /** Of an earlier run, from which to go on; "A1:0" is the beginning. */
  lastEventId?: string;
  /** Milliseconds after which attempts to reconnect that always fail end with Unavailable; without it, never. */
  waitMs?: number;
}

type Connect = (path: string, headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

/**
 * Messages for `for await`. It reconnects by itself. Orders and executions go on after the last one received: none is missed, and
 * one that comes twice has the same `seq`. Prices that were missed are reported, never invented: where the numbers of a channel do
 * not follow each other, `{op: 'missed', ch, s, from, to}` comes first. `{op: 'disconnected', reason}` comes when a connection ends.
 */
export class Events implements AsyncIterable<Message> {
  lastEventId: string | undefined;
  private readonly path: string;
  private readonly waitMs: number | undefined;
  private readonly numbers = new Map<string, number>();
  private epoch: number | undefined;
  private closed = false;
  private abort = new AbortController();

  constructor(
    private readonly connect: Connect,
    channels: string[],
    symbols: string[],
    options: EventOptions,
  ) {
    const query = new URLSearchParams({ channels: channels.join(',') });
    if (symbols.length > 0) query.set('symbols', symbols.join(','));
    if (options.venue) query.set('venue', options.venue);
    this.path = `/v1/events?${query}`;
    this.lastEventId = options.lastEventId;
    this.waitMs = options.waitMs;
  }

  /** Ends the iteration. */
  close(): void {
    this.closed = true;
    this.abort.abort();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Message> {
    let failures = 0;
    let since = Date.now();
    try {
      while (!this.closed) {
        let reason = 'the gateway closed it';
        try {
          for await (const message of this.connected()) {
            failures = 0;
            since = Date.now();
            yield* this.checked(message);
          }
        } catch (failure) {
          if (failure instanceof Refused) throw failure;
          reason = String(failure);
        }
        if (this.closed) return;
        if (this.waitMs !== undefined && Date.now() - since > this.waitMs) {
          throw new Unavailable(`no stream: ${reason}`, false);
        }
        if (failures === 0) yield { op: 'disconnected', reason };
        const delay = DELAYS_MS[Math.min(failures, DELAYS_MS.length - 1)];
        await new Promise((done) => setTimeout(done, delay));
        failures++;
      }
    } finally {
      this.close();
    }
  }

  private async *connected(): AsyncGenerator<Message> {
    this.abort = new AbortController();
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.lastEventId) headers['Last-Event-ID'] = this.lastEventId;
      const sent = this.connect(this.path, headers, this.abort.signal);
      const response = await within(SILENCE_MS, this.abort, sent);
      if (!response.ok) throw new Refused(response.status, (await response.json()) as Record<string, unknown>);
      if (!response.body) return;
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let text = '';
      for (;;) {
        const { done, value } = await within(SILENCE_MS, this.abort, reader.read());
        if (done) return;
        text += decoder.decode(value, { stream: true });
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          yield* this.event(text.slice(0, end));
          text = text.slice(end + 2);
        }
      }
    } finally {
      this.abort.abort();
    }
  }

  private *event(text: string): Generator<Message> {
    const lines = text.split('\n');
    const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart());
    if (data.length === 0) return;
    const message: Message | Message[] = JSON.parse(data.join('\n'));
    yield* Array.isArray(message) ? message : [message];
    // After the messages were taken: one that was not is sent again.
    const id = lines.find((line) => line.startsWith('id:'));
    if (id) this.lastEventId = id.slice(3).trim();
  }

  private *checked(message: Message): Generator<Message> {
    if (message['op'] === 'hello') {
      if (this.epoch !== undefined && this.epoch !== message['epoch']) this.numbers.clear();
      this.epoch = message['epoch'];
    }
    const { ch, seq } = message;
    if (typeof seq === 'number' && typeof ch === 'string' && ch !== 'orders' && ch !== 'executions') {
      const name = `${ch} ${message['s'] ?? ''} ${message['venue'] ?? ''}`;
      const last = this.numbers.get(name);
      const first: number = message['gap'] ? message['gap'].from : seq - (message['conflated'] ?? 0);
      if (last !== undefined && first > last + 1) {
        yield { op: 'missed', ch, s: message['s'] ?? '', from: last + 1, to: first - 1 };
      }
      this.numbers.set(name, seq);
    }
    yield message;
  }
}
