package kr.kisgateway.gateway.order;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;

/** The parts that many orders in memory have in common, each of them once: every order comes with copies of its own. */
final class CommonParts {
    private final Map<MarketSymbol, MarketSymbol> symbols = new HashMap<>();
    private final Map<OrderKind, OrderKind> kinds = new HashMap<>();
    private final Map<LocalDate, LocalDate> days = new HashMap<>();

    /** The order, equal to {@code order}, with these. */
    Order share(Order order) {
        Terms terms = order.terms();
        return order.with(
                terms.with(
                        symbols.computeIfAbsent(terms.symbol(), it -> it),
                        kinds.computeIfAbsent(terms.kind(), it -> it)),
                days.computeIfAbsent(order.tradingDay(), it -> it));
    }

    /** Forgets all; orders that have them keep them. */
    void clear() {
        symbols.clear();
        kinds.clear();
        days.clear();
    }
}
