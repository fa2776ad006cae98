package kr.kisgateway.gateway.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.feed.FeedGap;

/** The KIS sessions of the app keys, as shown to operators. */
public interface SessionView {
    /** The status of the trading app key. */
    Status status();

    /** All app keys, the trading one first. */
    List<AppKey> appKeys();

    /**
     * Closes each socket and opens it again; returns at once.
     *
     * @return the minimum time until the socket of the trading app key is opened again
     */
    Duration reconnect();

    /** Times without pushed values, the newest first. */
    List<FeedGap> gaps();

    /**
     * @param state {@code IDLE}, {@code CONNECTING}, {@code ACTIVE}, {@code RECONNECTING} or {@code CLOSED}
     * @param socketState the state of the socket, in the KIS client's words
     * @param connected whether the socket is open, and not about to be closed because a reconnect was requested
     * @param takenOver whether another program uses the app key's session
     * @param lastError the last error since it opened
     * @param tokenExpiresAt when the access token expires; empty without one
     * @param registrations registrations in use, execution notices included
     * @param registrationsMax how many are available
     * @param budget the call budget
     */
    record Status(
            String state,
            String socketState,
            boolean connected,
            boolean takenOver,
            Optional<String> lastError,
            Optional<Instant> tokenExpiresAt,
            int registrations,
            int registrationsMax,
            Budget budget) {}

    /** @param id the app key's id here, K1 for the trading one */
    record AppKey(String id, Status status) {}

    /**
     * @param callsLastSecond calls counted in the last second
     * @param limit calls a second at present
     * @param ledgerCallsLastSecond of these, calls to the ledger
     * @param ledgerLimit the same for the ledger
     * @param waiting callers queued for a slot
     * @param timedOut callers refused for lack of a slot since the start
     * @param refusedByKis calls that KIS refused for their rate since the start
     */
    record Budget(
            int callsLastSecond,
            int limit,
            int ledgerCallsLastSecond,
            int ledgerLimit,
            int waiting,
            long timedOut,
            long refusedByKis) {}
}
