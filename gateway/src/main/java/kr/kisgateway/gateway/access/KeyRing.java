package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import kr.kisgateway.gateway.access.KeyStore.KeyStoreException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.task.TaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All keys in memory, and the operations to change them. A change by another process, as by the {@code keys} command or by
 * another node, is applied here within a second.
 */
public final class KeyRing implements AutoCloseable {
    /** Maximum number of keys, the revoked ones included: their names are never reused. */
    public static final int KEYS_MAX = 10_000;

    private static final Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);
    private static final Logger LOG = LoggerFactory.getLogger("gateway.access");
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final KeyStore store;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Logins logins;
    /** SQLite is used on one platform thread; callers are virtual ones. */
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("access-keys").daemon().factory());

    private volatile Map<String, ApiKey> byId = Map.of();
    private volatile Consumer<Pass> invalidationListener = pass -> {};
    /** Valid passes at the last check; written by the keys' thread only. */
    private volatile Set<Pass> valid = Set.of();

    private volatile Optional<TaskRunner.Task> watch = Optional.empty();
    private long version;

    /**
     * Credentials that a caller was admitted with.
     *
     * @param name of the key
     * @param secretFingerprint of the secret, of which a key has two while it is being rotated, or of the login
     */
    public record Pass(String name, String secretFingerprint) {
        /** Whether it is a login's, which may end while the key lasts. */
        public boolean isLogin() {
            return secretFingerprint.startsWith(Login.FINGERPRINT);
        }
    }

    /**
     * A login and the value of its cookie, which is stored nowhere.
     *
     * @param token 256 random bits in base64url
     */
    record NewLogin(String token, Login login) {}

    /** A login with its key, both valid. */
    record LoggedIn(ApiKey key, Login login) {}

    /**
     * A key and its text, which cannot be displayed again.
     *
     * @param face its virtual app key, if it has one; after a rotation without the app key, which is stored nowhere
     */
    public record NewKey(ApiKey key, KeyText text, Optional<FaceText> face) {}

    /** Result of creating a key. */
    public sealed interface CreateResult {
        record Created(NewKey newKey) implements CreateResult {}

        /** A key, valid or not, has the name. */
        record NameTaken() implements CreateResult {}

        /** There are {@link #KEYS_MAX}. */
        record Full() implements CreateResult {}
    }

    /** As below, without logins. */
    public KeyRing(KeyStore store, InstantSource clock, RandomGenerator random) {
        this(store, clock, random, LoginLimits.NONE);
    }

    /**
     * Reads the keys once, so that a damaged file, or a database that cannot be reached, is detected at the start.
     *
     * @param random a cryptographically strong source
     */
    public KeyRing(KeyStore store, InstantSource clock, RandomGenerator random, LoginLimits loginLimits) {
        this.store = store;
        this.clock = clock;
        this.random = random;
        this.logins = new Logins(store, loginLimits);
        runOnKeyThread(() -> {
            reload();
            return true;
        });
    }

    /** Starts watching for changes by other processes. */
    public KeyRing startWatching(TaskRunner tasks) {
        watch = Optional.of(tasks.every("access-keys-watch", CHECK_INTERVAL, () -> runOnKeyThread(this::check)));
        return this;
    }

    /** @param listener receives each pass that is no longer valid, on the keys' thread */
    public void onPassInvalidated(Consumer<Pass> listener) {
        invalidationListener = listener;
    }

    /** The key of that id, whether or not it is valid. */
    public Optional<ApiKey> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Every key, revoked and expired ones included. */
    public Collection<ApiKey> all() {
        return runOnKeyThread(store::all);
    }

    /** The keys that are valid now. */
    public List<ApiKey> valid() {
        Instant now = clock.instant();
        return byId.values().stream()
                .filter(key -> key.state(now) == ApiKey.State.VALID)
                .toList();
    }

    /** The keys with a virtual app key, revoked and expired ones included. */
    public List<ApiKey> withFace() {
        return byId.values().stream().filter(key -> key.face().isPresent()).toList();
    }

    /** Whether any key is valid now. */
    public boolean hasValid() {
        Instant now = clock.instant();
        return byId.values().stream().anyMatch(key -> key.state(now) == ApiKey.State.VALID);
    }

    /** Whether the key of that name, with that secret, was valid at the last check, at most a second ago. */
    public boolean isValid(Pass pass) {
        return valid.contains(pass);
    }

    /** Whether a key of that name exists, valid or not. */
    public boolean hasName(String name) {
        return byId.values().stream().anyMatch(key -> key.name().equals(name));
    }

    /** Whether a key of that name is valid now. */
    public boolean hasValid(String name) {
        return valid.stream().anyMatch(pass -> pass.name().equals(name));
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        meters.resource("api_keys", () -> byId.size(), KEYS_MAX);
        meters.resource("logins", logins::count, Logins.TOTAL_MAX);
    }

    public CreateResult create(KeyRequest request) {
        return runOnKeyThread(() -> {
            reload();
            if (byId.size() >= KEYS_MAX) {
                return new CreateResult.Full();
            }
            if (byId.containsKey(request.name())) {
                // Calls take an id or a name: no name may point to another key.
                return new CreateResult.NameTaken();
            }
            var text = KeyText.generate(random);
            return insert(request, text, request.layout().map(_ -> FaceText.generate(text.id(), random)))
                    .<CreateResult>map(CreateResult.Created::new)
                    .orElseGet(CreateResult.NameTaken::new);
        });
    }

    /**
     * The key whose texts the gateway's own secret determines, so that they can be displayed again; it is created when no key
     * had its name. Empty when that key is not valid any more, or another one has its name.
     *
     * @param request of a key with a virtual app key
     * @param derive a secret of a purpose and a length, the same at every start
     */
    public Optional<NewKey> ensure(KeyRequest request, BiFunction<String, Integer, String> derive) {
        return runOnKeyThread(() -> {
            reload();
            var text = KeyText.derived(request.name(), derive);
            var face = FaceText.derived(text.id(), derive);
            var known = find(text.id());
            return known.isEmpty()
                    ? insert(request, text, Optional.of(face))
                    : known.filter(key -> key.state(clock.instant()) == ApiKey.State.VALID
                                    && key.matchingAppSecret(SecretHash.of(face.appSecret()), clock.instant())
                                            .isPresent())
                            .map(key -> new NewKey(key, text, Optional.of(face)));
        });
    }

    /** The id of the key that {@link #ensure} creates. */
    public static String ensuredId(String name, BiFunction<String, Integer, String> derive) {
        return KeyText.derived(name, derive).id();
    }

    private Optional<NewKey> insert(KeyRequest request, KeyText text, Optional<FaceText> face) {
        var key = new ApiKey(
                text.id(),
                request.name(),
                request.role(),
                request.accounts(),
                request.symbols(),
                request.strategy(),
                request.ownOrdersOnly(),
                request.networks(),
                request.callsPerSecond(),
                Instant.ofEpochMilli(clock.millis()),
                request.expiresAt(),
                Optional.empty(),
                text.hash(),
                Optional.empty(),
                face.map(faceText -> identity(text.id(), faceText, request)));
        if (!store.insert(key)) {
            return Optional.empty();
        }
        SECURITY.info(
                "key_created id={} name={} role={}",
                key.id(),
                key.name(),
                key.role().wireName());
        reload();
        return Optional.of(new NewKey(key, text, face));
    }

    /** An account number that no other key has: a CANO of KIS begins with another digit than 9. */
    private FaceIdentity identity(String id, FaceText text, KeyRequest request) {
        String account;
        do {
            account = "9%07d01".formatted(random.nextInt(10_000_000));
        } while (hasAccountNumber(account));
        return new FaceIdentity(
                SecretHash.of(text.appKey()),
                SecretHash.of(text.appSecret()),
                Optional.empty(),
                account,
                id,
                request.layout().orElseThrow(),
                request.records().orElseThrow(),
                request.ownBalances());
    }

    private boolean hasAccountNumber(String account) {
        return byId.values().stream()
                .flatMap(key -> key.face().stream())
                .anyMatch(face -> face.accountNumber().equals(account));
    }

    /** The key of that virtual app key, whether or not it is valid. */
    Optional<ApiKey> findByAppKey(String appKey) {
        return FaceText.idOf(appKey)
                .flatMap(this::find)
                .filter(key -> key.face()
                        .filter(face -> face.appKey().matches(SecretHash.of(appKey)))
                        .isPresent());
    }

    /**
     * Revokes the key from now on.
     *
     * @param idOrName either
     * @return the revoked key; empty when there is none that is not revoked yet
     */
    public Optional<ApiKey> revoke(String idOrName) {
        return runOnKeyThread(() -> {
            reload();
            return findByIdOrName(idOrName)
                    .filter(key -> store.revoke(key.id(), Instant.ofEpochMilli(clock.millis())))
                    .flatMap(key -> {
                        SECURITY.info("key_revoked id={} name={}", key.id(), key.name());
                        reload();
                        return find(key.id());
                    });
        });
    }

    /**
     * Replaces the key's secret.
     *
     * @param grace how long the present one remains valid beside it
     */
    public Optional<NewKey> rotate(String idOrName, Duration grace) {
        return runOnKeyThread(() -> {
            reload();
            return findByIdOrName(idOrName).flatMap(key -> {
                var text = KeyText.withNewSecret(key.id(), random);
                var face = key.face().map(_ -> new FaceText("", FaceText.secret(random)));
                if (!store.rotate(
                        key.id(),
                        text.hash(),
                        face.map(it -> SecretHash.of(it.appSecret())),
                        Instant.ofEpochMilli(clock.millis()).plus(grace))) {
                    return Optional.<NewKey>empty();
                }
                SECURITY.info("key_rotated id={} name={}", key.id(), key.name());
                reload();
                return find(key.id()).map(now -> new NewKey(now, text, face));
            });
        });
    }

    LoginLimits loginLimits() {
        return logins.limits();
    }

    /** Makes a login for the key that {@code caller} presented; empty when there are {@link Logins#TOTAL_MAX}. */
    Optional<NewLogin> logIn(Caller caller) {
        return runOnKeyThread(() -> {
            var key = findByName(caller.name()).orElseThrow();
            String token = KeyText.secret(random);
            var now = Instant.ofEpochMilli(clock.millis());
            var login = new Login(SecretHash.of(token), key.id(), caller.secretFingerprint(), now, now);
            if (!logins.add(login)) {
                return Optional.empty();
            }
            SECURITY.info(
                    "logged_in id={} name={} login={}",
                    key.id(),
                    key.name(),
                    login.token().fingerprint());
            replaceKeys(byId);
            return Optional.of(new NewLogin(token, login));
        });
    }

    /** The login with this token; empty when it is over, or its key is not valid any more. */
    Optional<LoggedIn> loggedIn(String token) {
        Instant now = clock.instant();
        return logins.find(token, now)
                .filter(login -> isKeyValid(login, now))
                .flatMap(login -> find(login.keyId()).map(key -> new LoggedIn(key, login)));
    }

    /** A call was made with {@code login}. */
    void recordUse(Login login) {
        logins.recordUse(login, clock.instant());
    }

    /** The login by which {@code caller} calls; empty for a caller with a key or without one. */
    Optional<Login> loginOf(Caller caller) {
        return logins.findByFingerprint(caller.secretFingerprint());
    }

    /**
     * Ends the login of {@code caller}.
     *
     * @param everywhere whether the others of its key end, too
     */
    void logOut(Caller caller, boolean everywhere) {
        runOnKeyThread(() -> {
            var ended = everywhere
                    ? findByName(caller.name())
                            .map(key -> logins.ofKey(key.id()))
                            .orElse(List.of())
                    : loginOf(caller).stream().toList();
            for (var login : ended) {
                logins.remove(login);
                SECURITY.info(
                        "logged_out name={} login={}",
                        caller.name(),
                        login.token().fingerprint());
            }
            replaceKeys(byId);
            return true;
        });
    }

    private boolean isKeyValid(Login login, Instant now) {
        return find(login.keyId()).stream()
                .flatMap(key -> key.secrets(now).stream())
                .anyMatch(secret -> secret.fingerprint().equals(login.keySecret()));
    }

    /** The access tokens issued after {@code second} (since 1970); earlier ones are forgotten. */
    public List<IssuedToken> tokensAfter(long second) {
        return runOnKeyThread(() -> store.tokensAfter(second));
    }

    /** Stores a token, or that it was revoked; it is durable when this returns. */
    public void save(IssuedToken token) {
        runOnKeyThread(() -> {
            store.save(token);
            return true;
        });
    }

    /** The key of that id or name, whether or not it is valid. */
    public Optional<ApiKey> findByIdOrName(String idOrName) {
        return find(idOrName).or(() -> findByName(idOrName));
    }

    /** The key with this name; its id is not considered. */
    Optional<ApiKey> findByName(String name) {
        return byId.values().stream().filter(key -> key.name().equals(name)).findFirst();
    }

    @Override
    public void close() {
        watch.ifPresent(TaskRunner.Task::close);
        // A check in progress needs the thread.
        boolean ended = watch.map(task -> task.awaitEnd(CLOSE_LIMIT)).orElse(true);
        thread.shutdown();
        try {
            if (!ended || !thread.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("keys_still_in_use");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }

    private <T> T runOnKeyThread(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, thread).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof KeyStoreException broken) {
                throw broken;
            }
            throw e;
        }
    }

    private boolean check() {
        try {
            if (store.version() != version) {
                reload();
            }
            replaceKeys(byId);
            Instant now = clock.instant();
            logins.tidy(login -> isKeyValid(login, now), now);
            return true;
        } catch (KeyStoreException e) {
            // The cached keys stay in force; each further check logs the error again.
            LOG.error("keys_unreadable cause=\"{}\"", e.getMessage());
            return false;
        }
    }

    private void reload() {
        long found = store.version();
        // The logins first: a key that was read before a login of its new secret was made would seem to end that login.
        logins.reload();
        var keys = new HashMap<String, ApiKey>();
        store.all().forEach(key -> keys.put(key.id(), key));
        replaceKeys(keys);
        version = found; // not before: what could not be read is read with the next check
    }

    /** Notifies of passes that are no longer valid: revoked, expired, or rotated since the last check. */
    private void replaceKeys(Map<String, ApiKey> keys) {
        Instant now = clock.instant();
        var passes = new HashSet<Pass>();
        for (ApiKey key : keys.values()) {
            key.secrets(now).forEach(secret -> passes.add(new Pass(key.name(), secret.fingerprint())));
        }
        byId = Map.copyOf(keys);
        logins.valid(login -> isKeyValid(login, now), now)
                .forEach(login ->
                        find(login.keyId()).ifPresent(key -> passes.add(new Pass(key.name(), login.fingerprint()))));
        List<Pass> invalidated =
                valid.stream().filter(pass -> !passes.contains(pass)).toList();
        // Before a new secret is accepted, it counts as valid; otherwise the stream would refuse it.
        valid = passes;
        invalidated.forEach(invalidationListener);
    }
}
