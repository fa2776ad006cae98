package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.instrument.Instrument;
import kr.kisgateway.api.instrument.InstrumentCalls;
import kr.kisgateway.api.order.CancelAllRequest;
import kr.kisgateway.api.order.OrderAccepted;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderRequest;
import kr.kisgateway.api.order.PlaceAnswer;
import kr.kisgateway.api.parent.ParentAccepted;
import kr.kisgateway.api.parent.ParentCalls;
import kr.kisgateway.api.parent.ParentRequest;
import kr.kisgateway.api.parent.StopExit;
import kr.kisgateway.api.parent.TakeProfitExit;
import kr.kisgateway.api.quote.Quote;
import kr.kisgateway.api.quote.QuoteCalls;
import kr.kisgateway.api.session.SessionCalls;
import kr.kisgateway.api.session.SessionStatus;
import kr.kisgateway.api.watchlist.WatchlistCalls;
import kr.kisgateway.api.watchlist.WatchlistRequest;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        description =
                "Trade a little in the simulated market, so that every page has something to show: positions, an order that"
                        + " rests, a bracket, and two moving averages of three stocks. In sim only; Ctrl-C stops it.%n"
                        + "시뮬레이터에서 조금씩 거래하는 예제 전략입니다 (sim 전용).")
final class Demo extends GatewayCommand {
    /** Label of its orders. */
    private static final String STRATEGY = "demo";

    private static final String ACCOUNT = "A1";
    private static final List<String> SYMBOLS = List.of("005930", "000660", "035420");
    private static final long QTY = 10;
    private static final int SHORT = 5;
    private static final int LONG = 20;
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Duration DEFAULT_TIME = Duration.ofMinutes(10);
    /** Exits of the bracket: a percent away from the price, in thousands of won, which are ticks at every price. */
    private static final BigDecimal EXIT_TICK = BigDecimal.valueOf(1_000);

    private static final BigDecimal ABOVE = new BigDecimal("1.01");
    private static final BigDecimal BELOW = new BigDecimal("0.99");

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = TimeSpan.class,
            description = "how long, as 30s, 30m or 2h, at most 24h (10m)")
    private Optional<Duration> time = Optional.empty();

    private final Map<String, DemoStrategy> averages = new HashMap<>();
    private final Map<String, Long> held = new HashMap<>();
    // Also read by the action of Ctrl-C, which runs on a thread of its own.
    private final AtomicLong placed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile Optional<String> resting = Optional.empty();
    private volatile Optional<String> bracket = Optional.empty();

    Demo(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    Set<String> withoutOptions() {
        return Set.of("--json", "--csv", "--watch");
    }

    @Override
    int run(GatewayConnection gateway) {
        var status = gateway.get(SessionCalls.status());
        if (!(status instanceof Response.Done<SessionStatus>(SessionStatus session, var _, boolean _))) {
            return reportUnsent(status);
        }
        if (!session.env().equals("sim")) {
            errorScreen()
                    .line("This gateway is in " + session.env() + "; the demo trades in sim only. Nothing was placed.");
            return Kis.REFUSED;
        }
        try (var _ = kis.process().onInterrupt().add(this::showStopped)) {
            int traded = trade(gateway);
            if (traded != Kis.DONE) {
                showStopped();
                return traded;
            }
        }
        var cancelled = gateway.change(
                OrderCalls.cancelAll(
                        new CancelAllRequest(Optional.of(ACCOUNT), Optional.empty(), Optional.of(STRATEGY)), key()),
                GatewayConnection.Retry.IDEMPOTENT);
        return report(
                cancelled,
                answer -> screen().line(counts() + ", " + Format.value(answer.count()) + " that rested cancelled."));
    }

    /** Places what the pages show from the start, and follows the averages until the time is over. */
    private int trade(GatewayConnection gateway) {
        int prepared = prepare(gateway);
        if (prepared != Kis.DONE) {
            return prepared;
        }
        var length = time.orElse(DEFAULT_TIME);
        screen().line("Trading " + String.join(", ", SYMBOLS) + " in account " + ACCOUNT + " for "
                + TimeSpan.text(length) + "; Ctrl-C stops it. The page shows what happens.");
        Instant end = kis.process().clock().instant().plus(length);
        while (kis.process().clock().instant().isBefore(end)) {
            var quotes = gateway.get(QuoteCalls.quotes(SYMBOLS));
            if (!(quotes instanceof Response.Done<QuoteCalls.Quotes>(QuoteCalls.Quotes read, var _, boolean _))) {
                return report(quotes, _ -> {});
            }
            read.quotes().forEach(quote -> {
                if (quote instanceof Quote it) {
                    follow(gateway, it.symbol(), BigDecimal.valueOf(it.price()));
                }
            });
            kis.process().pause().accept(STEP);
        }
        return Kis.DONE;
    }

    private String counts() {
        return Format.value(placed.get()) + " orders placed, " + Format.value(refused.get()) + " refused";
    }

    /** What was done until it was stopped, what may stay open, and how to cancel that. */
    private void showStopped() {
        screen().blank();
        screen().line("Stopped: " + counts() + ".");
        var open = new ArrayList<Pair>();
        resting.ifPresent(id -> open.add(new Pair("an order that rests", "./kis cancel " + id)));
        bracket.ifPresent(id -> open.add(new Pair("the bracket", "./kis parents cancel " + id)));
        if (!open.isEmpty()) {
            screen().line("These stay open in the gateway; what cancels them:");
            screen().pairs(open);
            screen().line("할 일: 주문이 남아 있습니다. 위 명령으로 취소하세요.");
        }
    }

    /** What the pages show from the start: a watchlist, positions, an order that rests, a bracket. */
    private int prepare(GatewayConnection gateway) {
        var saved = gateway.change(
                WatchlistCalls.save(STRATEGY, new WatchlistRequest(SYMBOLS)), GatewayConnection.Retry.IDEMPOTENT);
        if (!(saved instanceof Response.Done<?>)) {
            return reportUnsent(saved);
        }
        for (String symbol : SYMBOLS) {
            buy(gateway, symbol, "so that there is a position");
        }
        String first = SYMBOLS.getFirst();
        var found = gateway.get(InstrumentCalls.instrument(first));
        if (!(found instanceof Response.Done<Instrument>(Instrument instrument, var _, boolean _))) {
            return report(found, _ -> {});
        }
        if (instrument.lowerLimit().isPresent()) {
            resting = place(
                            gateway,
                            order(
                                    first,
                                    "BUY",
                                    1,
                                    Optional.of(BigDecimal.valueOf(
                                            instrument.lowerLimit().getAsLong()))),
                            "at the lowest price of the day, so that it rests")
                    .flatMap(answer ->
                            answer instanceof OrderAccepted it ? Optional.of(it.orderId()) : Optional.empty());
        }
        bracket(gateway, first);
        return Kis.DONE;
    }

    private void bracket(GatewayConnection gateway, String symbol) {
        var quote = gateway.get(QuoteCalls.quote(symbol));
        if (!(quote instanceof Response.Done<kr.kisgateway.api.quote.AnyQuote>(Quote it, var _, boolean _))) {
            return;
        }
        var price = BigDecimal.valueOf(it.price());
        var request = ParentRequest.bracket(
                order(symbol, "BUY", QTY, Optional.empty()),
                Optional.of(new TakeProfitExit(exit(price.multiply(ABOVE), RoundingMode.UP))),
                new StopExit(
                        Optional.of(exit(price.multiply(BELOW), RoundingMode.DOWN)),
                        Optional.empty(),
                        Optional.empty()),
                Optional.empty());
        bracket = count(
                        gateway.change(ParentCalls.create(request, key()), GatewayConnection.Retry.IDEMPOTENT),
                        "buys " + QTY + " " + symbol + " with a take-profit and a stop")
                .flatMap(answer ->
                        answer instanceof ParentAccepted made ? Optional.of(made.parentId()) : Optional.empty());
    }

    private static BigDecimal exit(BigDecimal price, RoundingMode mode) {
        return price.divide(EXIT_TICK, 0, mode).multiply(EXIT_TICK);
    }

    private void follow(GatewayConnection gateway, String symbol, BigDecimal price) {
        switch (averages.computeIfAbsent(symbol, _ -> new DemoStrategy(SHORT, LONG))
                .accept(price)) {
            case BUY -> buy(gateway, symbol, "the short average rose above the long one");
            case SELL -> {
                long qty = held.getOrDefault(symbol, 0L);
                if (qty > 0
                        && place(
                                        gateway,
                                        order(symbol, "SELL", qty, Optional.empty()),
                                        "the short average fell below the long one")
                                .isPresent()) {
                    held.put(symbol, 0L);
                }
            }
            case NONE -> {}
        }
    }

    private void buy(GatewayConnection gateway, String symbol, String why) {
        if (place(gateway, order(symbol, "BUY", QTY, Optional.empty()), why).isPresent()) {
            held.merge(symbol, QTY, Long::sum);
        }
    }

    private Optional<PlaceAnswer> place(GatewayConnection gateway, OrderRequest order, String why) {
        return count(
                gateway.change(OrderCalls.place(order, key()), GatewayConnection.Retry.IDEMPOTENT),
                order.side() + " " + order.qty() + " " + order.symbol() + ": " + why);
    }

    /** Displays what was placed, or why not; a refusal of one order does not end the demo. */
    private <A> Optional<A> count(Response<A> response, String what) {
        return switch (response) {
            case Response.Done<A>(A answer, var _, boolean _) -> {
                placed.incrementAndGet();
                screen().line(what);
                yield Optional.of(answer);
            }
            case Response.Refused<A>(ApiError error, var _) -> {
                refused.incrementAndGet();
                errorScreen().line(what + ": " + error.code() + ", " + error.message());
                yield Optional.empty();
            }
            case Response.NoAnswer<A>(String reason, boolean _) -> {
                refused.incrementAndGet();
                errorScreen().line(what + ": " + reason);
                yield Optional.empty();
            }
        };
    }

    private String key() {
        return kis.process().idempotencyKeys().get();
    }

    private static OrderRequest order(String symbol, String side, long qty, Optional<BigDecimal> price) {
        return new OrderRequest(
                ACCOUNT,
                symbol,
                side,
                qty,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                price,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.of(STRATEGY),
                Optional.empty(),
                Optional.empty());
    }
}
