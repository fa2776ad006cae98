/** The gateway could not be reached or did not answer in time. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';

  constructor(
    message: string,
    /** Whether the call may have been carried out. With its idempotency key it can be repeated, and is carried out once. */
    readonly mayHaveArrived: boolean,
  ) {
    super(message);
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
  ) {
    super(`${error['code'] ?? status}: ${error['message'] ?? ''}`);
    this.code = String(error['code'] ?? '');
    this.retryable = error['retryable'] === true;
    this.retryAfterMs = typeof error['retry_after_ms'] === 'number' ? error['retry_after_ms'] : null;
    this.traceId = String(error['trace_id'] ?? '');
    this.details = (error['details'] as Record<string, unknown> | undefined) ?? {};
  }
}
