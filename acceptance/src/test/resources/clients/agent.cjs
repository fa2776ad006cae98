// Calls every tool of a gateway with the official client, which validates each answer against the tool's schema.
// node agent.cjs URL|COMMAND 2026-07-28|2025-11-25 ORDER-PRICE; prints one line of JSON.
const { Client, StreamableHTTPClientTransport } = require('@modelcontextprotocol/client');
const { StdioClientTransport } = require('@modelcontextprotocol/client/stdio');

async function main() {
  const [target, revision, price] = process.argv.slice(2);
  const asked = [];
  const client = new Client(
    { name: 'acceptance', version: '1' },
    {
      capabilities: { elicitation: {} },
      versionNegotiation: revision === '2026-07-28' ? { mode: { pin: revision } } : { mode: 'legacy' },
    },
  );
  let agrees = true;
  client.setRequestHandler('elicitation/create', async (request) => {
    asked.push(request.params.message);
    return { action: 'accept', content: { agreed: agrees } };
  });
  const transport = target.startsWith('http')
    ? new StreamableHTTPClientTransport(new URL(target))
    : new StdioClientTransport({ command: 'sh', args: ['-c', target], env: process.env });
  await client.connect(transport);

  const { tools } = await client.listTools();
  const order = { account_id: 'A1', symbol: '005930', side: 'BUY', qty: 1, price: Number(price) };
  const results = {};

  async function call(name, args = {}) {
    const result = await client.callTool({ name, arguments: args });
    results[name] = result.isError ? result.content[0].text : 'ok';
    return result;
  }

  async function change(preview, tool, args) {
    const shown = await call(preview, args);
    if (shown.isError || !shown.structuredContent.confirmation) throw new Error(`${preview}: ${JSON.stringify(shown)}`);
    return call(tool, { ...args, confirmation: shown.structuredContent.confirmation });
  }

  const placed = await change('preview_order', 'place_order', order);
  const id = placed.structuredContent.order_id;
  const samples = {
    search_instruments: { q: '삼성' },
    get_quotes: { symbols: '005930,000660' },
    get_bars: { symbol: '005930', period: 'D' },
    get_ranking: { kind: 'volume' },
    get_index: { code: '0001' },
    get_etf_nav: { symbol: '069500' },
    get_order: { id },
    get_order_timeline: { id },
    get_kis_api: { name: 'domestic_stock_inquire_price' },
    call_kis_api: {
      name: 'domestic_stock_inquire_price',
      parameters: { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: '005930' },
    },
  };
  for (const tool of tools) {
    if (!tool.annotations.readOnlyHint || tool.name.startsWith('preview_')) continue;
    const required = tool.inputSchema.required ?? [];
    const own = samples[tool.name]
      ?? Object.fromEntries(required.map((name) => [name, name === 'account_id' ? 'A1' : name === 'symbol' ? '005930' : '']));
    await call(tool.name, own);
  }
  await change('preview_modify_order', 'modify_order', { id, qty: 1, price: Number(price) + 100 });
  await change('preview_cancel_order', 'cancel_order', { id });
  await change('preview_cancel_orders', 'cancel_orders', { account_id: 'A1' });
  const bracket = await change('preview_bracket', 'place_bracket', {
    order: { ...order, price: Number(price) + 1000 },
    stop: { price: Number(price) },
  });
  await change('preview_cancel_parent', 'cancel_parent', { id: bracket.structuredContent?.parent_id ?? 'none' });

  // Without the person's consent nothing is placed.
  agrees = false;
  const shown = await client.callTool({ name: 'preview_order', arguments: order });
  const declined = await client.callTool({
    name: 'place_order',
    arguments: { ...order, confirmation: shown.structuredContent.confirmation },
  });
  const resources = await client.listResources();
  for (const resource of resources.resources) await client.readResource({ uri: resource.uri });
  const journal = await client.readResource({ uri: `kis://orders/${id}/journal` });
  await client.close();
  console.log(
    JSON.stringify({
      revision: client.getNegotiatedProtocolVersion?.() ?? null,
      tools: tools.map((tool) => tool.name),
      results,
      asked: asked.length,
      declined: declined.isError ? declined.content[0].text : 'placed',
      resources: resources.resources.length,
      journal: journal.contents[0].text.length,
      order: id,
    }),
  );
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
