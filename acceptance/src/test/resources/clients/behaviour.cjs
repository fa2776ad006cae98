// What clients/typescript does, for ClientsTest: behaviour.cjs PACKAGE basics|slow|order|stream URL; the last line is JSON.
const { pathToFileURL } = require('node:url');

const [folder, what, url] = process.argv.slice(2);

function order(strategy, more) {
  return { account_id: 'A1', symbol: '005930', side: 'BUY', qty: 1, strategy_id: strategy, ...more };
}

async function main() {
  const { Gateway, Refused } = await import(pathToFileURL(`${folder}/index.js`).href);
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
    const events = gateway.events(['trades', 'orders', 'executions'], ['005930'], { waitMs: 90_000 });
    const seen = { trades: 0, disconnected: 0, executions: [], epochs: 0 };
    for await (const message of events) {
      if (message.op === 'hello') seen.epochs++;
      if (message.op === 'ack' && seen.epochs === 1) await gateway.placeOrder(order('before'));
      if (message.op === 'disconnected') seen.disconnected++;
      if (message.ch === 'trades') seen.trades++;
      if (message.ch === 'executions') {
        seen.executions.push(message.exec_id);
        if (seen.disconnected && new Set(seen.executions).size > 1) break;
      }
    }
    return seen;
  }

  console.log(JSON.stringify(await { basics, slow, order: place, stream }[what]()));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
