package kr.kisgateway.client;

import java.time.Instant;
import java.util.Map;

/**
 * A snapshot of the call budget.
 *
 * @param usedLastSecond calls counted in the last second
 * @param ledgerUsedLastSecond of these, calls to the ledger
 * @param waiting callers waiting, by lane; lanes without waiters are present with 0
 * @param nextSlot when the next slot is free; in the past when one is free now
 * @param limit current calls a second: the configured figure, or less after KIS refused some
 * @param ledgerLimit the same for the ledger
 * @param timedOut callers rejected since the start
 * @param refusedByKis calls that KIS refused for their rate since the start
 */
public record BudgetState(
        int usedLastSecond,
        int ledgerUsedLastSecond,
        Map<Lane, Integer> waiting,
        Instant nextSlot,
        int limit,
        int ledgerLimit,
        long timedOut,
        long refusedByKis) {
    public BudgetState {
        waiting = Map.copyOf(waiting);
    }
}
