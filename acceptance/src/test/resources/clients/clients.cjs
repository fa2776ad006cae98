// Node's ws against the simulator and the gateway, with the fetch of Node for REST and events.
// Usage: SIMULATOR-URL SIMULATOR-WEBSOCKET-URL GATEWAY-URL GATEWAY-WEBSOCKET-URL
// The last line of its output is its report, as JSON.
const WebSocket = require('ws');

const [rest, ws, http, stream] = process.argv.slice(2);
const PATIENCE = 30_000;
const seen = {};

async function oauth(path, secretName) {
  const body = { grant_type: 'client_credentials', appkey: 'PSNODECLIENT000000000000000000000001' };
  body[secretName] = 's'.repeat(180);
  const answer = await fetch(rest + path, { method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status !== 200) throw new Error(path + ' was answered ' + answer.status);
  return answer.json();
}

// Resolves with the result of `until` on the messages so far, once it has one.
function listen(url, options, start, until) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options.protocols || [], options);
    const all = [];
    const late = setTimeout(() => reject(new Error('nothing in time from ' + url + ': ' + all.slice(0, 5))), PATIENCE);
    const end = (what, value) => { clearTimeout(late); socket.terminate(); what(value); };
    socket.on('open', () => start(socket));
    socket.on('unexpected-response', (request, response) => end(resolve, response.statusCode));
    socket.on('error', (error) => end(reject, error));
    socket.on('close', (code) => end(reject, new Error('closed with ' + code)));
    socket.on('message', (data) => {
      all.push(data.toString());
      const result = until(all);
      if (result !== undefined) end(resolve, result);
    });
  });
}

const flat = (texts) => texts.flatMap((text) => JSON.parse(text));

async function main() {
  await oauth('/oauth2/tokenP', 'appsecret');
  const approval = (await oauth('/oauth2/Approval', 'secretkey')).approval_key;
  const subscribe = JSON.stringify({
    header: { approval_key: approval, custtype: 'P', tr_type: '1', 'content-type': 'utf-8' },
    body: { input: { tr_id: 'H0STCNT0', tr_key: '005930' } },
  });
  seen.kis = await listen(ws + '/tryitout/H0STCNT0', { origin: ws.replace('ws:', 'http:') },
    (socket) => socket.send(subscribe),
    (all) => all.some((text) => text.startsWith('0|H0STCNT0|'))
      ? JSON.parse(all.find((text) => text.startsWith('{'))).body.msg_cd : undefined);
  seen.kisForeignOrigin = await listen(ws, { origin: 'http://elsewhere.example' }, () => {}, () => 'taken');

  seen.stream = await listen(stream + '/v1/stream', { protocols: ['kis-gateway.v1'] },
    (socket) => socket.send(JSON.stringify({ op: 'subscribe', channels: ['quotes'], symbols: ['005930'], id: '1' })),
    (all) => flat(all).some((m) => m.ch === 'quotes')
      ? flat(all).map((m) => m.op).filter((op) => op) : undefined);
  seen.streamForeignOrigin = await listen(stream + '/v1/stream', { origin: 'http://elsewhere.example' }, () => {}, () => 'taken');

  const events = await fetch(http + '/v1/events?channels=quotes&symbols=005930', { signal: AbortSignal.timeout(PATIENCE) });
  let text = '';
  for await (const chunk of events.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes('"quotes"')) break;
  }
  seen.events = text.split('\n').some((line) => line.startsWith('data:'));
  seen.quote = (await (await fetch(http + '/v1/quotes/005930')).json()).symbol;
}

main().then(() => { console.log(JSON.stringify(seen)); process.exit(0); },
  (error) => { console.error(error); process.exit(1); });
