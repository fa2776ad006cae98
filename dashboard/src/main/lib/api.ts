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
  return failure instanceof Error ? failure.message : String(failure);
}

const TIMEOUT_MS = 15_000;
const LOGIN = '/v1/login';

interface Details {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

let unauthenticated = (): void => undefined;
let csrfToken: string | undefined;

/** Sets what runs when a call was refused because there is no login. */
export function onUnauthenticated(work: () => void): void {
  unauthenticated = work;
}

/** Makes a call and returns its answer. */
export async function request<T>(method: string, path: string, { body, headers = {} }: Details = {}): Promise<T> {
  const all: Record<string, string> = { ...headers };
  if (body !== undefined) all['Content-Type'] = 'application/json';
  if (csrfToken !== undefined && method !== 'GET') all['X-CSRF-Token'] = csrfToken;
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers: all,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (failure) {
    throw new Refused(0, 'UNREACHABLE', failure instanceof Error ? failure.message : String(failure), null);
  }
  const text = await answer.text();
  if (answer.ok && !isJson(answer)) return text as T;
  let json: unknown;
  try {
    json = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new Refused(answer.status, 'NOT_JSON', text.slice(0, 200), null);
  }
  if (answer.ok) {
    if (path === LOGIN) csrfToken = (json as Schemas['Login']).csrf_token ?? undefined;
    return json as T;
  }
  if (answer.status === 401) unauthenticated();
  const error = json as Partial<Schemas['ApiError']>;
  throw new Refused(
    answer.status,
    error.code ?? String(answer.status),
    error.message ?? answer.statusText,
    error.retry_after_ms ?? null,
  );
}

function isJson(answer: Response): boolean {
  return answer.headers.get('Content-Type')?.startsWith('application/json') === true;
}

/** Reads `path`, which answers a text that is no JSON. */
export function getText(path: string): Promise<string> {
  return request('GET', path);
}

/** Reads `path`, with the given parameters; those without a value are left out. */
export function get<T>(path: string, parameters: Record<string, string | number | undefined> = {}): Promise<T> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value));
  return request('GET', query.size === 0 ? path : `${path}?${query}`);
}

/** Sends `body`; a call with a key is the same call when it is repeated. */
export function post<T>(path: string, body: unknown, idempotencyKey?: string): Promise<T> {
  return request('POST', path, {
    body,
    headers: idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey },
  });
}

/** Members of a page of a long list. */
type Page<K extends string, T> = { readonly [name in K]: readonly T[] } & { readonly next_cursor: string | null };

const PAGE_ROWS = 1000;

/** Reads all pages of a list, up to `most` rows. */
export async function getAll<K extends string, T>(
  path: string,
  member: K,
  parameters: Record<string, string | number | undefined>,
  most: number,
): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<K, T> = await get(path, { ...parameters, limit: PAGE_ROWS, cursor });
    rows.push(...page[member]);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && rows.length < most);
  return rows.slice(0, most);
}
