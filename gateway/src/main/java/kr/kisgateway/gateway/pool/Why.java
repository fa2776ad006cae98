package kr.kisgateway.gateway.pool;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.SessionPool.Glance;
import kr.kisgateway.gateway.pool.Standing.Mode;

/** Says in a sentence or two why a demand is pushed or polled. */
final class Why {
    private Why() {}

    static String of(Standing it, Glance pool, Optional<String> appKey) {
        String on = appKey.map(id -> " on " + id).orElse("");
        var places = pool.places(it.demand());
        return switch (it.reason()) {
            case PINNED -> "KIS pushes it" + on + ": the setting KIS_WS_SYMBOLS names it.";
            case DEMAND ->
                "KIS pushes it" + on + ": it weighs " + it.weight() + " (" + listeners(it) + "), and " + places.taken()
                        + " of " + places.slots() + " places are taken.";
            case LINGERING ->
                "KIS still pushes it" + on + ", but nobody listens any more; its place is given back now.";
            case UNCONFIRMED ->
                "It is registered" + on + ", and KIS has not confirmed it yet"
                        + (it.mode() == Mode.POLL ? "; until then it is" + polled(it, pool) : ".");
            case NO_SLOTS ->
                "No socket takes registrations of this market now"
                        + places.room()
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
                        + "), half as much again as the lightest registration ("
                        + places.lightest().orElse(0)
                        + "), and takes that place when this has lasted for a while; until then it is"
                        + polled(it, pool);
            case OUTWEIGHED ->
                "All " + places.slots() + " places are taken by demands that weigh "
                        + places.lightest().orElse(0)
                        + " or more, and it weighs " + it.weight() + " (" + listeners(it) + "), so it is"
                        + polled(it, pool);
        };
    }

    private static String polled(Standing it, Glance pool) {
        boolean book = it.demand().kind() == Kind.BOOKS;
        Duration interval = pool.interval(it.demand());
        return " polled every " + String.format(Locale.ROOT, "%.1f", interval.toMillis() / 1000.0) + " s."
                + (book ? "" : " Polling has no tape: the channel trades is silent.");
    }

    private static String listeners(Standing it) {
        return it.listeners()
                + (it.listeners() == 1 ? " listener" : " listeners")
                + (it.ordered() ? ", an open order" : "");
    }
}
