package kr.kisgateway.gateway.parent;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderIntake;
import kr.kisgateway.gateway.order.OrderRequestParser;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.risk.Amounts;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Venue;

/**
 * Computes the quantities of a basket, and evaluates each line as if it were placed now, then all of them together by the {@link
 * BasketRules}.
 */
final class BasketCheck {
    /** An order that is refused so now is placed later: when its market opens, or within the orders of a second. */
    private static final Set<ErrorCode> WAITS = Set.of(ErrorCode.OUT_OF_TRADING_WINDOW, ErrorCode.ORDER_RATE_LIMIT);

    private final OrderIntake orders;
    private final OrderIntake.AccountSource accounts;
    private final Function<MarketSymbol, OptionalLong> lastPrices;

    /** @param lastPrices last price of a symbol, empty when it is unknown */
    BasketCheck(
            OrderIntake orders, OrderIntake.AccountSource accounts, Function<MarketSymbol, OptionalLong> lastPrices) {
        this.orders = orders;
        this.accounts = accounts;
        this.lastPrices = lastPrices;
    }

    /**
     * A line with what was found out about it.
     *
     * @param order with its quantity; empty when that cannot be computed
     * @param unitPrice price by which an amount became shares, in units of the currency
     * @param refusal what it is bad for, with the {@code field} among its details
     * @param figures of the order
     */
    record CheckedLine(
            BasketRequest.Line line,
            Optional<Terms> order,
            OptionalLong unitPrice,
            Optional<Refusal> refusal,
            Optional<Answer.Previewed> figures) {
        boolean isBad() {
            return refusal.isPresent();
        }
    }

    /**
     * A basket with what was found out about it.
     *
     * @param refusal why it is not accepted
     */
    record Checked(List<CheckedLine> lines, Optional<Refusal> refusal) {
        /** The plan of its good lines. */
        Plan plan() {
            List<Leg> legs = new ArrayList<>();
            List<Plan.LeftOut> leftOut = new ArrayList<>();
            for (CheckedLine each : lines) {
                if (each.refusal().isPresent()) {
                    leftOut.add(leftOut(each.refusal().get()));
                } else if (each.line() instanceof BasketRequest.Order order) {
                    legs.add(Leg.of(Leg.Role.ORDER, each.order().orElseThrow(), new Start.Now(), order.until())
                            .routed(order.routed()));
                }
            }
            return new Plan(Plan.Kind.BASKET, legs, leftOut);
        }
    }

    /** The line of a refusal, as it is answered. */
    static Plan.LeftOut leftOut(Refusal refusal) {
        return new Plan.LeftOut(field(refusal), refusal.code().name(), refusal.message());
    }

    private static String field(Refusal refusal) {
        return String.valueOf(refusal.details().get("field"));
    }

    /** Evaluates a basket. */
    Checked check(Caller caller, BasketRequest basket) {
        List<CheckedLine> lines =
                evaluated(caller, basket.lines().stream().map(this::sized).toList());
        List<CheckedLine> good = lines.stream().filter(line -> !line.isBad()).toList();
        return new Checked(lines, refusalOfLines(lines, basket.partial()).or(() -> BasketRules.refusal(good)));
    }

    // ---- each line ----

    /** A line with its quantity, not evaluated yet. */
    private CheckedLine sized(BasketRequest.Line line) {
        return switch (line) {
            case BasketRequest.Unreadable(int number, Refusal refusal) ->
                bad(line, OptionalLong.empty(), named(number, refusal, "qty"));
            case BasketRequest.Order order ->
                switch (order.size()) {
                    case BasketRequest.Size.Shares _ -> sized(order, order.terms(), OptionalLong.empty());
                    case BasketRequest.Size.Amount(long won) -> sized(order, won);
                    case BasketRequest.Size.Weight weight -> sized(order, weight.won());
                };
        };
    }

    /** An order of as many shares as {@code won} pay for. */
    private CheckedLine sized(BasketRequest.Order order, long won) {
        Terms one = order.terms();
        OptionalLong price = one.price().isPresent() ? one.price() : lastPrices.apply(one.symbol());
        if (price.isEmpty()) {
            return bad(
                    order,
                    price,
                    named(
                            order,
                            Refusal.of(
                                    ErrorCode.QUOTE_UNAVAILABLE,
                                    "the last price of " + one.symbol()
                                            + " is unknown; retry, or send a price or a qty")));
        }
        long qty = won / price.getAsLong();
        if (qty < 1 || qty > OrderRequestParser.QTY_MAX) {
            return bad(
                    order,
                    price,
                    named(
                            order,
                            Refusal.of(
                                    ErrorCode.INVALID_QTY,
                                    Amounts.text(Currency.KRW, won) + " at "
                                            + Amounts.text(Currency.KRW, price.getAsLong())
                                            + (qty < 1 ? " are no share of " : " are too many shares of ")
                                            + one.symbol())));
        }
        return sized(order, one.withQty(qty), price);
    }

    private static CheckedLine sized(BasketRequest.Order order, Terms terms, OptionalLong unitPrice) {
        return new CheckedLine(order, Optional.of(terms), unitPrice, Optional.empty(), Optional.empty());
    }

    /** The lines, of which those with a quantity have what placing them would be answered. */
    private List<CheckedLine> evaluated(Caller caller, List<CheckedLine> lines) {
        List<CheckedLine> placeable =
                lines.stream().filter(line -> !line.isBad()).toList();
        Iterator<Answer> answers = orders.previewAll(
                        caller,
                        placeable.stream()
                                .map(line -> line.order().orElseThrow())
                                .toList(),
                        accounts)
                .iterator();
        return lines.stream()
                .map(line -> line.line() instanceof BasketRequest.Order order && !line.isBad()
                        ? evaluated(caller, line, order, answers.next())
                        : line)
                .toList();
    }

    private CheckedLine evaluated(Caller caller, CheckedLine line, BasketRequest.Order order, Answer requested) {
        Answer answer = requested;
        // One whose venue is chosen when it is placed is good if it is good on one of them.
        if (order.routed() && isBad(requested)) {
            Answer onNxt = orders.preview(caller, line.order().orElseThrow().withVenue(Venue.NXT), accounts);
            answer = isBad(onNxt) ? requested : onNxt;
        }
        return new CheckedLine(
                order,
                line.order(),
                line.unitPrice(),
                bad(answer).map(it -> named(order, it)),
                answer instanceof Answer.Previewed previewed ? Optional.of(previewed) : Optional.empty());
    }

    private static Optional<Refusal> bad(Answer answer) {
        return answer.reason().filter(it -> !WAITS.contains(it.code()));
    }

    private static boolean isBad(Answer answer) {
        return bad(answer).isPresent();
    }

    private static CheckedLine bad(BasketRequest.Line line, OptionalLong unitPrice, Refusal refusal) {
        return new CheckedLine(line, Optional.empty(), unitPrice, Optional.of(refusal), Optional.empty());
    }

    private static Refusal named(BasketRequest.Order order, Refusal refusal) {
        return named(order.number(), refusal, order.size().field());
    }

    /** The refusal with the line, and its field where the code is about one. */
    private static Refusal named(int number, Refusal refusal, String sizeField) {
        String line = "orders[" + number + "]";
        String given =
                refusal.details().get("field") instanceof String field ? field : field(refusal.code(), sizeField);
        String named = given.startsWith("orders[") ? given : given.isEmpty() ? line : line + "." + given;
        return refusal.with("field", named);
    }

    /** The field that an error is about; empty when it is about the whole order. */
    private static String field(ErrorCode code, String sizeField) {
        return switch (code) {
            case INVALID_SYMBOL, SYMBOL_NOT_FOUND, SYMBOL_RESTRICTED, UNSUPPORTED_BY_SOURCE -> "symbol";
            case INVALID_SIDE -> "side";
            case INVALID_ORDER_TYPE -> "order_type";
            case INVALID_PRICE,
                    INVALID_TICK_SIZE,
                    PRICE_REQUIRED_FOR_LIMIT,
                    PRICE_NOT_ALLOWED_FOR_MARKET,
                    PRICE_OUT_OF_LIMITS,
                    PRICE_COLLAR -> "price";
            case INVALID_QTY,
                    MAX_QTY_EXCEEDED,
                    NOTIONAL_LIMIT_EXCEEDED,
                    POSITION_LIMIT_EXCEEDED,
                    INSUFFICIENT_CASH,
                    INSUFFICIENT_POSITION_QTY,
                    QUOTE_UNAVAILABLE -> sizeField;
            default -> "";
        };
    }

    // ---- all together ----

    private static Optional<Refusal> refusalOfLines(List<CheckedLine> lines, boolean partial) {
        List<Refusal> bad =
                lines.stream().flatMap(line -> line.refusal().stream()).toList();
        if (bad.isEmpty() || partial && bad.size() < lines.size()) {
            return Optional.empty();
        }
        Refusal first = bad.getFirst();
        String count = bad.size() + " of " + lines.size() + (bad.size() == 1 ? " lines is bad" : " lines are bad");
        return Optional.of(new Refusal(
                        first.code(),
                        "nothing is placed, as " + count + "; " + field(first) + ": " + withoutStop(first.message())
                                + (bad.size() < lines.size() ? "; correct it, or send partial: true" : ""),
                        first.details(),
                        first.retryAfter(),
                        first.kis())
                .with("orders", bad.stream().map(BasketCheck::facts).toList()));
    }

    private static String withoutStop(String message) {
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }

    private static Map<String, Object> facts(Refusal refusal) {
        return Map.of("field", field(refusal), "code", refusal.code().name(), "message", refusal.message());
    }
}
