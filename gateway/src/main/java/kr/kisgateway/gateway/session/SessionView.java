package kr.kisgateway.gateway.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The KIS sessions of the app keys, as an operator wants to see them. */
public interface SessionView {
    /** Of the app key that trades. */
    Status status();

    /** All app keys, the one that trades first. */
    List<AppKey> appKeys();

    /**
     * Closes each socket and opens it again; returns at once.
     *
     * @return how long it takes at least until that of the app key that trades is opened again
     */
    Duration reconnect();

    /**
     * @param state {@code IDLE}, {@code CONNECTING}, {@code ACTIVE}, {@code RECONNECTING} or {@code CLOSED}
     * @param socketState what the socket is doing, in KIS client words
     * @param connected whether the socket is open, and not about to be closed because a reconnect was requested
     * @param takenOver whether another program holds the app key's session
     * @param lastError the last trouble since it opened
     * @param tokenExpiresAt when the access token expires; empty without one
     * @param registrations registrations in use, execution notices included
     * @param registrationsMax how many fit
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

    /** @param id the app key's name here, K1 for the one that trades */
    record AppKey(String id, Status status) {}

    /**
     * @param callsLastSecond calls counted in the last second
     * @param limit calls a second at present
     * @param ledgerCallsLastSecond of these, calls to the ledger
     * @param ledgerLimit the same for the ledger
     * @param waiting callers that wait for a slot
     * @param timedOut callers turned away since the start
     * @param refusedByKis calls KIS refused for their rate since the start
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
