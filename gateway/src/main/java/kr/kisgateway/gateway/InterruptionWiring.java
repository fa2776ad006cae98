package kr.kisgateway.gateway;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.instrument.LiveListing;
import kr.kisgateway.gateway.interruption.Consequences;
import kr.kisgateway.gateway.interruption.Interruptions;
import kr.kisgateway.gateway.quote.QuoteService;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** Makes what hears of halts, and says who minds. */
final class InterruptionWiring {
    private static final int WAITING_MAX = 4_096;

    private InterruptionWiring() {}

    /** One after the other, so that an end is never told before its beginning; past the bound whoever tells of it works. */
    static ExecutorService inOrder() {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().name("interruptions").daemon(true).factory(),
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    static Interruptions interruptions(
            LiveListing listing, Executor workers, TradingCalendar calendar, InstantSource clock) {
        return new Interruptions(
                symbol -> listing.find(symbol).map(Instrument::market),
                market -> listing.koreanSymbols().stream()
                        .filter(symbol -> listing.find(symbol)
                                .filter(instrument -> instrument.market() == market)
                                .isPresent())
                        .toList(),
                workers,
                calendar,
                clock);
    }

    /** From now on prices are thrown away, and clients and operators are told. */
    static void connect(
            Interruptions interruptions, QuoteService quotes, StreamHub hub, AlertLog alerts, InstantSource clock) {
        interruptions.listen(new Consequences() {
            @Override
            public void outdated(List<Symbol> symbols) {
                symbols.forEach(quotes::invalidate);
            }

            @Override
            public void changed(Symbol symbol) {
                hub.statusChanged(symbol);
            }

            @Override
            public void breaker(Market market, boolean on, String code) {
                alerts.raise(new Alert(
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        "P2",
                        on ? "circuit_breaker" : "circuit_breaker_off",
                        on
                                ? "KIS says that the circuit breaker of " + market + " is on (" + code
                                        + "): nothing trades there until it is off; orders may be refused."
                                : "KIS says that the circuit breaker of " + market + " is off (" + code + ").",
                        Optional.empty()));
            }

            @Override
            public void breakerUnknown(Market market) {
                alerts.raise(new Alert(
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        "P2",
                        "circuit_breaker_unknown",
                        "The circuit breaker of " + market
                                + " was on, and no stock's status tells of it any more; ask KIS or the exchange.",
                        Optional.empty()));
            }
        });
        hub.statuses(interruptions::last);
    }
}
