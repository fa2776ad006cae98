// Two moving averages on live one-minute bars, with a bracket for each entry: node moving-average.mjs 005930
// It can be stopped and started again at any time: the idempotency key of an entry is made of the bar that it follows, so that the
// same bar never buys twice, and the bracket's exits are watched by the gateway.
import { Gateway, Refused } from 'kis-gateway-client';

const symbol = process.argv[2] ?? '005930';
const [SHORT, LONG, QTY] = [5, 20, 1];
const gateway = new Gateway();

const page = await gateway.bars(symbol, '1m', { limit: LONG + 1 });
// Newest first; the newest is still open, and comes again when it is final.
let closes = page.bars.slice(1).map((bar) => bar.close).reverse();
const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

console.log(`${symbol}: ${closes.length} of ${LONG + 1} minutes known; each minute that ends is a line`);

for await (const message of gateway.events(['bars:1m'], [symbol])) {
  if (message.op === 'missed' || message.op === 'disconnected') console.log('not complete:', message);
  if (message.ch !== 'bars:1m' || !message.final) continue;
  closes = [...closes, message.close].slice(-LONG - 1);
  console.log(`${symbol}: closed at ${message.close.toLocaleString('en')}`);
  if (closes.length <= LONG) continue;
  const before = average(closes.slice(-SHORT - 1, -1)) - average(closes.slice(-LONG - 1, -1));
  const now = average(closes.slice(-SHORT)) - average(closes.slice(-LONG));
  if (before <= 0 && now > 0) await enter(message.close, message.ts);
}

async function enter(price, bar) {
  const tick = (await gateway.instrument(symbol)).tick_size;
  const onTick = (value) => Math.floor(value / tick) * tick;
  try {
    const parent = await gateway.createParent(
      {
        kind: 'BRACKET',
        order: { account_id: 'A1', symbol, side: 'BUY', qty: QTY, strategy_id: 'moving-average' },
        take_profit: { price: onTick(price * 1.01) },
        stop: { price: onTick(price * 0.99) },
      },
      { idempotencyKey: `moving-average-${symbol}-${bar}` },
    );
    console.log('bought:', parent.parent_id);
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    console.log('not bought:', refused.message);
  }
}
