// What clients/typescript does, for ClientsTest: behaviour.cjs PACKAGE basics|slow|order|stream|hostile URL; the last line is JSON.
const { pathToFileURL } = require('node:url');

const [folder, what, url, given] = process.argv.slice(2);

function order(strategy, more) {
  return { account_id: 'A1', symbol: '005930', side: 'BUY', qty: 1, strategy_id: strategy, ...more };
}

async function main() {
  const { Gateway, Refused, Unavailable } = await import(pathToFileURL(`${folder}/index.js`).href);
  const gateway = new Gateway({ url, timeoutMs: 5_000 });

  async function basics() {
    let code = 'none';
    try {
      await gateway.quote('nothing');
    } catch (refused) {
      if (refused instanceof Refused) code = refused.code;
    }
    const price = (await gateway.instrument('005930')).lower_limit;
    const first = await gateway.placeOrder(order('basics', { price }), { idempotencyKey: 'ts-basics' });
    const again = await gateway.placeOrder(order('basics', { price }), { idempotencyKey: 'ts-basics' });
    const quotes = await Promise.all(['005930', '000660', '035420'].map((symbol) => gateway.quote(symbol)));
    return {
      price: quotes[0].price,
      code,
      once: first.order_id === again.order_id,
      cancelled: (await gateway.cancelOrder(first.order_id)).status,
      batch: await batch(gateway.batchQuotes(['005930', 'AAPL.NASD', '000000'])),
      bars: await batch(gateway.batchBars(['005930', '000660'], 'D', { limit: 2 })),
      concurrent: quotes.map((quote) => quote.symbol),
    };
  }

  // How many lines of each kind.
  async function batch(messages) {
    const kinds = { expected: 0, code: 0, stats: 0, symbol: 0 };
    for await (const message of messages) kinds[Object.keys(kinds).find((kind) => kind in message)]++;
    return kinds;
  }

  // A program that takes three times as long for a line as the client waits for one.
  async function slow() {
    const timeout = globalThis.setTimeout;
    globalThis.setTimeout = (action, ms) => timeout(action, ms / 100);
    const kinds = await batch(
      (async function* () {
        for await (const message of gateway.batchQuotes(['005930', '000660'])) {
          await new Promise((done) => timeout(done, 1_800));
          yield message;
        }
      })(),
    );
    return { batch: kinds };
  }

  async function place() {
    const price = (await gateway.instrument('005930')).lower_limit;
    return { order: (await gateway.placeOrder(order('lost', { price }))).order_id };
  }

  async function stream() {
    const events = gateway.events(['trades', 'orders', 'executions'], ['005930'], { lastEventId: 'A1:0', waitMs: 90_000 });
    const seen = { trades: 0, disconnected: 0, executions: [], epochs: 0 };
    let placed = false; // resuming has an ack of its own
    for await (const message of events) {
      if (message.op === 'hello') seen.epochs++;
      if (message.op === 'ack' && !placed) {
        placed = true;
        await gateway.placeOrder(order('before'));
      }
      if (message.op === 'disconnected') seen.disconnected++;
      if (message.ch === 'trades') seen.trades++;
      if (message.ch === 'executions') {
        seen.executions.push(message.exec_id);
        if (seen.disconnected && new Set(seen.executions).size > 1) break;
      }
    }
    return seen;
  }

  // Against a server that answers by the case which a request names; each result in words.
  async function hostile() {
    const gateway = new Gateway({ url, key: 'key', operatorToken: 'token', timeoutMs: 1_000 });
    const cases = JSON.parse(given);

    function accepts(host) {
      try {
        return Boolean(new Gateway({ url: `http://${host}`, key: 'key' }));
      } catch {
        return false;
      }
    }

    async function failure(call) {
      try {
        return await call();
      } catch (ended) {
        if (!(ended instanceof Unavailable || ended instanceof Refused)) throw ended;
        const key = ended.idempotencyKey ?? null;
        return [ended.name, ended.mayHaveArrived ? 'unknown' : 'not made', key, key !== null && ended.message.includes(key)];
      }
    }

    async function batchFailure(name) {
      try {
        let lines = 0;
        for await (const _ of gateway.batchQuotes([name])) lines++;
        return lines;
      } catch (ended) {
        return ended.name;
      }
    }

    async function seconds(call) {
      const start = performance.now();
      await failure(call);
      return (performance.now() - start) / 1_000;
    }

    async function kinds(name) {
      const found = [];
      try {
        for await (const message of gateway.events(['trades'], [name], { waitMs: 20_000 })) {
          const kind = message.op ?? message.ch;
          found.push([kind, message.seq, message.from, message.to].filter(Boolean).join(' '));
          if (kind === 'end' || found.length > 9) break;
        }
      } catch (ended) {
        found.push(ended.name);
      }
      return found;
    }

    async function closed() {
      const events = gateway.events(['trades'], ['case-heartbeats']);
      setTimeout(() => events.close(), 500);
      for await (const _ of events);
    }

    async function each(names, result) {
      const results = {};
      for (const name of names) results[name] = await result(`case-${name}`);
      return results;
    }

    return {
      hosts: cases.hosts.filter(accepts),
      order: (await gateway.placeOrder(order('case-unreadable'))).order_id,
      never: await failure(() => gateway.placeOrder(order('case-never'))),
      lost: await failure(() => gateway.placeOrder(order('case-lost'))),
      given: await failure(() => gateway.placeOrder(order('case-never'), { idempotencyKey: 'given' })),
      redirected: [
        await failure(() => gateway.placeOrders({ account_id: 'A1', orders: [order('case-redirected')] })),
        await batchFailure('case-redirected'),
        await kinds('case-redirected'),
      ],
      slow: await seconds(() => gateway.placeOrders({ account_id: 'A1', orders: [order('case-slow')] })),
      closed: await seconds(closed),
      batches: await each(cases.batches, batchFailure),
      streams: await each(cases.streams, kinds),
    };
  }

  console.log(JSON.stringify(await { basics, slow, order: place, stream, hostile }[what]()));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
