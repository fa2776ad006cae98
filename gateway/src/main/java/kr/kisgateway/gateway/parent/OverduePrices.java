package kr.kisgateway.gateway.parent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import kr.kisgateway.market.MarketSymbol;

/**
 * Finds watched prices that do not come while their market is open. A stock may not have traded for a while, and a feed may be
 * silent: an overdue price is requested from the broker, which distinguishes the two, and reported when that has no answer either.
 * Checked by one thread; {@link #answered} may be called from any.
 */
final class OverduePrices {
    /** A price that was not received for that long is requested. */
    static final Duration OVERDUE = Duration.ofSeconds(30);

    private static final Duration REQUEST_AGAIN = Duration.ofSeconds(10);
    /** Requests of one check: quiet stocks must not use up the budget of calls. */
    private static final int REQUESTS_MAX = 2;

    private final Map<MarketSymbol, Instant> awaitedSince = new HashMap<>();
    private final Map<MarketSymbol, Instant> requestedAt = new HashMap<>();
    private final Set<MarketSymbol> reported = new HashSet<>();
    private final Set<MarketSymbol> unanswered = ConcurrentHashMap.newKeySet();

    /**
     * What a check results in.
     *
     * @param request prices to be requested
     * @param missing prices to be reported
     * @param over prices of which the report is over
     */
    record Check(List<MarketSymbol> request, List<MarketSymbol> missing, List<MarketSymbol> over) {}

    /**
     * Checks the prices that parent orders wait for now.
     *
     * @param receivedAt when a price was received last
     */
    Check check(Set<MarketSymbol> awaited, Function<MarketSymbol, Optional<Instant>> receivedAt, Instant now) {
        awaitedSince.keySet().retainAll(awaited);
        requestedAt.keySet().retainAll(awaited);
        unanswered.retainAll(awaited);
        List<MarketSymbol> overdue = awaited.stream()
                .filter(symbol -> {
                    Instant since = awaitedSince.computeIfAbsent(symbol, _ -> now);
                    Instant last =
                            receivedAt.apply(symbol).filter(since::isBefore).orElse(since);
                    return !now.isBefore(last.plus(OVERDUE));
                })
                .toList();
        List<MarketSymbol> missing = overdue.stream()
                .filter(unanswered::contains)
                .filter(reported::add)
                .toList();
        List<MarketSymbol> over =
                reported.stream().filter(symbol -> !overdue.contains(symbol)).toList();
        over.forEach(reported::remove);
        return new Check(requests(overdue, now), missing, over);
    }

    private List<MarketSymbol> requests(List<MarketSymbol> overdue, Instant now) {
        List<MarketSymbol> due = new ArrayList<>(overdue.stream()
                .filter(symbol -> !now.isBefore(lastRequest(symbol).plus(REQUEST_AGAIN)))
                .toList());
        due.sort(Comparator.comparing(this::lastRequest));
        List<MarketSymbol> requests = List.copyOf(due.subList(0, Math.min(REQUESTS_MAX, due.size())));
        requests.forEach(symbol -> requestedAt.put(symbol, now));
        return requests;
    }

    private Instant lastRequest(MarketSymbol symbol) {
        return requestedAt.getOrDefault(symbol, Instant.EPOCH);
    }

    /** Takes whether the broker answered a request. */
    void answered(MarketSymbol symbol, boolean hasPrice) {
        if (hasPrice) {
            unanswered.remove(symbol);
        } else {
            unanswered.add(symbol);
        }
    }
}
