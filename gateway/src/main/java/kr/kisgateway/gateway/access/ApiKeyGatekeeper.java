package kr.kisgateway.gateway.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.ClientNetwork;
import kr.kisgateway.gateway.http.Gatekeeper;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.meter.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gatekeeper with API keys. A key is verified in every mode; without one the caller is local and admitted where
 * keys are not required. The operator token of the settings grants the role of an operator for that call.
 */
public final class ApiKeyGatekeeper implements Gatekeeper {
    private static final Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);
    /** Maximum keys and addresses whose first use is logged; further ones are not. */
    private static final int FIRST_USES_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(SecurityLog.ATTEMPTS);
    private static final String BEARER = "bearer ";
    /** Not a valid key id, which has eight characters. */
    private static final String UNKNOWN_KEY = "?";

    private static final String OPERATOR_TOKEN = "operator-token";
    private static final String KEY_HELP = "Send Authorization: Bearer with your API key; ./kis keys create makes one.";

    private final boolean keysRequired;
    private final KeyRing keys;
    private final Optional<Secret> operatorToken;
    private final int callsPerSecond;
    private final InstantSource clock;
    private final InstantSource monotonicClock;
    private final Lockout lockout;
    private final CallRates rates = new CallRates();
    private final Set<FirstUse> firstUses = ConcurrentHashMap.newKeySet();
    private volatile Optional<RefusedKeys> refusedKeys = Optional.empty();
    private final LongAdder unauthenticated = new LongAdder();
    private final LongAdder forbidden = new LongAdder();
    private final LongAdder lockedOut = new LongAdder();
    private final LongAdder overQuota = new LongAdder();

    private record FirstUse(String key, String address) {}

    /**
     * @param keysRequired whether a call without a key is refused
     * @param callsPerSecond quota of a key that has none of its own
     * @param monotonicClock a clock that never goes back
     */
    public ApiKeyGatekeeper(
            boolean keysRequired,
            KeyRing keys,
            Optional<Secret> operatorToken,
            int callsPerSecond,
            InstantSource clock,
            InstantSource monotonicClock) {
        this.keysRequired = keysRequired;
        this.keys = keys;
        this.operatorToken = operatorToken;
        this.callsPerSecond = callsPerSecond;
        this.clock = clock;
        this.monotonicClock = monotonicClock;
        this.lockout = new Lockout(clock::millis);
    }

    @Override
    public Caller admit(RequestCredentials credentials, Optional<Role> needed) {
        if (needed.isEmpty()) {
            return Caller.local(Role.QUOTE);
        }
        var text = presentedKey(credentials);
        var caller = text.isPresent()
                ? admitWithKey(credentials, text.get())
                : admitWithLogin(credentials).orElseGet(() -> admitWithoutKey(credentials));
        if (caller.role().covers(needed.get())) {
            return caller;
        }
        return elevate(credentials, caller, needed.get());
    }

    /**
     * Where keys are needed, none is: the address of a proxy on this machine is this machine's, too, and stands for callers
     * from anywhere.
     */
    @Override
    public boolean isOpenFor(RequestCredentials credentials) {
        return !needsKey(credentials)
                && presentedKey(credentials).isEmpty()
                && ClientNetwork.of(credentials.address()).isLoopbackAddress();
    }

    /** Sets what counts refused keys by address. */
    public void reportTo(RefusedKeys refused) {
        refusedKeys = Optional.of(refused);
    }

    /** Registers the meters of refused calls. */
    public void bindTo(Meters meters) {
        lockout.bindTo(meters, "lockout");
        meters.cacheLimit("first_uses", firstUses::size, FIRST_USES_MAX);
        Map.of("unauthenticated", unauthenticated, "forbidden", forbidden, "locked_out", lockedOut, "quota", overQuota)
                .forEach((reason, count) -> meters.counter(
                        "access.refused", "calls", "Calls refused by the gatekeeper", count::sum, "reason", reason));
    }

    /** Releases the state of a key that no longer exists; that of a rotated key remains. */
    public void releaseKey(String name) {
        if (!keys.hasValid(name)) {
            rates.remove(name);
        }
    }

    private Optional<String> presentedKey(RequestCredentials credentials) {
        var bearer = credentials
                .authorization()
                .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .map(header -> header.substring(BEARER.length()).strip());
        var other = credentials.apiKey().map(String::strip);
        if (bearer.isPresent() && other.isPresent() && !bearer.equals(other)) {
            throw turnedAway("Authorization and X-API-Key carry two different keys; send one.");
        }
        return bearer.or(() -> other);
    }

    private boolean needsKey(RequestCredentials credentials) {
        return keysRequired || credentials.keyNeeded();
    }

    private Caller admitWithoutKey(RequestCredentials credentials) {
        if (needsKey(credentials)) {
            throw turnedAway("This gateway needs an API key. " + KEY_HELP);
        }
        if (operatorToken.isEmpty()) {
            return Caller.local(Role.ADMIN);
        }
        // Where an operator token is set, only a caller that presents it is an operator. A wrong one is refused on
        // every call: if it were treated as absent, calls whose body needs an operator would distinguish wrong from
        // right uncounted.
        var presentedToken = credentials.operatorToken().filter(text -> !text.isEmpty());
        presentedToken.ifPresent(token -> requireOperatorToken(credentials, Caller.LOCAL_NAME, token));
        return Caller.local(presentedToken.isPresent() ? Role.ADMIN : Role.TRADE);
    }

    /**
     * The caller whom the cookie of a login names; empty without a valid one. A wrong cookie is not counted as a guess: its value
     * has 256 random bits, and pages that were left open send those of logins that are over.
     */
    private Optional<Caller> admitWithLogin(RequestCredentials credentials) {
        return credentials.login().flatMap(cookie -> {
            var loggedIn = keys.loggedIn(cookie.token());
            if (loggedIn.isEmpty() && needsKey(credentials)) {
                throw turnedAway("The login has ended. Log in again with your API key.");
            }
            return loggedIn.map(it -> {
                requireAddress(credentials, it.key());
                if (cookie.changing() && !isCsrfToken(cookie)) {
                    LOG.warn(
                            "csrf_token_wrong address={} id={}",
                            credentials.address(),
                            it.key().id());
                    forbidden.increment();
                    throw new RefusedException(Refusal.of(
                            ErrorCode.CSRF_TOKEN_WRONG,
                            "A changing call by a login needs the header X-CSRF-Token with the value that GET /v1/login"
                                    + " answers."));
                }
                takeQuota(it.key());
                keys.recordUse(it.login());
                return it.key().toCaller(it.login());
            });
        });
    }

    private static boolean isCsrfToken(LoginCredentials cookie) {
        return MessageDigest.isEqual(
                Login.csrfToken(cookie.token()).getBytes(StandardCharsets.UTF_8),
                cookie.csrfToken().orElse("").getBytes(StandardCharsets.UTF_8));
    }

    private Caller admitWithKey(RequestCredentials credentials, String text) {
        Instant now = clock.instant();
        var parsed = KeyText.parse(text);
        var key = parsed.flatMap(keyText -> keys.find(keyText.id()));
        String id = key.map(ApiKey::id).orElse(UNKNOWN_KEY);
        // The owner of another key at the same address is not delayed by this one.
        var attempt = Lockout.Attempt.of(id, id, credentials.address());
        var claimedId = parsed.map(KeyText::id).orElse("-");
        refuseIfLocked(attempt, credentials.address(), key.map(ApiKey::name).orElse(claimedId), now);
        var matchedSecret =
                key.flatMap(it -> it.matchingSecret(parsed.orElseThrow().hash(), now));
        if (key.isEmpty() || matchedSecret.isEmpty()) {
            lockout.recordFailure(attempt, now);
            countRefused(credentials.address(), now);
            LOG.warn("key_wrong address={} id={}", credentials.address(), claimedId);
            throw turnedAway("The API key is invalid. " + KEY_HELP);
        }
        lockout.recordSuccess(attempt);
        if (key.get().state(now) != ApiKey.State.VALID || !key.get().allowsAddress(credentials.address())) {
            countRefused(credentials.address(), now);
        }
        switch (key.get().state(now)) {
            case EXPIRED -> throw turnedAway("The API key has expired. " + KEY_HELP);
            case REVOKED -> throw turnedAway("The API key was revoked. " + KEY_HELP);
            case VALID -> {}
        }
        requireAddress(credentials, key.get());
        takeQuota(key.get());
        recordFirstUse(key.get(), credentials.address());
        return key.get().toCaller(matchedSecret.get());
    }

    private void requireAddress(RequestCredentials credentials, ApiKey key) {
        if (!key.allowsAddress(credentials.address())) {
            LOG.warn("key_network_refused address={} id={}", credentials.address(), key.id());
            throw turnedAway("The API key may not be used from this address.");
        }
    }

    private void takeQuota(ApiKey key) {
        int quota = key.callsPerSecond().orElse(callsPerSecond);
        rates.take(key.name(), quota, monotonicClock.instant()).ifPresent(wait -> {
            overQuota.increment();
            throw new RefusedException(Refusal.of(
                            ErrorCode.QUOTA_EXCEEDED,
                            "The key makes more than its " + quota + " calls a second; wait and try again.")
                    .retryAfter(wait));
        });
    }

    /** Logs the first use of a key from an address since the start. */
    private void recordFirstUse(ApiKey key, String address) {
        var firstUse = new FirstUse(key.id(), address);
        if (!firstUses.contains(firstUse) && firstUses.size() < FIRST_USES_MAX && firstUses.add(firstUse)) {
            SECURITY.info(
                    "key_first_used id={} name={} role={} address={}",
                    key.id(),
                    key.name(),
                    key.role().wireName(),
                    address);
        }
    }

    /** The operator token makes an admitted caller an operator, and never an administrator. */
    private Caller elevate(RequestCredentials credentials, Caller caller, Role needed) {
        var presentedToken = credentials.operatorToken().filter(text -> !text.isEmpty());
        if (needed == Role.OPERATOR && presentedToken.isPresent()) {
            requireOperatorToken(credentials, caller.name(), presentedToken.get());
            return caller.withRole(Role.OPERATOR);
        }
        forbidden.increment();
        if (caller.isLocal()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.OPERATOR_TOKEN_REQUIRED, "The header X-Operator-Token is required for this call."));
        }
        throw new RefusedException(Refusal.of(
                        ErrorCode.FORBIDDEN,
                        "This call needs the role " + needed.wireName() + "; your key has "
                                + caller.role().wireName() + ".")
                .with("role", caller.role().wireName())
                .with("needed", needed.wireName()));
    }

    /** The token is one secret for all, and each holder at each address is counted separately as well. */
    private void requireOperatorToken(RequestCredentials credentials, String holder, String presentedToken) {
        Instant now = clock.instant();
        var attempt = Lockout.Attempt.of(OPERATOR_TOKEN, holder, credentials.address());
        refuseIfLocked(attempt, credentials.address(), holder, now);
        if (operatorToken.isPresent() && operatorToken.get().matches(presentedToken)) {
            lockout.recordSuccess(attempt);
            return;
        }
        lockout.recordFailure(attempt, now);
        countRefused(credentials.address(), now);
        LOG.warn("operator_token_wrong address={} key={}", credentials.address(), holder);
        unauthenticated.increment();
        throw new RefusedException(Refusal.of(
                ErrorCode.OPERATOR_TOKEN_WRONG,
                operatorToken.isPresent()
                        ? "The operator token is wrong."
                        : "No operator token is set, so none can be right; set GATEWAY_OPERATOR_TOKEN and start"
                                + " again, or use an operator's key."));
    }

    /** @param key name of the key, or the id that the caller claims, for the log */
    private void refuseIfLocked(Lockout.Attempt attempt, String address, String key, Instant now) {
        lockout.remainingWait(attempt, now).ifPresent(wait -> {
            lockedOut.increment();
            countRefused(address, now);
            LOG.warn(
                    "locked_out address={} key={} secret={} wait={}",
                    address,
                    key,
                    attempt.secret().equals(OPERATOR_TOKEN) ? OPERATOR_TOKEN : "api-key",
                    wait);
            throw new RefusedException(Refusal.of(
                            ErrorCode.LOCKED_OUT,
                            "Too many wrong ones were shown for this key or token; wait and use the right one.")
                    .retryAfter(wait));
        });
    }

    private void countRefused(String address, Instant now) {
        refusedKeys.ifPresent(it -> it.refused(address, now));
    }

    private RefusedException turnedAway(String message) {
        unauthenticated.increment();
        return new RefusedException(Refusal.of(ErrorCode.UNAUTHENTICATED, message));
    }
}
