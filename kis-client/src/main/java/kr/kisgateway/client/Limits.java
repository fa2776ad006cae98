package kr.kisgateway.client;

/**
 * What KIS allows one app key, and how many calls may wait here.
 *
 * @param callsPerSecond REST calls in any second (live 18 since 2026-04-20)
 * @param ledgerPerSecond of these, calls that reach the account ledger (orders, balance, executions); KIS refuses more
 *     with EGW00215 without publishing the figure
 * @param registrations realtime registrations of the one session, execution notices included (41)
 * @param waitingMax callers that may wait for a slot at once; one more is rejected
 * @param connectsPerMinute sockets opened in any minute; KIS blocks keys and addresses that connect in a loop, and publishes
 *     no figure
 * @param subscribesPerMinute registrations and releases sent in any minute; as above
 * @param tokenSeconds between two access tokens that KIS issues to the app key; sooner is EGW00133
 */
public record Limits(
        int callsPerSecond,
        int ledgerPerSecond,
        int registrations,
        int waitingMax,
        int connectsPerMinute,
        int subscribesPerMinute,
        int tokenSeconds) {
    /** As the built-in table assumes them. */
    private static final int CONNECTS = 10;

    private static final int SUBSCRIBES = 300;
    private static final int TOKEN_SECONDS = 60;

    public Limits {
        if (callsPerSecond < 1
                || ledgerPerSecond < 1
                || registrations < 1
                || waitingMax < 1
                || connectsPerMinute < 1
                || subscribesPerMinute < 1
                || tokenSeconds < 1) {
            throw new IllegalArgumentException("every limit is at least 1");
        }
    }

    /** With 10 sockets, 300 registrations and releases, and one token a minute. */
    public Limits(int callsPerSecond, int ledgerPerSecond, int registrations, int waitingMax) {
        this(callsPerSecond, ledgerPerSecond, registrations, waitingMax, CONNECTS, SUBSCRIBES, TOKEN_SECONDS);
    }
}
