package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.Gatekeeper;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.settings.Masked;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gatekeeper. A key that comes is judged in every mode; without one the caller is local and welcome where keys are not
 * required. The operator token of the settings gives whoever shows it the role of an operator for that call.
 */
public final class Access implements Gatekeeper {
    private static final Logger DEEDS = LoggerFactory.getLogger(SecurityLog.DEEDS);
    /** Keys and their addresses of which the first use was written down; what comes beyond is not. */
    private static final int LOG_INS_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(SecurityLog.ATTEMPTS);
    private static final String BEARER = "bearer ";
    /** Neither is the id of a key, which has eight characters. */
    private static final String UNKNOWN_KEY = "?";

    private static final String OPERATOR_TOKEN = "operator-token";
    private static final String KEY_HELP = "Send Authorization: Bearer with your API key; ./kis keys create makes one.";

    private final boolean keysRequired;
    private final KeyRing keys;
    private final Optional<Masked> operatorToken;
    private final int callsPerSecond;
    private final InstantSource clock;
    private final InstantSource course;
    private final Lockout lockout;
    private final CallRates rates = new CallRates();
    private final Set<LogIn> logIns = ConcurrentHashMap.newKeySet();
    private final LongAdder unauthenticated = new LongAdder();
    private final LongAdder forbidden = new LongAdder();
    private final LongAdder lockedOut = new LongAdder();
    private final LongAdder overQuota = new LongAdder();

    private record LogIn(String key, String address) {}

    /** Calls that were turned away since the start. */
    public record TurnedAway(long unauthenticated, long forbidden, long lockedOut, long overQuota) {}

    /**
     * @param keysRequired whether a call without a key is refused
     * @param callsPerSecond quota of a key that has none of its own
     * @param course a clock that never goes back
     */
    public Access(
            boolean keysRequired,
            KeyRing keys,
            Optional<Masked> operatorToken,
            int callsPerSecond,
            InstantSource clock,
            InstantSource course) {
        this.keysRequired = keysRequired;
        this.keys = keys;
        this.operatorToken = operatorToken;
        this.callsPerSecond = callsPerSecond;
        this.clock = clock;
        this.course = course;
        this.lockout = new Lockout(clock::millis);
    }

    @Override
    public Caller admit(Knock knock, Optional<Role> needed) {
        if (needed.isEmpty()) {
            return Caller.local(Role.QUOTE);
        }
        var text = given(knock);
        var caller = text.isPresent() ? keyed(knock, text.get()) : keyless(knock);
        if (caller.role().covers(needed.get())) {
            return caller;
        }
        return raised(knock, caller, needed.get());
    }

    public TurnedAway turnedAway() {
        return new TurnedAway(unauthenticated.sum(), forbidden.sum(), lockedOut.sum(), overQuota.sum());
    }

    /** Releases what is kept about a key that is gone; of one that was only rotated it stays. */
    public void forget(String name) {
        if (!keys.hasValid(name)) {
            rates.forget(name);
        }
    }

    private Optional<String> given(Knock knock) {
        var bearer = knock.authorization()
                .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .map(header -> header.substring(BEARER.length()).strip());
        var other = knock.apiKey().map(String::strip);
        if (bearer.isPresent() && other.isPresent() && !bearer.equals(other)) {
            throw turnedAway("Authorization and X-API-Key carry two different keys; send one.");
        }
        return bearer.or(() -> other);
    }

    private Caller keyless(Knock knock) {
        if (keysRequired) {
            throw turnedAway("This gateway needs an API key. " + KEY_HELP);
        }
        if (operatorToken.isEmpty()) {
            return Caller.local(Role.ADMIN);
        }
        // Where an operator's token is set, only a caller that shows it is an operator. A wrong one is refused on every
        // call: answered as if none were shown, calls whose body needs an operator would tell wrong from right
        // uncounted.
        var shown = knock.operatorToken().filter(text -> !text.isEmpty());
        shown.ifPresent(token -> requireOperatorToken(knock, Caller.LOCAL_NAME, token));
        return Caller.local(shown.isPresent() ? Role.ADMIN : Role.TRADE);
    }

    private Caller keyed(Knock knock, String text) {
        Instant now = clock.instant();
        var parsed = KeyText.parse(text);
        var key = parsed.flatMap(told -> keys.find(told.id()));
        String id = key.map(ApiKey::id).orElse(UNKNOWN_KEY);
        // The owner of another key at the same address is not kept waiting by this one.
        var attempt = Lockout.Attempt.of(id, id, knock.address());
        refuseIfLocked(attempt, now);
        var opened = key.flatMap(it -> it.opened(parsed.orElseThrow().hash(), now));
        if (key.isEmpty() || opened.isEmpty()) {
            lockout.wrong(attempt, now);
            LOG.warn(
                    "key_wrong address={} id={}",
                    knock.address(),
                    parsed.map(KeyText::id).orElse("-"));
            throw turnedAway("The API key is not known. " + KEY_HELP);
        }
        lockout.right(attempt);
        switch (key.get().state(now)) {
            case EXPIRED -> throw turnedAway("The API key has expired. " + KEY_HELP);
            case REVOKED -> throw turnedAway("The API key was revoked. " + KEY_HELP);
            case VALID -> {}
        }
        if (!key.get().mayComeFrom(knock.address())) {
            LOG.warn(
                    "key_from_elsewhere address={} id={}",
                    knock.address(),
                    key.get().id());
            throw turnedAway("The API key may not be used from this address.");
        }
        rates.take(key.get().name(), key.get().callsPerSecond().orElse(callsPerSecond), nanos(course.instant()))
                .ifPresent(wait -> {
                    overQuota.increment();
                    throw new RefusedException(Refusal.of(
                                    ErrorCode.QUOTA_EXCEEDED,
                                    "The key makes more than its "
                                            + key.get().callsPerSecond().orElse(callsPerSecond)
                                            + " calls a second; wait and try again.")
                            .retryAfter(atLeastAMilli(wait)));
                });
        recordLogIn(key.get(), knock.address());
        return key.get().caller(opened.get());
    }

    /** The first use of a key from an address since the start. */
    private void recordLogIn(ApiKey key, String address) {
        var logIn = new LogIn(key.id(), address);
        if (!logIns.contains(logIn) && logIns.size() < LOG_INS_MAX && logIns.add(logIn)) {
            DEEDS.info(
                    "key_used_first id={} name={} role={} address={}",
                    key.id(),
                    key.name(),
                    key.role().word(),
                    address);
        }
    }

    /** The operator token makes an operator of whoever may come in, and of nobody an administrator. */
    private Caller raised(Knock knock, Caller caller, Role needed) {
        var shown = knock.operatorToken().filter(text -> !text.isEmpty());
        if (needed == Role.OPERATOR && shown.isPresent()) {
            requireOperatorToken(knock, caller.name(), shown.get());
            return caller.as(Role.OPERATOR);
        }
        forbidden.increment();
        if (caller.isLocal()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.OPERATOR_TOKEN_REQUIRED, "The header X-Operator-Token is required for this call."));
        }
        throw new RefusedException(Refusal.of(
                        ErrorCode.FORBIDDEN,
                        "This call needs the role " + needed.word() + "; your key has "
                                + caller.role().word() + ".")
                .with("role", caller.role().word())
                .with("needed", needed.word()));
    }

    /** The token is one secret for all, and each holder at each address is counted alone as well. */
    private void requireOperatorToken(Knock knock, String holder, String shown) {
        Instant now = clock.instant();
        var attempt = Lockout.Attempt.of(OPERATOR_TOKEN, holder, knock.address());
        refuseIfLocked(attempt, now);
        if (operatorToken.isPresent() && operatorToken.get().matches(shown)) {
            lockout.right(attempt);
            return;
        }
        lockout.wrong(attempt, now);
        LOG.warn("operator_token_wrong address={} key={}", knock.address(), holder);
        unauthenticated.increment();
        throw new RefusedException(Refusal.of(
                ErrorCode.OPERATOR_TOKEN_WRONG,
                operatorToken.isPresent()
                        ? "The operator token is another one."
                        : "No operator token is set, so none can be right; set GATEWAY_OPERATOR_TOKEN and start"
                                + " again, or use an operator's key."));
    }

    private void refuseIfLocked(Lockout.Attempt attempt, Instant now) {
        lockout.wait(attempt, now).ifPresent(wait -> {
            lockedOut.increment();
            LOG.warn("locked_out wait={}", wait);
            throw new RefusedException(Refusal.of(
                            ErrorCode.LOCKED_OUT,
                            "Too many wrong ones were shown for this key or token; wait and use the right one.")
                    .retryAfter(atLeastAMilli(wait)));
        });
    }

    private static long nanos(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
    }

    private static Duration atLeastAMilli(Duration wait) {
        return wait.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : wait;
    }

    private RefusedException turnedAway(String message) {
        unauthenticated.increment();
        return new RefusedException(Refusal.of(ErrorCode.UNAUTHENTICATED, message));
    }
}
