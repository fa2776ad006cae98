import type { components } from '../../../generated/api';

/** Shapes of the contract, generated from the OpenAPI document: a changed contract breaks the build. */
export type Schemas = components['schemas'];

/** A refusal of the gateway, or a failure to reach it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterMs: number | null,
  ) {
    super(message);
  }

  /** Whether the gateway itself answered. */
  get answered(): boolean {
    return this.status > 0;
  }
}

/** Why something failed, in words for the person in front of the page. */
export function reasonOf(failure: unknown): string {
  return failure instanceof Refused ? failure.message : String(failure);
}

const TIMEOUT_MS = 15_000;

async function send<T>(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (failure) {
    throw new Refused(0, 'UNREACHABLE', failure instanceof Error ? failure.message : String(failure), null);
  }
  const text = await answer.text();
  let json: unknown;
  try {
    json = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new Refused(answer.status, 'NOT_JSON', text.slice(0, 200), null);
  }
  if (answer.ok) return json as T;
  const error = json as Partial<Schemas['ApiError']>;
  throw new Refused(
    answer.status,
    error.code ?? String(answer.status),
    error.message ?? answer.statusText,
    error.retry_after_ms ?? null,
  );
}

/** Reads `path`, with the given parameters; those without a value are left out. */
export function get<T>(path: string, parameters: Record<string, string | number | undefined> = {}): Promise<T> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value));
  return send('GET', query.size === 0 ? path : `${path}?${query}`, undefined, {});
}

/** Sends `body`; a call with a key is the same call when it is repeated. */
export function post<T>(path: string, body: unknown, idempotencyKey?: string): Promise<T> {
  return send('POST', path, body, idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey });
}
