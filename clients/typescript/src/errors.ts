/** The gateway could not be reached, or no answer of it came in time. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';

  constructor(
    message: string,
    /** Whether an attempt of the call may have been carried out. */
    readonly mayHaveArrived: boolean,
    /**
     * Of the call, the caller's or one that the client made; undefined for a call without. A call that may have arrived is repeated
     * under this key, and is carried out once.
     */
    readonly idempotencyKey?: string,
  ) {
    super(idempotencyKey === undefined ? message : `${message}; idempotency key ${idempotencyKey}`);
  }
}

/** The gateway refuses the call; docs/ERRORS.md lists the codes. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly traceId: string;
  readonly details: Record<string, unknown>;

  constructor(
    readonly status: number,
    error: Record<string, unknown>,
    /** As of Unavailable. */
    readonly idempotencyKey?: string,
    /** Whether an earlier attempt of the same call had no answer, and may have been carried out. */
    readonly mayHaveArrived = false,
  ) {
    const earlier = mayHaveArrived ? `; an earlier attempt had no answer, idempotency key ${idempotencyKey}` : '';
    super(`${error['code'] ?? status}: ${error['message'] ?? ''}${earlier}`);
    this.code = String(error['code'] ?? '');
    this.retryable = error['retryable'] === true;
    this.retryAfterMs = typeof error['retry_after_ms'] === 'number' ? error['retry_after_ms'] : null;
    this.traceId = String(error['trace_id'] ?? '');
    this.details = (error['details'] as Record<string, unknown> | undefined) ?? {};
  }
}
