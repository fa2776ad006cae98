package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.order.OrderRequestParser.ParsedOrder;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.market.Market;

/** Any body is an order within KIS's bounds, the same whenever it is repeated, or is refused. */
public final class OrderRequestFuzzer {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final OrderRequestParser PARSER = parser();

    private OrderRequestFuzzer() {}

    /** A parser of orders of the account {@code A1}. */
    public static OrderRequestParser parser() {
        return new OrderRequestParser(
                Set.of("A1"),
                Set.of(Market.KOREA, Market.US),
                new OrderSettings.DispatchWaits(Duration.ofSeconds(2), Duration.ofSeconds(5)),
                new PriceOffsets(Map.of(), _ -> Optional.empty(), (_, _) -> MarketFacts.none()),
                UnaryOperator.identity());
    }

    /** Called by Jazzer; the first byte chooses the kind of request. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Optional<ParsedOrder> order = order(input);
        if (!order.equals(order(input))) {
            throw new IllegalStateException("a repeated request is another order");
        }
        order.map(ParsedOrder::terms).ifPresent(terms -> {
            if (terms.qty() < 1
                    || terms.qty() > OrderRequestParser.QTY_MAX
                    || isNegative(terms.price())
                    || isNegative(terms.stopPrice())) {
                throw new IllegalStateException("out of bounds: " + terms);
            }
        });
    }

    private static Optional<ParsedOrder> order(byte[] input) {
        try {
            RequestBody body = RequestBody.parse(Arrays.copyOfRange(input, 1, input.length));
            return Optional.of(
                    switch (input[0] & 3) {
                        case 0 -> PARSER.readLater(body, NOW);
                        case 1 -> PARSER.readBatchOrder(body, NOW);
                        default -> PARSER.read(body, NOW);
                    });
        } catch (RefusedException refused) {
            return Optional.empty();
        }
    }

    private static boolean isNegative(OptionalLong price) {
        return price.isPresent() && price.getAsLong() < 1;
    }
}
