package kr.kisgateway.gateway;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.gateway.history.BarRoutes;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.history.History;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.kis.KisBars;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** Builds bars and history. */
final class HistoryWiring {
    private HistoryWiring() {}

    static void register(
            KisClient kis,
            Function<Symbol, Optional<Instrument>> listing,
            TradingCalendar calendar,
            InstantSource clock,
            RouteTable table) {
        var bars = new BarService(new KisBars(kis), History.NONE, listing, calendar, clock);
        new BarRoutes(bars, clock).register(table);
    }
}
