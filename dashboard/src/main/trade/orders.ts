import type { Schemas } from '../lib/api';

type Status = Schemas['OrderStatus'];

const ENDED: ReadonlySet<string> = new Set<Status>(['FILLED', 'CANCELED', 'REJECTED', 'EXPIRED']);

/** Whether an order may still fill. */
export function isOpen(status: Status): boolean {
  return !ENDED.has(status);
}

/** An order as the list and the stream have it. */
export interface Row {
  readonly id: string;
  readonly symbol: string;
  readonly order: Schemas['Order'] | Schemas['StreamOrder'];
}

/** Orders that were read, with what the stream knows since, newest first. */
export function merge(
  read: readonly Schemas['Order'][],
  streamed: Iterable<Schemas['StreamOrder']>,
  isShown: (order: Schemas['StreamOrder']) => boolean,
): readonly Row[] {
  const all = new Map<string, Row>();
  for (const order of read) all.set(order.order_id, { id: order.order_id, symbol: order.symbol, order });
  for (const order of streamed) {
    const known = all.get(order.order_id);
    if (known === undefined ? isShown(order) : known.order.seq <= order.seq) {
      all.set(order.order_id, { id: order.order_id, symbol: order.s, order });
    }
  }
  return [...all.values()].sort((a, b) => b.order.created_at.localeCompare(a.order.created_at));
}
