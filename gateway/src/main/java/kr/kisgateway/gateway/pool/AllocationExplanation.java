package kr.kisgateway.gateway.pool;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.gateway.pool.Allocation.Mode;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.SessionPool.PoolSnapshot;

/** Says in a sentence or two why a demand is pushed or polled. */
final class AllocationExplanation {
    private AllocationExplanation() {}

    static String of(Allocation it, PoolSnapshot pool, Optional<String> appKey) {
        String onAppKey = appKey.map(id -> " on " + id).orElse("");
        var places = pool.places(it.demand());
        if (it.demand().kind() == Kind.STATUS) {
            return ofStatus(it, pool, onAppKey);
        }
        return switch (it.reason()) {
            case PINNED -> "KIS pushes it" + onAppKey + ": the setting KIS_WS_SYMBOLS names it.";
            case DEMAND ->
                "KIS pushes it" + onAppKey + ": it weighs " + it.weight() + " (" + listeners(it) + "), and "
                        + places.taken() + " of " + places.slots() + " places are taken.";
            case LINGERING ->
                "KIS still pushes it" + onAppKey + ", but nobody listens any more; its place is given back now.";
            case UNCONFIRMED ->
                "It is registered" + onAppKey + ", and KIS has not confirmed it yet"
                        + (it.mode() == Mode.POLL ? "; until then it is" + polled(it, pool) : ".");
            case NO_SLOTS ->
                "No socket takes registrations of this market now"
                        + places.capacity()
                                .changesAt()
                                .map(at -> " (until " + at + ")")
                                .orElse("") + ", so it is" + polled(it, pool);
            case REFUSED ->
                "KIS refused its registration a moment ago, which is tried again within a minute; until then it is"
                        + polled(it, pool);
            case CHURN ->
                "There is room, but the " + pool.churnMax()
                        + " registrations that may be asked for in a minute are spent; until then it is"
                        + polled(it, pool);
            case RISING ->
                "It weighs " + it.weight() + " (" + listeners(it)
                        + ") and comes before a registration, which weighs less by a third or is beyond its key's share"
                        + "; it takes that place when this has lasted for a while; until then it is"
                        + polled(it, pool);
            case OUTWEIGHED ->
                "All " + places.slots() + " places are taken by demands that weigh "
                        + places.lightest().orElse(0)
                        + " or more, and it weighs " + it.weight() + " (" + listeners(it) + "), so it is"
                        + polled(it, pool);
            case OVER_SHARE ->
                "All " + places.slots() + " places are taken, and only API keys want it that have more than their share"
                        + " of them (GATEWAY_KEY_PUSH_SHARE), so it is" + polled(it, pool);
            case SPARE, YIELDED -> throw new IllegalArgumentException(it + " is none of a status");
        };
    }

    private static String ofStatus(Allocation it, PoolSnapshot pool, String onAppKey) {
        String otherwise = " Until then a halt is noticed when KIS is asked.";
        return switch (it.reason()) {
            case SPARE ->
                "KIS tells its halts and interruptions" + onAppKey
                        + ": a place was left over, and whatever else is wanted gets it.";
            case UNCONFIRMED ->
                it.registered()
                        ? "It is registered" + onAppKey + ", and KIS has not confirmed it yet."
                        : "It is registered once KIS has confirmed the trades.";
            case REFUSED -> "KIS refused its registration, which is tried again within half an hour." + otherwise;
            case YIELDED ->
                "The place was wanted for something else a moment ago; one that is left over is taken after a minute."
                        + otherwise;
            case CHURN ->
                "Half of the " + pool.churnMax()
                        + " registrations that may be asked for in a minute are kept for what somebody waits for."
                        + otherwise;
            case OUTWEIGHED -> "No place is left over. A halt is noticed when KIS is asked.";
            case PINNED, DEMAND, LINGERING, NO_SLOTS, RISING, OVER_SHARE ->
                throw new IllegalArgumentException(it + " is one of a status");
        };
    }

    private static String polled(Allocation it, PoolSnapshot pool) {
        boolean book = it.demand().kind() == Kind.BOOKS;
        Duration interval = pool.interval(it.demand());
        return " polled every " + String.format(Locale.ROOT, "%.1f", interval.toMillis() / 1000.0) + " s."
                + (book ? "" : " Polling has no tape: the channel trades is silent.");
    }

    private static String listeners(Allocation it) {
        return it.listeners()
                + (it.listeners() == 1 ? " listener" : " listeners")
                + (it.hasOpenOrder() ? ", an open order" : "");
    }
}
