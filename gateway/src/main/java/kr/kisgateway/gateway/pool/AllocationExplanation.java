package kr.kisgateway.gateway.pool;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.gateway.pool.Allocation.Mode;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.SessionPool.PoolSnapshot;

/** Explains in a sentence or two why a demand is pushed or polled. */
final class AllocationExplanation {
    private AllocationExplanation() {}

    /**
     * @param appKey app key whose socket has the registration
     * @param socketOpen whether that socket is open
     */
    static String of(Allocation it, PoolSnapshot pool, Optional<String> appKey, boolean socketOpen) {
        String onAppKey = appKey.map(id -> " on " + id).orElse("");
        if (it.registered() && !socketOpen) {
            return "It is registered" + onAppKey
                    + ", whose socket is not open: KIS pushes nothing of it until the socket is open again"
                    + (it.mode() == Mode.POLL ? "; until then it is" + polled(it, pool) : ".");
        }
        var places = pool.places(it.demand());
        if (it.demand() instanceof RawDemand && it.mode() == Mode.NONE) {
            return ofWaiting(it, pool);
        }
        if (it.demand().isOf(Kind.STATUS)) {
            return ofStatus(it, pool, onAppKey);
        }
        return switch (it.reason()) {
            case PINNED -> "KIS pushes it" + onAppKey + ": the setting KIS_WS_SYMBOLS names it.";
            case DEMAND ->
                "KIS pushes it" + onAppKey + ": it weighs " + it.weight() + " (" + listeners(it) + "), and "
                        + places.taken() + " of " + places.slots() + " slots are taken.";
            case LINGERING -> "It is registered" + onAppKey + ", but no subscriber is left; its slot is released now.";
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
                "KIS refused its registration recently; it is retried within a minute, and until then it is"
                        + polled(it, pool);
            case CHURN ->
                "A slot is free, but the " + pool.churnMax()
                        + " registrations allowed per minute are spent; until then it is"
                        + polled(it, pool);
            case RISING ->
                "It weighs " + it.weight() + " (" + listeners(it)
                        + ") and comes before a registration, which weighs less by a third or is beyond its key's share"
                        + "; it takes that slot once this has lasted for a while; until then it is"
                        + polled(it, pool);
            case OUTWEIGHED ->
                "All " + places.slots() + " slots are taken by demands that weigh "
                        + places.lightest().orElse(0)
                        + " or more, and it weighs " + it.weight() + " (" + listeners(it) + "), so it is"
                        + polled(it, pool);
            case OVER_SHARE ->
                "All " + places.slots() + " slots are taken, and only API keys above their share"
                        + " of them (GATEWAY_KEY_PUSH_SHARE) request it, so it is" + polled(it, pool);
            case SPARE, YIELDED -> throw new IllegalArgumentException(it + " is a reason for a status only");
        };
    }

    /** Of a raw demand without a registration. */
    private static String ofWaiting(Allocation it, PoolSnapshot pool) {
        var places = pool.places(it.demand());
        String cause = switch (it.reason()) {
            case UNCONFIRMED -> "It is registered, and KIS has not confirmed it yet.";
            case NO_SLOTS -> "No socket takes registrations of this market now.";
            case REFUSED -> "KIS refused its registration recently.";
            case CHURN -> "A slot is free, but the " + pool.churnMax() + " registrations allowed per minute are spent.";
            case RISING, OUTWEIGHED, OVER_SHARE ->
                "All " + places.slots() + " slots are taken; it takes that of a lighter demand after a while.";
            case PINNED, DEMAND, LINGERING, SPARE, YIELDED ->
                throw new IllegalArgumentException(it + " is not a reason to wait");
        };
        return cause + " It cannot be polled: until it has a slot there are no frames.";
    }

    private static String ofStatus(Allocation it, PoolSnapshot pool, String onAppKey) {
        String otherwise = " Until then a halt is detected when a price is requested.";
        return switch (it.reason()) {
            case SPARE ->
                "KIS pushes its halts and interruptions" + onAppKey
                        + ": a slot was left over; any other demand takes it.";
            case UNCONFIRMED ->
                it.registered()
                        ? "It is registered" + onAppKey + ", and KIS has not confirmed it yet."
                        : "It is registered once KIS has confirmed the trades, and no demand has taken a slot for two seconds.";
            case REFUSED -> "KIS refused its registration; it is retried within half an hour." + otherwise;
            case YIELDED ->
                "A status recently yielded its slot to another demand; a slot left over is taken after a minute."
                        + otherwise;
            case CHURN ->
                "Half of the " + pool.churnMax()
                        + " registrations allowed per minute are reserved for subscribers' demands."
                        + otherwise;
            case OUTWEIGHED -> "No slot is left over. A halt is detected when a price is requested.";
            case PINNED, DEMAND, LINGERING, NO_SLOTS, RISING, OVER_SHARE ->
                throw new IllegalArgumentException(it + " is not a reason for a status");
        };
    }

    private static String polled(Allocation it, PoolSnapshot pool) {
        boolean book = it.demand().isOf(Kind.BOOKS);
        Duration interval = pool.interval(it.demand());
        return " polled every " + String.format(Locale.ROOT, "%.1f", interval.toMillis() / 1000.0) + " s."
                + (book
                        ? ""
                        : " Polling has no tape: the channel trades is silent,"
                                + " and programs at the KIS-compatible port get each polled value as a frame.");
    }

    private static String listeners(Allocation it) {
        return it.listeners()
                + (it.listeners() == 1 ? " subscriber" : " subscribers")
                + (it.hasOpenOrder() ? ", an open order" : "");
    }
}
