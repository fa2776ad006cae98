package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * The logins, in memory and where the keys are, so that a page survives a restart of the gateway, and may call any node. Reads are of
 * any thread; everything else is of the keys' thread.
 */
final class Logins {
    /** Logins of one key; a further one ends the one that was used least recently. */
    static final int OF_KEY_MAX = 20;

    /** Logins of all keys; further ones are refused. */
    static final int TOTAL_MAX = 2_000;

    /** The time of the last call is stored when the stored one is older than this. */
    private static final Duration STORE_INTERVAL = Duration.ofMinutes(1);

    private final KeyStore store;
    private final LoginLimits limits;
    private final ConcurrentMap<String, Login> byToken = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Instant> storedUse = new ConcurrentHashMap<>();

    Logins(KeyStore store, LoginLimits limits) {
        this.store = store;
        this.limits = limits;
    }

    LoginLimits limits() {
        return limits;
    }

    int count() {
        return byToken.size();
    }

    /** The login with this token that is not over. */
    Optional<Login> find(String token, Instant now) {
        return Optional.ofNullable(byToken.get(SecretHash.of(token).hex())).filter(login -> !login.isOver(limits, now));
    }

    /** The logins of a key. */
    List<Login> ofKey(String keyId) {
        return byToken.values().stream()
                .filter(login -> login.keyId().equals(keyId))
                .toList();
    }

    /** The login with this fingerprint. */
    Optional<Login> findByFingerprint(String fingerprint) {
        return byToken.values().stream()
                .filter(login -> login.fingerprint().equals(fingerprint))
                .findFirst();
    }

    /** A call was made with {@code login}. */
    void recordUse(Login login, Instant now) {
        byToken.computeIfPresent(
                login.token().hex(), (_, current) -> now.isAfter(current.usedAt()) ? current.usedAt(now) : current);
    }

    /** All that are not over, with a key that {@code isValid}. */
    List<Login> valid(Predicate<Login> isValid, Instant now) {
        return byToken.values().stream()
                .filter(login -> !login.isOver(limits, now) && isValid.test(login))
                .toList();
    }

    /** Stores a login; false when there are {@link #TOTAL_MAX}. */
    boolean add(Login login) {
        var ofKey = ofKey(login.keyId());
        ofKey.stream()
                .sorted(Comparator.comparing(Login::usedAt))
                .limit(Math.max(0, ofKey.size() - OF_KEY_MAX + 1))
                .forEach(this::remove);
        if (byToken.size() >= TOTAL_MAX) {
            return false;
        }
        store.save(login);
        put(login);
        return true;
    }

    void remove(Login login) {
        store.delete(login);
        byToken.remove(login.token().hex());
        storedUse.remove(login.token().hex());
    }

    /** Reads the stored logins, which another process may have changed: it may have ended some, and been called with others. */
    void reload() {
        var stored = store.logins();
        byToken.values()
                .removeIf(login -> stored.stream().noneMatch(it -> it.token().equals(login.token())));
        storedUse.keySet().retainAll(byToken.keySet());
        stored.forEach(this::put);
    }

    private void put(Login stored) {
        byToken.merge(
                stored.token().hex(), stored, (known, _) -> stored.usedAt().isAfter(known.usedAt()) ? stored : known);
        storedUse.put(stored.token().hex(), stored.usedAt());
    }

    /** Deletes the logins that are over or whose key is not {@code isValid}, and stores when the others were used. */
    void tidy(Predicate<Login> isValid, Instant now) {
        for (var login : List.copyOf(byToken.values())) {
            String token = login.token().hex();
            if (login.isOver(limits, now) || !isValid.test(login)) {
                remove(login);
            } else if (login.usedAt()
                    .isAfter(storedUse.getOrDefault(token, Instant.EPOCH).plus(STORE_INTERVAL))) {
                store.saveUse(login);
                storedUse.put(token, login.usedAt());
            }
        }
    }
}
