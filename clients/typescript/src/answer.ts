import { Refused } from './errors.js';

/**
 * What an answer has; Refused for a refusal. An Error for what is none of a gateway: whether the call was carried out is unknown then.
 */
export function answer(status: number, text: string, idempotencyKey?: string, mayHaveArrived = false): unknown {
  const value = json(text);
  if (typeof value === 'object' && value !== null) {
    if (status >= 200 && status < 300) return value;
    if (status >= 400 && isRecord(value) && typeof value['code'] === 'string') {
      throw new Refused(status, value, idempotencyKey, mayHaveArrived);
    }
  }
  throw new Error(`HTTP ${status} with no answer of a gateway`);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
