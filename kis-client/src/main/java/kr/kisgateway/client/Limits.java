package kr.kisgateway.client;

/**
 * What KIS allows one app key, and how much of it may wait here.
 *
 * @param callsPerSecond REST calls in any second (live 18 since 2026-04-20)
 * @param ledgerPerSecond of these, calls that reach the account ledger (orders, balance, executions); KIS refuses more
 *     with EGW00215 without publishing the figure
 * @param registrations realtime registrations of the one session, execution notices included (41)
 * @param waitingMax callers that may wait for a slot at once; one more is turned away
 */
public record Limits(int callsPerSecond, int ledgerPerSecond, int registrations, int waitingMax) {
    public Limits {
        if (callsPerSecond < 1 || ledgerPerSecond < 1 || registrations < 1 || waitingMax < 1) {
            throw new IllegalArgumentException("every limit is at least 1");
        }
    }
}
