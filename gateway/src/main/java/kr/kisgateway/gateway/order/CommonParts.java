package kr.kisgateway.gateway.order;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;

/** One instance of each symbol, kind and day for all orders in memory: a request or an event has instances of its own. */
final class CommonParts {
    private final Map<MarketSymbol, MarketSymbol> symbols = new HashMap<>();
    private final Map<OrderKind, OrderKind> kinds = new HashMap<>();
    private final Map<LocalDate, LocalDate> days = new HashMap<>();

    /** An equal order whose symbol, kind and day are the shared instances. */
    Order share(Order order) {
        Terms terms = order.terms();
        return order.withShared(
                terms.withShared(
                        symbols.computeIfAbsent(terms.symbol(), it -> it),
                        kinds.computeIfAbsent(terms.kind(), it -> it)),
                days.computeIfAbsent(order.tradingDay(), it -> it));
    }

    /** Drops the instances; orders in memory retain those that they reference. */
    void clear() {
        symbols.clear();
        kinds.clear();
        days.clear();
    }
}
