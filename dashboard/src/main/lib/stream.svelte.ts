import { SvelteMap } from 'svelte/reactivity';
import { get, type Schemas } from './api';
import { login } from './login.svelte';

type Trade = Schemas['StreamTrade'] | Schemas['StreamUsTrade'];
type Book = Schemas['StreamBook'] | Schemas['StreamUsBook'];
type Gap = Schemas['StreamGap'];
type Message = Schemas['StreamMessage'];

/** What a row shows of a quote, pushed or requested. */
export interface Price {
  readonly p: number;
  readonly change: number;
  readonly change_pct: number;
  readonly v: number;
  readonly ts_ms: number;
}

/** A price and how it comes: pushed or polled by the stream, or requested once because the stream has none yet. */
export interface LivePrice {
  readonly quote: Price;
  readonly mode: 'push' | 'poll' | 'once';
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
const TAPE_LENGTH = 60;
const ALERTS_MAX = 100;
/** Prices a second from which on they are shown together. */
const HURRIED_RATE = 300;
const HURRIED_MS = 250;

/** A new connection to the gateway's stream. */
export function openStream(): WebSocket {
  const address = new URL('/v1/stream', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(address, 'kis-gateway.v1');
}

/**
 * The one stream of this page. Values of many symbols arrive far more often than a screen shows them: they are collected and
 * handed to the page once a frame.
 */
class Stream {
  readonly prices = new SvelteMap<string, LivePrice>();
  readonly orders = new SvelteMap<string, Schemas['StreamOrder']>();
  /** Alerts that were raised or settled since the page was opened, the newest last. */
  alerts = $state.raw<readonly Schemas['StreamAlert'][]>([]);
  connected = $state(false);
  /** Since when there is no connection; 0 while there is one. */
  lostMs = $state(Date.now());
  book = $state.raw<Book | undefined>();
  /** The trades of the selected symbol, newest first, and the places at which some are missing. */
  tape = $state.raw<readonly (Trade | Gap)[]>([]);

  /** Runs for each price that is shown. */
  onPrice: (symbol: string, price: number) => void = () => undefined;

  private socket: WebSocket | undefined;
  private wait = FIRST_WAIT_MS;
  private readonly parts = new Map<string, readonly string[]>();
  private watched = new Set<string>();
  private readonly wanted = new Set<string>();
  private selected = '';
  private readonly modes = new Map<string, 'push' | 'poll'>();
  private readonly pendingPrices = new Map<string, LivePrice>();
  private pendingBook: Book | undefined;
  private pendingTrades: (Trade | Gap)[] = [];
  /** Whether prices arrive faster than anybody reads them. */
  hurried = false;
  private frame = 0;
  private shownAt = 0;

  /** Opens the stream, and again after each loss of it; without a login it waits for one. */
  open(): void {
    login.read().then(
      () => this.connect(),
      () => this.again(),
    );
  }

  private connect(): void {
    const socket = openStream();
    this.socket = socket;
    socket.onmessage = (event) => {
      const frame = JSON.parse(event.data as string) as Schemas['StreamFrame'];
      if (Array.isArray(frame)) for (const message of frame) this.received(message as Message);
      else this.received(frame as Message);
    };
    socket.onclose = () => {
      if (this.connected) this.lostMs = Date.now();
      this.connected = false;
      this.again();
    };
  }

  private again(): void {
    // The dialog of the login opens it again.
    if (login.needed) return;
    setTimeout(() => this.open(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }

  /**
   * The symbols whose prices a part of the page shows, instead of those that it showed before.
   *
   * @returns what ends it, as an effect of a component does
   */
  watch(part: string, symbols: readonly string[]): () => void {
    this.parts.set(part, symbols);
    this.subscribeLater();
    return () => {
      this.parts.delete(part);
      this.subscribeLater();
    };
  }

  /** A list that is replaced by an equal one changes no subscription: an end and a begin of the same moment are one change. */
  private subscribeLater(): void {
    queueMicrotask(() => this.subscribe());
  }

  private subscribe(): void {
    const next = new Set([...this.parts.values()].flat());
    this.request('subscribe', ['quotes'], [...next].filter((symbol) => !this.watched.has(symbol)));
    this.request('unsubscribe', ['quotes'], [...this.watched].filter((symbol) => !next.has(symbol)));
    this.watched = next;
  }

  /** Requests a quote of each symbol that has none: it is shown until the stream brings one. */
  want(symbols: readonly string[]): void {
    for (const symbol of symbols) {
      if (this.prices.has(symbol) || this.wanted.has(symbol)) continue;
      this.wanted.add(symbol);
      get<Schemas['Quote'] | Schemas['UsQuote']>(`/v1/quotes/${encodeURIComponent(symbol)}`)
        .then(
          (quote) => this.offer(quote),
          // No source has a price now: the row says so, and the stream brings the first one.
          () => undefined,
        )
        .finally(() => this.wanted.delete(symbol));
    }
  }

  private offer(quote: Schemas['Quote'] | Schemas['UsQuote']): void {
    if (this.prices.has(quote.symbol)) return;
    const { price: p, change, change_pct, volume: v, ts_ms } = quote;
    this.prices.set(quote.symbol, { quote: { p, change, change_pct, v, ts_ms: ts_ms ?? 0 }, mode: 'once' });
  }

  /** The symbol whose book and trades are shown. */
  select(symbol: string): void {
    if (symbol === this.selected) return;
    this.request('unsubscribe', ['books', 'trades'], this.selected === '' ? [] : [this.selected]);
    this.selected = symbol;
    this.book = undefined;
    this.pendingBook = undefined;
    this.pendingTrades = [];
    this.tape = [];
    this.request('subscribe', ['books', 'trades'], symbol === '' ? [] : [symbol]);
  }

  private request(op: 'subscribe' | 'unsubscribe', channels: string[], symbols: readonly string[]): void {
    if (symbols.length === 0 || this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(JSON.stringify({ op, channels, symbols, id: op }));
  }

  private received(message: Message): void {
    if ('op' in message) {
      if (message.op === 'hello') this.began();
      else if (message.op === 'mode') this.modes.set(message.s, message.mode);
      return;
    }
    if ('gap' in message) {
      if (message.ch === 'trades') {
        this.pendingTrades.push(message);
        this.later();
      }
      return;
    }
    switch (message.ch) {
      case 'quotes':
        this.pendingPrices.set(message.s, {
          quote: message,
          mode: this.modes.get(message.s) ?? 'push',
        });
        return this.later();
      case 'books':
        this.pendingBook = message;
        return this.later();
      case 'trades':
        this.pendingTrades.push(message);
        return this.later();
      case 'alerts':
        this.alerts = [...this.alerts, message].slice(-ALERTS_MAX);
        return;
      case 'orders':
        this.orders.set(message.order_id, message);
    }
  }

  private began(): void {
    this.connected = true;
    this.lostMs = 0;
    this.wait = FIRST_WAIT_MS;
    if (login.allows('trade')) {
      this.socket?.send(JSON.stringify({ op: 'subscribe', channels: ['orders'], id: 'orders' }));
      // A key that is restricted to some accounts or symbols is refused, and sees its own orders all the same.
      this.socket?.send(JSON.stringify({ op: 'subscribe', channels: ['alerts'], id: 'alerts' }));
    }
    this.request('subscribe', ['quotes'], [...this.watched]);
    this.request('subscribe', ['books', 'trades'], this.selected === '' ? [] : [this.selected]);
  }

  /** Few values are shown with the next frame; many, as often as a person can read them. */
  private later(): void {
    if (this.frame !== 0) return;
    const wait = this.hurried ? HURRIED_MS - (performance.now() - this.shownAt) : 0;
    this.frame = wait > 0 ? setTimeout(() => requestAnimationFrame(() => this.show()), wait) : requestAnimationFrame(() => this.show());
  }

  private show(): void {
    this.frame = 0;
    const passed = Math.max(1, performance.now() - this.shownAt);
    this.shownAt += passed;
    this.hurried = (1000 * this.pendingPrices.size) / passed > HURRIED_RATE;
    for (const [symbol, price] of this.pendingPrices) {
      this.prices.set(symbol, price);
      this.onPrice(symbol, price.quote.p);
    }
    this.pendingPrices.clear();
    if (this.pendingBook !== undefined && this.pendingBook.s === this.selected) this.book = this.pendingBook;
    this.pendingBook = undefined;
    if (this.pendingTrades.length > 0) {
      const trades = this.pendingTrades.filter((trade) => trade.s === this.selected).reverse();
      this.tape = [...trades, ...this.tape].slice(0, TAPE_LENGTH);
      this.pendingTrades = [];
    }
  }
}

export const stream = new Stream();
