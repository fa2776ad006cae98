package kr.kisgateway.gateway.access;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.api.access.ApiKeys;
import kr.kisgateway.api.access.MadeApiKey;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.access.KeyRequest.InvalidKeyRequestException;
import kr.kisgateway.gateway.access.KeyRing.CreateResult;
import kr.kisgateway.gateway.access.KeyRing.NewKey;
import kr.kisgateway.gateway.access.KeyStore.KeyStoreException;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;

/** {@code /v1/keys}: for administrators. A key's text is only in the answer that creates it. */
public final class KeyRoutes {
    private static final int ENTRIES_MAX = 1_000;
    private static final long GRACE_MAX_SECONDS = Duration.ofDays(30).toSeconds();

    private final KeyRing keys;
    private final Set<String> accounts;
    private final Predicate<String> listed;
    private final InstantSource clock;
    private final Supplier<OptionalInt> facePort;

    /**
     * @param accounts aliases of the configured accounts
     * @param listed whether a symbol is listed
     * @param facePort the port that speaks KIS's protocol; empty where it is off
     */
    public KeyRoutes(
            KeyRing keys,
            Set<String> accounts,
            Predicate<String> listed,
            InstantSource clock,
            Supplier<OptionalInt> facePort) {
        this.facePort = facePort;
        this.keys = keys;
        this.accounts = Set.copyOf(accounts);
        this.listed = listed;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.ADMIN, "/v1/keys", this::list)
                .post(Role.ADMIN, "/v1/keys", this::create)
                .delete(Role.ADMIN, "/v1/keys/{key}", this::revoke)
                .post(Role.ADMIN, "/v1/keys/{key}/rotate", this::rotate);
    }

    private void list(Call call) {
        var shown = readOrRefuse(keys::all).stream()
                .filter(key -> mayManage(call.caller(), key))
                .toList();
        call.answer(answer(shown, clock.instant()));
    }

    /** A key may grant, and manage, only what it has itself. A caller without a key has everything of its role. */
    private boolean mayManage(Caller caller, ApiKey key) {
        return issuer(caller).map(issuer -> issuer.covers(key)).orElse(true);
    }

    /** The key that manages others; empty for a caller without one. */
    private Optional<ApiKey> issuer(Caller caller) {
        return caller.isLocal()
                ? Optional.empty()
                : Optional.of(keys.findByName(caller.name())
                        .orElseThrow(() -> new RefusedException(
                                Refusal.of(ErrorCode.FORBIDDEN, "Your key is not valid any more."))));
    }

    /** Keys as {@code GET /v1/keys} answers them. */
    public static ApiKeys answer(Collection<ApiKey> keys, Instant now) {
        return new ApiKeys(keys.stream().map(key -> answer(key, now)).toList());
    }

    private void create(Call call) {
        var body = call.body()
                .requireOnly(Set.of(
                        "name",
                        "role",
                        "accounts",
                        "symbols",
                        "strategy",
                        "own",
                        "networks",
                        "calls_per_second",
                        "expires",
                        "unlisted",
                        "face"));
        var face = body.optionalObject("face").map(it -> it.requireOnly(Set.of("layout", "records", "sees")));
        var sees = face.flatMap(it -> it.optionalText("sees"));
        var calls = body.optionalWholeNumber("calls_per_second");
        KeyRequest request;
        try {
            var plain = KeyRequest.read(
                    body.text("name"),
                    body.text("role"),
                    texts(body, "accounts"),
                    texts(body, "symbols"),
                    body.optionalText("strategy"),
                    face.map(_ -> KeyRequest.ownOrdersOfFace(body.optionalFlag("own"), sees))
                            .or(() -> body.optionalFlag("own")),
                    body.texts("networks", ENTRIES_MAX),
                    calls.isPresent()
                            ? OptionalInt.of((int) Math.clamp(calls.getAsLong(), -1, Integer.MAX_VALUE))
                            : OptionalInt.empty(),
                    body.optionalText("expires"),
                    clock.instant());
            request = face.map(it -> plain.withFace(
                            it.optionalText("layout").orElse("current"), it.optionalText("records"), sees))
                    .orElse(plain);
            if (!body.optionalFlag("unlisted").orElse(false)) {
                request.requireExisting(accounts, listed);
            }
        } catch (InvalidKeyRequestException e) {
            throw new RefusedException(e.refusal());
        }
        issuer(call.caller()).filter(issuer -> !issuer.covers(request)).ifPresent(issuer -> {
            throw new RefusedException(Refusal.of(
                    ErrorCode.FORBIDDEN,
                    "A key grants no more than it has: the accounts, symbols, strategy, own, networks, expires and"
                            + " calls_per_second of the new key must be within those of \"" + issuer.name() + "\"."));
        });
        switch (readOrRefuse(() -> keys.create(request))) {
            case CreateResult.Created(NewKey newKey) -> answer(call, newKey);
            case CreateResult.NameTaken() ->
                throw new RefusedException(Refusal.of(
                                ErrorCode.KEY_NAME_TAKEN,
                                "A key has or had the name \"" + request.name()
                                        + "\"; orders are counted by it, so it is not given again.")
                        .with("name", request.name()));
            case CreateResult.Full() ->
                throw new RefusedException(Refusal.of(
                        ErrorCode.QUOTA_EXCEEDED, "There are " + KeyRing.KEYS_MAX + " keys; the limit is reached."));
        }
    }

    private static Optional<Collection<String>> texts(RequestBody body, String field) {
        return body.has(field) ? Optional.of(body.texts(field, ENTRIES_MAX)) : Optional.empty();
    }

    private void revoke(Call call) {
        requireManaged(call);
        var key = readOrRefuse(() -> keys.revoke(call.pathParameter("key"))).orElseThrow(KeyRoutes::unknown);
        call.answer(answer(key, clock.instant()));
    }

    /** A key with more permissions than the caller's is invisible to the caller. */
    private void requireManaged(Call call) {
        keys.findByIdOrName(call.pathParameter("key"))
                .filter(key -> !mayManage(call.caller(), key))
                .ifPresent(_ -> {
                    throw unknown();
                });
    }

    private void rotate(Call call) {
        requireManaged(call);
        var grace = Duration.ZERO;
        if (call.hasBody()) {
            var body = call.body().requireOnly(Set.of("grace_sec"));
            var seconds = body.optionalWholeNumber("grace_sec").orElse(0);
            if (seconds < 0 || seconds > GRACE_MAX_SECONDS) {
                throw RequestBody.invalid("grace_sec", "must be from 0 to " + GRACE_MAX_SECONDS);
            }
            grace = Duration.ofSeconds(seconds);
        }
        var gracePeriod = grace;
        answer(
                call,
                readOrRefuse(() -> keys.rotate(call.pathParameter("key"), gracePeriod))
                        .orElseThrow(KeyRoutes::unknown));
    }

    private void answer(Call call, NewKey newKey) {
        call.answerHeader("Cache-Control", "no-store");
        var key = answer(newKey.key(), clock.instant());
        call.answer(new MadeApiKey(
                newKey.text().reveal(),
                key.id(),
                key.prefix(),
                key.name(),
                key.role(),
                key.state(),
                key.accounts(),
                key.symbols(),
                key.strategy(),
                key.own(),
                key.networks(),
                key.callsPerSecond(),
                key.createdAt(),
                key.expiresAt(),
                key.revokedAt(),
                key.formerSecretUntil(),
                newKey.face().map(text -> face(call, newKey.key(), text))));
    }

    private MadeApiKey.Face face(Call call, ApiKey key, FaceText text) {
        var identity = key.face().orElseThrow();
        var port = facePort.get();
        Optional<URI> url = call.baseUrl().filter(_ -> port.isPresent()).map(base -> {
            var called = URI.create(base);
            return URI.create(called.getScheme() + "://" + called.getHost() + ":" + port.getAsInt());
        });
        return new MadeApiKey.Face(
                Optional.of(text.appKey()).filter(appKey -> !appKey.isEmpty()),
                text.appSecret(),
                identity.cano() + "-" + identity.productCode(),
                identity.htsId(),
                url.map(URI::toString),
                url.map(it -> it.toString().replaceFirst("http", "ws")));
    }

    private static RefusedException unknown() {
        return new RefusedException(
                Refusal.of(ErrorCode.KEY_NOT_FOUND, "There is no such key, or it was revoked already."));
    }

    /** A damaged file is answered as unavailable: no caller is refused as unauthorized because of it. */
    private static <T> T readOrRefuse(Supplier<T> work) {
        try {
            return work.get();
        } catch (KeyStoreException e) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.KEYS_UNAVAILABLE, "The keys cannot be read or written now; see the gateway's log."));
        }
    }

    private static kr.kisgateway.api.access.ApiKey answer(ApiKey key, Instant now) {
        var calls = key.callsPerSecond();
        return new kr.kisgateway.api.access.ApiKey(
                key.id(),
                "kgw_" + key.id(),
                key.name(),
                key.role().wireName(),
                key.state(now).name(),
                key.accounts().map(KeyRoutes::sorted),
                key.symbols().map(KeyRoutes::sorted),
                key.strategy(),
                key.ownOrdersOnly(),
                key.networks().stream().map(Network::text).toList(),
                calls.isPresent() ? OptionalLong.of(calls.getAsInt()) : OptionalLong.empty(),
                ApiValues.time(key.createdAt()),
                key.expiresAt().map(ApiValues::time),
                key.revokedAt().map(ApiValues::time),
                key.formerSecret()
                        .map(ApiKey.FormerSecret::until)
                        .filter(until -> until.isAfter(now))
                        .map(ApiValues::time),
                key.face()
                        .map(face -> new kr.kisgateway.api.access.ApiKey.Face(
                                face.layout(),
                                face.records().wireName(),
                                face.cano() + "-" + face.productCode(),
                                face.htsId(),
                                face.ownBalances() ? "own" : "account")));
    }

    static List<String> sorted(Set<String> values) {
        return values.stream().sorted().toList();
    }
}
