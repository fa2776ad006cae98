import { answer, isRecord } from './answer.js';
import { Refused, Unavailable } from './errors.js';
import { FRAME_MAX, lines } from './lines.js';
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
 * not follow each other, `{op: 'missed', ch, s, from, to}` comes first. `{op: 'disconnected', reason}` comes when a connection ends,
 * also after what is no message of the stream or has no end within 16 MB.
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
            const messages = this.checked(message);
            failures = 0;
            since = Date.now();
            yield* messages;
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

  private async *connected(): AsyncGenerator<unknown> {
    this.abort = new AbortController();
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.lastEventId) headers['Last-Event-ID'] = this.lastEventId;
      const sent = this.connect(this.path, headers, this.abort.signal);
      const response = await within(SILENCE_MS, this.abort, sent);
      if (!response.ok) answer(response.status, await within(SILENCE_MS, this.abort, response.text()));
      let data: string[] = [];
      let id: string | undefined;
      let size = 0;
      for await (const some of lines(response, SILENCE_MS, this.abort)) {
        for (const line of some) {
          if (line.startsWith('data:')) {
            data.push(line.slice(5));
            size += line.length;
            if (size > FRAME_MAX) throw new Error(`an event of more than ${FRAME_MAX} characters`);
          } else if (line.startsWith('id:')) {
            id = header(line.slice(3).trim());
          } else if (line === '' && data.length > 0) {
            const message: unknown = JSON.parse(data.join('\n'));
            data = [];
            size = 0;
            yield* Array.isArray(message) ? message : [message];
            // After the messages were taken: one that was not is sent again.
            this.lastEventId = id || this.lastEventId;
            id = undefined;
          }
        }
      }
    } finally {
      this.abort.abort();
    }
  }

  /** The message, before it what was missed; an Error when it is no message of the stream. */
  private checked(message: unknown): Message[] {
    if (!isRecord(message)) throw new Error(`no message of the stream: ${typeof message}`);
    if (message['op'] === 'hello') {
      const epoch = whole(message, 'epoch');
      if (this.epoch !== undefined && this.epoch !== epoch) this.numbers.clear();
      this.epoch = epoch;
    }
    if (!('ch' in message && 'seq' in message) || message['ch'] === 'orders' || message['ch'] === 'executions') return [message];
    const [ch, s, venue] = [text(message, 'ch'), text(message, 's'), text(message, 'venue')];
    const seq = whole(message, 'seq');
    const ahead = 'conflated' in message ? seq - whole(message, 'conflated') : seq;
    const first = 'gap' in message ? whole(message['gap'], 'from') : ahead;
    const name = `${ch} ${s} ${venue}`;
    const last = this.numbers.get(name);
    // A number that steps back changes nothing: what it would skip was received.
    this.numbers.set(name, last === undefined ? seq : Math.max(last, seq));
    const missed = last !== undefined && first > last + 1 ? [{ op: 'missed', ch, s, from: last + 1, to: first - 1 }] : [];
    return [...missed, message];
  }
}

function whole(record: unknown, name: string): number {
  const value = isRecord(record) ? record[name] : undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Error(`a message whose ${name} is no whole number`);
  return value;
}

function text(record: Record<string, unknown>, name: string): string {
  const value = record[name] ?? '';
  if (typeof value !== 'string') throw new Error(`a message whose ${name} is no text`);
  return value;
}

/** A position that can be sent as a header. */
function header(id: string): string {
  if (!/^[ -~]*$/.test(id)) throw new Error('an event whose id is none of a gateway');
  return id;
}
