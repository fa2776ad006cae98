package kr.kisgateway.examples.strategy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.api.bar.Bar;
import kr.kisgateway.api.bar.BarCalls;
import kr.kisgateway.api.bar.BarPage;
import kr.kisgateway.api.instrument.InstrumentCalls;
import kr.kisgateway.api.order.OrderRequest;
import kr.kisgateway.api.parent.ParentCalls;
import kr.kisgateway.api.parent.ParentRequest;
import kr.kisgateway.api.parent.StopExit;
import kr.kisgateway.api.parent.TakeProfitExit;
import kr.kisgateway.api.stream.StreamBar;
import kr.kisgateway.api.stream.StreamSubscribe;
import kr.kisgateway.gatewayclient.ApiResult;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.gatewayclient.GatewayStream;

/**
 * Two moving averages on live one-minute bars of a Korean stock, with a bracket for each entry, through a running gateway
 * ({@code GATEWAY_URL}, else {@code http://127.0.0.1:8890}).
 *
 * <p>It can be stopped and started again at any time: the idempotency key of an entry is made of the bar that it follows, so that the
 * same bar never buys twice, and the bracket's exits are watched by the gateway.
 */
public final class MovingAverage {
    static final int SHORT = 5;
    static final int LONG = 20;
    private static final BigDecimal TAKE_PROFIT = new BigDecimal("1.01");
    private static final BigDecimal STOP = new BigDecimal("0.99");
    private static final Duration NEXT_BAR = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final GatewayClient gateway;
    private final String symbol;
    private final List<Long> closes = new ArrayList<>();

    MovingAverage(GatewayClient gateway, String symbol) {
        this.gateway = gateway;
        this.symbol = symbol;
    }

    public static void main(String[] args) throws InterruptedException {
        var address = System.getenv("GATEWAY_URL");
        try (var gateway = GatewayClient.at(URI.create(address == null ? "http://127.0.0.1:8890" : address))) {
            var strategy = new MovingAverage(gateway, args.length > 0 ? args[0] : "005930");
            while (true) {
                try {
                    strategy.follow();
                } catch (GatewayException disconnected) {
                    IO.println("again in a second: " + disconnected.getMessage());
                    TimeUnit.SECONDS.sleep(1);
                }
            }
        }
    }

    /** Follows the stream until it ends. What was missed meanwhile comes from the history. */
    private void follow() {
        try (GatewayStream stream = gateway.stream()) {
            stream.send(new StreamSubscribe(
                    "subscribe", Optional.of("1"), List.of("bars:1m"), Optional.of(List.of(symbol)), Optional.empty()));
            load();
            IO.println(symbol + ": " + closes.size() + " of " + (LONG + 1)
                    + " minutes known; each minute that ends is a line");
            while (true) {
                // A correction of an earlier bar is no reason to trade.
                var bar = stream.await(
                        StreamBar.class, it -> it.isFinal() && !it.corrected() && !it.snapshot(), NEXT_BAR);
                add(bar.close());
                IO.println(symbol + ": closed at " + bar.close());
                if (crossesUp(closes)) {
                    enter(bar.close(), bar.ts());
                }
            }
        }
    }

    private void load() {
        var query = new BarCalls.Query(
                symbol,
                "1m",
                Optional.empty(),
                Optional.empty(),
                OptionalInt.of(LONG + 1),
                Optional.empty(),
                Optional.empty());
        closes.clear();
        if (gateway.send(BarCalls.bars(query)).orElseThrow() instanceof BarPage page) {
            // Newest first; the newest is still open, and comes again when it is final.
            page.bars().reversed().stream()
                    .limit(Math.max(0, page.bars().size() - 1))
                    .map(Bar::close)
                    .forEach(this::add);
        }
    }

    private void add(long close) {
        closes.add(close);
        if (closes.size() > LONG + 1) {
            closes.removeFirst();
        }
    }

    /** Whether the short average was not above the long one before the last close, and is now. */
    static boolean crossesUp(List<Long> closes) {
        if (closes.size() <= LONG) {
            return false;
        }
        var before = closes.subList(0, closes.size() - 1);
        return difference(before) <= 0 && difference(closes) > 0;
    }

    /** The short average less the long one, times both lengths: exact. */
    private static long difference(List<Long> closes) {
        return sum(closes, SHORT) * LONG - sum(closes, LONG) * SHORT;
    }

    private static long sum(List<Long> closes, int last) {
        return closes.subList(closes.size() - last, closes.size()).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private void enter(long price, long bar) {
        var tick =
                gateway.send(InstrumentCalls.instrument(symbol)).orElseThrow().tickSize();
        if (tick.isEmpty()) {
            IO.println("not bought: no tick size of " + symbol);
            return;
        }
        var entry = new OrderRequest(
                "A1",
                symbol,
                "BUY",
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.of("moving-average"),
                Optional.empty(),
                Optional.empty());
        var bracket = ParentRequest.bracket(
                entry,
                Optional.of(new TakeProfitExit(onTick(price, TAKE_PROFIT, tick.get()))),
                new StopExit(Optional.of(onTick(price, STOP, tick.get())), Optional.empty(), Optional.empty()),
                Optional.empty());
        switch (gateway.send(ParentCalls.create(bracket, "moving-average-" + symbol + "-" + bar))) {
            case ApiResult.Done<?> bought -> IO.println("bought: " + bought.answer());
            case ApiResult.Refused<?> refused ->
                IO.println("not bought: " + refused.error().message());
        }
    }

    /** The price times a factor on the grid of the exchange, rounded down. */
    private static BigDecimal onTick(long price, BigDecimal factor, BigDecimal tick) {
        return BigDecimal.valueOf(price)
                .multiply(factor)
                .divide(tick, 0, RoundingMode.DOWN)
                .multiply(tick);
    }
}
