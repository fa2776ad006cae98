/** A call as the generated methods make it. */
export interface Call {
  method: string;
  path: string;
  parameters: Record<string, unknown>;
  query: Record<string, unknown>;
  body?: unknown;
  /** Whether it takes an idempotency key. */
  keyed?: boolean;
  idempotencyKey?: string | undefined;
  /** Whether it sends the operator's token. */
  operator?: boolean;
}

/** The path with its parameters and its query. */
export function target(call: Call): string {
  let path = call.path;
  for (const [name, value] of Object.entries(call.parameters)) {
    path = path.replace(`{${name}}`, encodeURIComponent(String(value)));
  }
  const query = Object.entries(call.query)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');
  return query ? `${path}?${query}` : path;
}
