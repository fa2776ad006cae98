package kr.kisgateway.gateway.pool;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.pool.SessionPool.PoolSnapshot;
import kr.kisgateway.gateway.session.SessionView;

/** The demands of the pool in the form of the API: how each is served, and why. */
public final class DemandAnswers {
    private final SessionPool pool;
    private final SessionView session;
    private final ToIntFunction<Demand> facePrograms;

    /**
     * How a demand is served.
     *
     * @param mode {@code push}, {@code poll} or {@code none}
     * @param intervalMs of polling; empty when it is pushed
     * @param reason one of {@link Allocation.Reason}
     * @param why a sentence or two
     */
    public record Feed(String mode, OptionalLong intervalMs, String reason, String why) {}

    /**
     * The pool and the sockets at one time: reading the state of all sockets for each demand would take seconds with 20 app keys.
     *
     * @param connectedKeys ids of the app keys whose socket is open
     */
    record Moment(PoolSnapshot pool, Set<String> connectedKeys) {}

    /** @param facePrograms registrations at the KIS-compatible port that a demand serves */
    public DemandAnswers(SessionPool pool, SessionView session, ToIntFunction<Demand> facePrograms) {
        this.pool = pool;
        this.session = session;
        this.facePrograms = facePrograms;
    }

    /** How each demand is served at this moment; empty for one that the pool does not have. */
    public Function<Demand, Optional<Feed>> feeds() {
        var now = now();
        var allocations = now.pool().allocations().stream()
                .collect(Collectors.toMap(Allocation::demand, it -> it, (one, _) -> one));
        return demand -> Optional.ofNullable(allocations.get(demand)).map(it -> feed(it, now));
    }

    /** What all demands of one answer have in common. */
    Moment now() {
        return new Moment(
                pool.snapshot(),
                session.appKeys().stream()
                        .filter(key -> key.status().connected())
                        .map(SessionView.AppKey::id)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private Feed feed(Allocation it, Moment now) {
        return new Feed(
                mode(it),
                it.mode() == Allocation.Mode.POLL
                        ? OptionalLong.of(now.pool().interval(it.demand()).toMillis())
                        : OptionalLong.empty(),
                it.reason().name(),
                why(it, now, appKey(it)));
    }

    kr.kisgateway.api.session.SessionPool.Demand answer(Allocation it, Moment now) {
        var appKey = appKey(it);
        return new kr.kisgateway.api.session.SessionPool.Demand(
                it.demand().code(),
                it.demand() instanceof RawDemand ? "raw" : it.demand().kindName(),
                it.demand().venue(),
                it.demand() instanceof RawDemand raw ? Optional.of(raw.feed()) : Optional.empty(),
                mode(it),
                it.reason().name(),
                why(it, now, appKey),
                appKey,
                it.weight(),
                it.listeners(),
                facePrograms.applyAsInt(it.demand()),
                it.pinned(),
                it.hasOpenOrder(),
                ApiValues.time(it.since()));
    }

    private static String mode(Allocation it) {
        return it.mode().name().toLowerCase(Locale.ROOT);
    }

    private Optional<String> appKey(Allocation it) {
        return it.registered() ? pool.appKeyOf(it.demand()) : Optional.empty();
    }

    private static String why(Allocation it, Moment now, Optional<String> appKey) {
        return AllocationExplanation.of(
                it,
                now.pool(),
                appKey,
                appKey.filter(now.connectedKeys()::contains).isPresent());
    }
}
