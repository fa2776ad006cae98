package kr.kisgateway.gateway;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.interruption.StatusChangeListener;
import kr.kisgateway.gateway.interruption.StockStatusMonitor;
import kr.kisgateway.gateway.quote.QuoteService;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;

/** Halts, volatility interruptions and circuit breakers, and the parts that react to them. */
final class InterruptionModule {
    private static final int WAITING_MAX = 4_096;

    private InterruptionModule() {}

    /**
     * Runs tasks in order, so that an end is never published before its start; at the bound the publishing thread runs
     * the task.
     */
    private static ThreadPoolExecutor sequentialExecutor() {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().name("interruptions").daemon(true).factory(),
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    static StockStatusMonitor create(Platform platform, InstrumentModule instruments) {
        var executor = platform.parts().add(sequentialExecutor());
        platform.meters().queue("interruptions", () -> executor.getQueue().size(), WAITING_MAX);
        var listing = instruments.listing();
        var monitor = new StockStatusMonitor(
                symbol -> listing.find(symbol).map(Instrument::board),
                market -> listing.koreanSymbols().stream()
                        .filter(symbol -> listing.find(symbol)
                                .filter(instrument -> instrument.board() == market)
                                .isPresent())
                        .toList(),
                executor,
                platform.calendar(),
                platform.clock());
        monitor.bindTo(platform.meters());
        return monitor;
    }

    /** On a status change invalidates cached prices and notifies stream subscribers and operators. */
    static void connect(Platform platform, StockStatusMonitor interruptions, QuoteService quotes, StreamHub hub) {
        var alerts = platform.alerts();
        var clock = platform.clock();
        interruptions.addListener(new StatusChangeListener() {
            @Override
            public void answersInvalidated(List<Symbol> symbols) {
                quotes.invalidateAll(symbols);
            }

            @Override
            public void statusChanged(Symbol symbol) {
                hub.republishQuote(symbol);
            }

            @Override
            public void breakerChanged(Board market, boolean on, String code) {
                settle(market, AlertEvent.CIRCUIT_BREAKER);
                settle(market, AlertEvent.CIRCUIT_BREAKER_UNKNOWN);
                raise(
                        market,
                        on ? AlertEvent.CIRCUIT_BREAKER : AlertEvent.CIRCUIT_BREAKER_OFF,
                        on
                                ? "KIS reports the circuit breaker of " + market + " on (" + code
                                        + "): no trading until it is off; orders may be refused."
                                : "KIS reports the circuit breaker of " + market + " off (" + code + ").");
            }

            @Override
            public void breakerUnknown(Board market) {
                settle(market, AlertEvent.CIRCUIT_BREAKER);
                raise(
                        market,
                        AlertEvent.CIRCUIT_BREAKER_UNKNOWN,
                        "The circuit breaker of " + market
                                + " was on, and no stock status reports it any more; check with KIS or the exchange.");
            }

            private void raise(Board market, AlertEvent kind, String message) {
                alerts.raise(Alert.of(clock.instant(), "P2", kind, market.name(), message));
            }

            private void settle(Board market, AlertEvent kind) {
                alerts.settle(kind, market.name(), clock.instant());
            }
        });
        hub.statuses(interruptions::lastStatus);
    }
}
