package kr.kisgateway.gateway.parent;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.order.OrderRequestParser;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/** Reads baskets from the bodies of requests. What depends on prices and accounts is evaluated by the {@link BasketCheck}. */
final class BasketParser {
    private static final long WON_MAX = 999_999_999_999L;
    private static final BigDecimal PERCENT_MAX = BigDecimal.valueOf(100);
    private static final Set<String> FIELDS =
            Set.of("kind", "account_id", "side", "orders", "amount", "until", "partial", "dry_run");
    private static final List<String> SIZES = List.of("qty", "amount", "weight");
    private static final Set<String> LINE_FIELDS = Set.of(
            "symbol",
            "side",
            "qty",
            "amount",
            "weight",
            "order_type",
            "session",
            "time_in_force",
            "price",
            "stop_price",
            "venue",
            "strategy_id");

    private final OrderRequestParser orders;

    BasketParser(OrderRequestParser orders) {
        this.orders = orders;
    }

    /**
     * The basket in the body. A line that is no order is no reason to refuse the others: that is decided with those that fail a
     * check.
     */
    BasketRequest read(Caller caller, RequestBody body, Instant now) {
        body.requireOnly(FIELDS);
        String account = orders.account(caller, body);
        Optional<Side> side = OrderRequestParser.optionalSide(body);
        boolean partial = body.optionalFlag("partial").orElse(false);
        boolean dryRun = body.optionalFlag("dry_run").orElse(false);
        Optional<Instant> until = PlanParser.time(body, "until");
        OptionalLong total = won(body, "amount");
        List<RequestBody> requested = body.objects("orders", Plan.LEGS_MAX);
        requireTotal(total, requested.stream().anyMatch(line -> line.has("weight")));
        List<BasketRequest.Line> lines = new ArrayList<>();
        List<String> canonical = new ArrayList<>(List.of(
                Plan.Kind.BASKET.name(),
                account,
                until.toString(),
                total.toString(),
                Boolean.toString(partial),
                Integer.toString(requested.size())));
        for (RequestBody line : requested) {
            int number = lines.size();
            try {
                line.requireOnly(LINE_FIELDS);
                Terms terms = orders.readOneOf(caller, account, side, line, now);
                BasketRequest.Size size = size(line, terms, total);
                boolean routed = OrderRequestParser.isRouted(line);
                lines.add(new BasketRequest.Order(number, terms, size, PlanParser.until(body, terms, now), routed));
                canonical.add(ParentIntake.canonical(terms) + "|" + size + (routed ? ParentIntake.ROUTED : ""));
            } catch (RefusedException e) {
                lines.add(new BasketRequest.Unreadable(number, e.refusal()));
                canonical.add(line.json());
            }
        }
        requireWeights(lines);
        return new BasketRequest(account, lines, partial, dryRun, String.join("\n", canonical));
    }

    private static void requireTotal(OptionalLong total, boolean hasWeights) {
        if (hasWeights && total.isEmpty()) {
            throw RequestBody.missing("amount");
        }
        if (!hasWeights && total.isPresent()) {
            throw RequestBody.invalid("amount", "is what weights are parts of, and no line has a weight; omit it");
        }
    }

    private static void requireWeights(List<BasketRequest.Line> lines) {
        long basisPoints = lines.stream()
                .flatMap(line -> line instanceof BasketRequest.Order order
                                && order.size() instanceof BasketRequest.Size.Weight weight
                        ? Stream.of(weight)
                        : Stream.empty())
                .mapToLong(BasketRequest.Size.Weight::basisPoints)
                .sum();
        if (basisPoints > Start.Distance.WHOLE) {
            throw RequestBody.invalid(
                    "orders",
                    "has weights of "
                            + BigDecimal.valueOf(basisPoints, 2)
                                    .stripTrailingZeros()
                                    .toPlainString() + " percent together; " + PERCENT_MAX + " is the most");
        }
    }

    private static BasketRequest.Size size(RequestBody line, Terms terms, OptionalLong total) {
        if (SIZES.stream().filter(line::has).count() != 1) {
            throw line.invalidMember("qty", "or amount or weight is required, and only one of them");
        }
        if (line.has("qty")) {
            return new BasketRequest.Size.Shares(terms.qty());
        }
        String field = line.has("amount") ? "amount" : "weight";
        if (!(terms.symbol() instanceof Symbol)) {
            throw line.invalidMember(field, "is for Korean stocks, whose prices are in won; send qty");
        }
        return line.has("amount")
                ? new BasketRequest.Size.Amount(won(line, field).orElseThrow())
                : new BasketRequest.Size.Weight(
                        PlanParser.basisPoints(line, field, PERCENT_MAX).orElseThrow(), total.orElseThrow());
    }

    private static OptionalLong won(RequestBody body, String field) {
        OptionalLong won = body.optionalWholeNumber(field);
        if (won.isPresent() && (won.getAsLong() < 1 || won.getAsLong() > WON_MAX)) {
            throw body.invalidMember(field, "must be whole won from 1 to " + WON_MAX);
        }
        return won;
    }
}
