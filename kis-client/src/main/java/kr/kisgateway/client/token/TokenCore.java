package kr.kisgateway.client.token;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.core.Step;

/**
 * Decides when an access token is requested, and who gets it.
 *
 * <p><b>Problem.</b> KIS issues one token a minute per app key (EGW00133 otherwise), sends the owner a message each time,
 * issues the same token again for six hours, and sometimes rejects a token before its day is over (EGW00121, 00122,
 * 00123).
 *
 * <p><b>Policy.</b> One fetch at a time; all other callers wait for its result. A fetch reads the store first, where
 * another process may have left a newer token. Five minutes before expiry, or at the age at which tokens are rotated, a
 * fetch runs beside normal work. A rejected
 * token is replaced once, however many calls it failed; a second rejection soon after waits a minute, then two, four …
 * up to an hour, because the same token comes back for six hours and another request would only send messages.
 */
public final class TokenCore {
    /** A token issued by KIS. */
    public record Token(Secret value, Instant issuedAt, Instant expiresAt) {}

    /** How a fetch failed. */
    public enum Failure {
        /** KIS was not reached: nothing was spent. */
        NOT_SENT,
        /** KIS may have issued a token whose answer was lost. */
        LOST,
        /** KIS answered with a code. */
        ANSWERED,
        /** Only the store was to be read and it has no usable token. */
        NOT_STORED
    }

    public sealed interface Input {
        record Start() implements Input {}

        record RequestToken(long id, Instant deadline) implements Input {}

        record Withdraw(long id) implements Input {}

        record Obtained(Token token, boolean fromStore) implements Input {}

        record Failed(Failure failure, String code, String message) implements Input {}

        /** KIS rejected the token of a call made with {@code value}. */
        record Rejected(Secret value, String code) implements Input {}

        record Tick() implements Input {}
    }

    public sealed interface Effect {
        record Serve(long id, Token token) implements Effect {}

        record Refuse(long id, String code, String message, Duration retryAfter) implements Effect {}

        /**
         * Read the store; if it has no token other than {@code excluded}, request one from KIS if {@code mayIssue}.
         *
         * @param excludedIsRejected whether KIS has rejected {@code excluded}, so that it is removed from the store
         */
        record Obtain(Optional<Secret> excluded, boolean excludedIsRejected, boolean mayIssue) implements Effect {}

        record PublishEvent(KisEvent event) implements Effect {}

        record ArmTimer(Instant at) implements Effect {}
    }

    private static final Duration RENEW_BEFORE = Duration.ofMinutes(5);
    private static final Duration REPLACEMENT_SPACING_MAX = Duration.ofHours(1);
    private static final Duration HEALTHY_AGE = Duration.ofMinutes(10);
    private static final Duration CREDENTIALS_WAIT = Duration.ofMinutes(10);
    /** Failures in a row that need a person, though retries go on. */
    private static final int ALERT_AFTER = 3;
    /** Codes of wrong credentials: a retry soon cannot help. */
    public static final Set<String> CREDENTIALS = Set.of(
            "EGW00002",
            "EGW00003",
            "EGW00004",
            "EGW00102",
            "EGW00103",
            "EGW00104",
            "EGW00105",
            "EGW00115",
            "EGW00116",
            "EGW00207",
            "EGW00303",
            "EGW00304",
            "EGW02004");

    private final Optional<Duration> rotation;
    private final Duration issueSpacing;
    private final RandomGenerator jitter;
    private final Map<Long, Instant> waiters = new LinkedHashMap<>();
    private Optional<Token> token = Optional.empty();
    private Optional<Secret> rejected = Optional.empty();
    private boolean started;
    private boolean fetching;
    private Instant obtainedAt = Instant.MIN;
    private Instant renewAt = Instant.MAX;
    private Instant nextFetchAt = Instant.MIN;
    private Instant nextIssueAt = Instant.MIN;
    private int failures;
    private int consecutiveReplacements;
    private String lastCode = "TOKEN_UNAVAILABLE";
    private String lastMessage = "no access token yet";

    /**
     * @param rotation the highest age of a token; empty lets it live until shortly before its end
     * @param issueSpacing between two tokens that KIS issues
     */
    public TokenCore(Optional<Duration> rotation, Duration issueSpacing, RandomGenerator jitter) {
        this.rotation = rotation;
        this.issueSpacing = issueSpacing;
        this.jitter = jitter;
    }

    public Step<Effect> on(Input input, Instant now) {
        var effects = new ArrayList<Effect>();
        switch (input) {
            case Input.Start() -> started = true;
            case Input.RequestToken(long id, Instant deadline) -> waiters.put(id, deadline);
            case Input.Withdraw(long id) -> waiters.remove(id);
            case Input.Obtained(Token fresh, boolean fromStore) -> obtained(fresh, fromStore, now, effects);
            case Input.Failed failed -> failed(failed, now, effects);
            case Input.Rejected(Secret value, String code) -> rejected(value, code, now, effects);
            case Input.Tick() -> {}
        }
        serveWaiters(now, effects);
        fetchIfDue(now, effects);
        refuseLateWaiters(now, effects);
        nextChange(now).ifPresent(at -> effects.add(new Effect.ArmTimer(at)));
        return new Step<>(effects);
    }

    /** The token for a call made now. */
    public Optional<Token> current(Instant now) {
        return token.filter(cached -> now.isBefore(cached.expiresAt()));
    }

    private void obtained(Token fresh, boolean fromStore, Instant now, List<Effect> effects) {
        boolean same =
                token.filter(cached -> cached.value().equals(fresh.value())).isPresent();
        boolean isRecovery = failures >= ALERT_AFTER;
        fetching = false;
        failures = 0;
        token = Optional.of(fresh);
        obtainedAt = now;
        nextIssueAt = (fromStore ? fresh.issuedAt() : now).plus(issueSpacing());
        renewAt = renewal(fresh, same, now);
        if (!same || isRecovery) {
            effects.add(new Effect.PublishEvent(new KisEvent.TokenIssued(fresh.expiresAt(), fromStore)));
        }
    }

    private Instant renewal(Token fresh, boolean same, Instant now) {
        Instant end = fresh.expiresAt().minus(RENEW_BEFORE);
        Instant due =
                rotation.map(age -> earlier(fresh.issuedAt().plus(age), end)).orElse(end);
        if (due.isAfter(now)) {
            return due;
        }
        // KIS repeats a young token: requesting it every moment until it expires would change nothing.
        if (same && end.isAfter(now)) {
            return earlier(now.plus(REPLACEMENT_SPACING_MAX), end);
        }
        return later(now.plus(issueSpacing), same ? fresh.expiresAt() : now);
    }

    private void failed(Input.Failed failed, Instant now, List<Effect> effects) {
        fetching = false;
        if (failed.failure() == Failure.NOT_STORED) {
            nextFetchAt = later(nextIssueAt, now);
            return;
        }
        failures++;
        boolean credentials = CREDENTIALS.contains(failed.code());
        boolean mayHaveCounted =
                failed.failure() == Failure.LOST || failed.code().equals("EGW00133");
        Duration wait = credentials ? CREDENTIALS_WAIT : mayHaveCounted ? issueSpacing : backoff();
        nextFetchAt = now.plus(wait);
        lastCode = failed.code();
        lastMessage = failed.message();
        String next = "; the next token request is in " + wait.toSeconds() + " s"
                + (mayHaveCounted ? ", because KIS issues one a minute" : "");
        effects.add(new Effect.PublishEvent(
                new KisEvent.TokenFailed(lastCode, lastMessage + next, credentials || failures == ALERT_AFTER)));
    }

    private void rejected(Secret value, String code, Instant now, List<Effect> effects) {
        Optional<Token> rejectedToken = token.filter(cached -> cached.value().equals(value));
        if (rejectedToken.isEmpty()) {
            return; // Another call has reported it before: the replacement is available or requested.
        }
        if (obtainedAt.plus(HEALTHY_AGE).isBefore(now)) {
            consecutiveReplacements = 0;
        } else {
            // From when KIS issued it: one that this process has just read from the store may be old.
            nextIssueAt = later(nextIssueAt, rejectedToken.get().issuedAt().plus(issueSpacing()));
        }
        consecutiveReplacements++;
        token = Optional.empty();
        rejected = Optional.of(value);
        renewAt = Instant.MAX;
        lastCode = code;
        lastMessage = "KIS rejected the access token";
        effects.add(new Effect.PublishEvent(new KisEvent.TokenRejected(code)));
    }

    private void serveWaiters(Instant now, List<Effect> effects) {
        current(now).ifPresent(cached -> {
            waiters.keySet().forEach(id -> effects.add(new Effect.Serve(id, cached)));
            waiters.clear();
        });
    }

    private void fetchIfDue(Instant now, List<Effect> effects) {
        if (needsToken(now) && !fetching && !now.isBefore(nextFetchAt)) {
            fetching = true;
            Optional<Secret> cached = current(now).map(Token::value);
            effects.add(new Effect.Obtain(
                    cached.or(() -> rejected), cached.isEmpty() && rejected.isPresent(), !now.isBefore(nextIssueAt)));
        }
    }

    private boolean needsToken(Instant now) {
        return (started || !waiters.isEmpty()) && (current(now).isEmpty() || !now.isBefore(renewAt));
    }

    private void refuseLateWaiters(Instant now, List<Effect> effects) {
        Instant earliest = fetching ? now : later(nextFetchAt, now);
        waiters.entrySet().removeIf(waiter -> {
            boolean isLate = !now.isBefore(waiter.getValue()) || earliest.isAfter(waiter.getValue());
            if (isLate) {
                effects.add(new Effect.Refuse(waiter.getKey(), lastCode, lastMessage, Duration.between(now, earliest)));
            }
            return isLate;
        });
    }

    private Optional<Instant> nextChange(Instant now) {
        Instant next = Instant.MAX;
        for (Instant deadline : waiters.values()) {
            next = earlier(next, deadline);
        }
        if (!fetching && needsToken(now)) {
            next = earlier(next, nextFetchAt);
        } else if (!fetching && started) {
            next = earlier(next, later(renewAt, nextFetchAt));
        }
        if (token.isPresent() && current(now).isPresent()) {
            next = earlier(next, token.get().expiresAt());
        }
        return next.equals(Instant.MAX) ? Optional.empty() : Optional.of(next);
    }

    private Duration issueSpacing() {
        Duration spacing = issueSpacing.multipliedBy(1L << Math.min(consecutiveReplacements, 6));
        Duration bounded = spacing.compareTo(REPLACEMENT_SPACING_MAX) > 0 ? REPLACEMENT_SPACING_MAX : spacing;
        return consecutiveReplacements == 0 ? issueSpacing : bounded;
    }

    private Duration backoff() {
        long seconds = Math.min(60, 1L << Math.min(failures - 1, 6));
        return Duration.ofMillis(seconds * 1000 + jitter.nextLong(seconds * 200 + 1));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
