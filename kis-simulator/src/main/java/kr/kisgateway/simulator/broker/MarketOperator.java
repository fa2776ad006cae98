package kr.kisgateway.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.catalog.Json;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Stock;

/** Halts and interrupts trading, moves prices and pays dividends at the request of a tester. */
final class MarketOperator {
    /** How long the first two stages of the circuit breaker suspend trading. */
    private static final Duration BREAKER = Duration.ofMinutes(20);

    private static final long LAST_STAGE = 3;
    private static final List<Venue> VENUES = List.of(Venue.KRX, Venue.NXT);

    /** The most stocks that one call moves. */
    private static final int MOVES_MAX = 100;

    /** Won a share. */
    private static final long DIVIDEND_MAX = 1_000_000;

    private static final String USAGE =
            "send one of {\"halt\":\"005930\"}, {\"resume\":\"005930\"} (with \"venue\":\"KRX\" or \"NXT\" of that one), {\"interrupt\":\"005930\"}, {\"circuit_breaker\":1},"
                    + " {\"move\":\"005930\",\"to\":201000}, {\"moves\":{\"005930\":201000,\"000660\":1500000}}, {\"dividend\":\"005930\",\"per_share\":361}, {\"nxt\":\"005930\",\"trades\":false}";

    private final Exchange exchange;
    private final Exchange.Listener listener;
    private final KoreanLedger ledger;

    MarketOperator(Exchange exchange, Exchange.Listener listener, KoreanLedger ledger) {
        this.ledger = ledger;
        this.exchange = exchange;
        this.listener = listener;
    }

    HttpAnswer operate(Map<String, Object> command, Instant now) {
        if (command.get("move") instanceof String code
                && command.get("to") instanceof Long price
                && command.size() == 2
                && price > 0) {
            return move(code, price, now);
        }
        if (command.get("moves") instanceof Map<?, ?> prices && command.size() == 1) {
            return moveAll(prices, now);
        }
        if (command.get("dividend") instanceof String code
                && command.get("per_share") instanceof Long won
                && command.size() == 2
                && won > 0
                && won <= DIVIDEND_MAX) {
            return payDividend(code, won);
        }
        if (command.get("nxt") instanceof String code
                && command.get("trades") instanceof Boolean trades
                && command.size() == 2) {
            return listOnNxt(code, trades);
        }
        Map<String, Object> what = new TreeMap<>(command);
        List<Venue> venues = VENUES;
        if (what.get("venue") instanceof String name
                && !what.containsKey("interrupt")
                && VENUES.stream().anyMatch(it -> it.name().equals(name))) {
            venues = List.of(Venue.valueOf(name));
            what.remove("venue");
        }
        if (what.size() != 1) {
            return badRequest(USAGE);
        }
        List<Venue> on = venues;
        Map.Entry<String, Object> entry = what.entrySet().iterator().next();
        return switch (entry.getValue()) {
            case Long stage when entry.getKey().equals("circuit_breaker") -> breaker(stage, now);
            case String code
            when List.of("halt", "resume", "interrupt").contains(entry.getKey()) ->
                Symbol.parse(code)
                        .filter(symbol -> exchange.find(symbol).isPresent())
                        .map(symbol -> operate(entry.getKey(), symbol, on, now))
                        .orElseGet(() -> badRequest("no stock is called " + code));
            default -> badRequest(USAGE);
        };
    }

    /** All or none: a mistake in one entry leaves every price. */
    private HttpAnswer moveAll(Map<?, ?> prices, Instant now) {
        if (prices.isEmpty() || prices.size() > MOVES_MAX) {
            return badRequest("moves has 1 to " + MOVES_MAX + " prices by stock");
        }
        Map<Stock, Long> targets = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : prices.entrySet()) {
            Optional<Stock> stock = Symbol.parse(String.valueOf(entry.getKey())).flatMap(exchange::find);
            if (stock.isEmpty()) {
                return badRequest("no stock is called " + entry.getKey());
            }
            if (!(entry.getValue() instanceof Long price) || price <= 0) {
                return badRequest("the price of " + entry.getKey() + " must be whole won above 0");
            }
            targets.put(stock.get(), price);
        }
        targets.forEach((stock, price) -> exchange.move(stock, price, now, listener));
        return HttpAnswer.of(200, Json.object().number("moves", targets.size()).text());
    }

    private HttpAnswer move(String code, long price, Instant now) {
        Optional<Stock> stock = Symbol.parse(code).flatMap(exchange::find);
        stock.ifPresent(it -> exchange.move(it, price, now, listener));
        return stock.map(it -> HttpAnswer.of(
                        200,
                        Json.object()
                                .field("symbol", code)
                                .number("to", Math.clamp(price, it.lower(), it.upper()))
                                .text()))
                .orElseGet(() -> badRequest("no stock is called " + code));
    }

    private HttpAnswer listOnNxt(String code, boolean trades) {
        return Symbol.parse(code)
                .filter(symbol -> exchange.find(symbol).isPresent())
                .map(symbol -> {
                    exchange.listOnNxt(symbol, trades);
                    return HttpAnswer.of(
                            200,
                            Json.object()
                                    .field("symbol", code)
                                    .field("nxt", trades ? "Y" : "N")
                                    .text());
                })
                .orElseGet(() -> badRequest("no stock is called " + code));
    }

    /** The record date and the day of payment are today's. */
    private HttpAnswer payDividend(String code, long perShare) {
        return Symbol.parse(code)
                .filter(symbol -> exchange.find(symbol).isPresent())
                .map(symbol -> HttpAnswer.of(
                        200,
                        Json.object()
                                .field("symbol", code)
                                .number("accounts", ledger.payDividend(symbol, perShare, ledger.day()))
                                .text()))
                .orElseGet(() -> badRequest("no stock is called " + code));
    }

    private HttpAnswer breaker(long stage, Instant now) {
        if (stage < 1 || stage > LAST_STAGE) {
            return badRequest("the circuit breaker has the stages 1, 2 and 3");
        }
        // The third stage ends the day; the halt ends when the next one begins.
        exchange.haltAll(stage == LAST_STAGE ? Instant.MAX : now.plus(BREAKER), now, listener);
        return HttpAnswer.of(200, Json.object().number("circuit_breaker", stage).text());
    }

    private HttpAnswer operate(String what, Symbol symbol, List<Venue> venues, Instant now) {
        List<Stock> stocks = venues.stream()
                .flatMap(venue -> exchange.find(symbol, venue).stream())
                .toList();
        for (Stock stock : stocks) {
            switch (what) {
                case "halt" -> exchange.halt(stock, Instant.MAX, now, listener);
                case "resume" -> exchange.resume(stock, now, listener);
                default -> {
                    if (stock.venue() == Venue.KRX
                            && !exchange.interrupt(stock, stock.tape().last(), now, listener)) {
                        return badRequest(symbol + " does not trade continuously now");
                    }
                }
            }
        }
        Map<String, String> phases = new TreeMap<>();
        stocks.forEach(stock -> phases.put(stock.venue().name(), stock.phase().name()));
        Json json = Json.object().field("symbol", symbol.code());
        phases.forEach(json::field);
        return HttpAnswer.of(200, json.text());
    }

    private static HttpAnswer badRequest(String why) {
        return HttpAnswer.of(400, Json.object().field("error", why).text());
    }
}
