package kr.kisgateway.gateway.parent;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Shares;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.parent.BasketCheck.CheckedLine;
import kr.kisgateway.gateway.risk.Amounts;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.gateway.risk.RiskUsage;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;

/**
 * The checks of all lines of a basket together. Each line passes the checks of an order by itself; the lines before it count as open
 * orders here, as those of the account do there. The refusal names the first line that does not fit beside those before it.
 */
final class BasketRules {
    private static final Set<RiskLimit> POSITIONS =
            Set.of(RiskLimit.MAX_POSITION, RiskLimit.MAX_POSITION_VALUE, RiskLimit.MAX_POSITION_VALUE_USD);
    private static final Set<RiskLimit> DAILY_NOTIONALS =
            Set.of(RiskLimit.DAILY_NOTIONAL, RiskLimit.DAILY_NOTIONAL_USD);
    private static final Set<RiskLimit> NOTIONALS = Set.of(RiskLimit.MAX_NOTIONAL, RiskLimit.MAX_NOTIONAL_USD);

    private BasketRules() {}

    /** Why lines that are good by themselves are not together. */
    static Optional<Refusal> refusal(List<CheckedLine> good) {
        return refusalOfCount(good)
                .or(() -> refusalOfCrosses(good))
                .or(() -> refusalOfSizes(good))
                .or(() -> refusalOfDay(good))
                .or(() -> refusalOfCash(good))
                .or(() -> refusalOfShares(good));
    }

    // ---- lines ----

    private static Refusal named(Refusal refusal, CheckedLine line, String field) {
        return refusal.with("field", "orders[" + line.line().number() + "]" + (field.isEmpty() ? "" : "." + field));
    }

    /** Named with the field that says how large the line is. */
    private static Refusal named(Refusal refusal, CheckedLine line) {
        return named(
                refusal,
                line,
                line.line() instanceof BasketRequest.Order order ? order.size().field() : "");
    }

    private static Stream<CheckedLine> of(Side side, List<CheckedLine> good) {
        return good.stream()
                .filter(line -> line.figures().isPresent()
                        && line.order().filter(terms -> terms.side() == side).isPresent());
    }

    private static RiskUsage usage(CheckedLine line) {
        return line.figures().orElseThrow().usage();
    }

    private static Terms terms(CheckedLine line) {
        return line.order().orElseThrow();
    }

    // ---- counts ----

    /** Each order is within the orders of a day by itself; together they have to be, too, in each layer that counts them. */
    private static Optional<Refusal> refusalOfCount(List<CheckedLine> good) {
        Map<String, Integer> counts = new HashMap<>();
        for (CheckedLine line : good) {
            for (RiskUsage.LimitUsage usage :
                    line.figures().map(figures -> figures.usage().limits()).orElseGet(List::of)) {
                if (usage.limit() == RiskLimit.DAILY_ORDERS && usage.used().isPresent()) {
                    int count = counts.getOrDefault(usage.layer(), 0) + 1;
                    counts.put(usage.layer(), count);
                    if (usage.used().get().add(BigDecimal.valueOf(count)).compareTo(usage.figure()) > 0) {
                        return Optional.of(
                                named(shortOfOrders(usage, usage.used().get()), line, ""));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Refusal shortOfOrders(RiskUsage.LimitUsage usage, BigDecimal used) {
        return limited(
                        ErrorCode.DAILY_LIMIT_EXCEEDED,
                        "of the " + usage.figure().toPlainString() + " orders of this trading day "
                                + used.toPlainString() + " are used ("
                                + usage.limit().jsonName() + " of "
                                + usage.layer() + "), which leaves too few for this basket; nothing is placed",
                        usage)
                .with("used", used);
    }

    private static Refusal limited(ErrorCode code, String message, RiskUsage.LimitUsage usage) {
        return Refusal.of(code, message)
                .with("limit_name", usage.limit().jsonName())
                .with("layer", usage.layer())
                .with("limit", usage.figure());
    }

    // ---- orders that could trade with each other ----

    private static Optional<Refusal> refusalOfCrosses(List<CheckedLine> good) {
        for (int i = 1; i < good.size(); i++) {
            CheckedLine line = good.get(i);
            Optional<String> layer =
                    line.figures().flatMap(figures -> figures.usage().selfCrossLayer());
            for (int j = 0; j < i && layer.isPresent(); j++) {
                if (crosses(terms(line), terms(good.get(j)))) {
                    String other = "orders[" + good.get(j).line().number() + "]";
                    return Optional.of(named(
                            Refusal.of(
                                            ErrorCode.SELF_CROSS,
                                            "orders[" + line.line().number() + "] could trade with " + other
                                                    + " of the same basket, and both are of "
                                                    + terms(line).symbol()
                                                    + " (refuse_self_cross of " + layer.get()
                                                    + "); nothing is placed")
                                    .with("other", other)
                                    .with("layer", layer.get()),
                            line,
                            terms(line).price().isPresent() ? "price" : "side"));
                }
            }
        }
        return Optional.empty();
    }

    /** A price that does not bound an order is none: it could trade with any. */
    private static boolean crosses(Terms one, Terms other) {
        if (one.side() == other.side() || !one.symbol().equals(other.symbol())) {
            return false;
        }
        OptionalLong bid = bound(one.side() == Side.BUY ? one : other);
        OptionalLong ask = bound(one.side() == Side.BUY ? other : one);
        return bid.isEmpty() || ask.isEmpty() || bid.getAsLong() >= ask.getAsLong();
    }

    private static OptionalLong bound(Terms terms) {
        return terms.kind().type().isBoundByPrice() ? terms.price() : OptionalLong.empty();
    }

    // ---- sizes ----

    /** The buys of a symbol are one position, and count as one order: lines do not divide what a limit is for. */
    private static Optional<Refusal> refusalOfSizes(List<CheckedLine> good) {
        Map<MarketSymbol, Long> shares = new HashMap<>();
        Map<MarketSymbol, BigDecimal> amounts = new HashMap<>();
        for (CheckedLine line : of(Side.BUY, good).toList()) {
            MarketSymbol symbol = terms(line).symbol();
            long before = shares.getOrDefault(symbol, 0L);
            BigDecimal spent = amounts.getOrDefault(symbol, BigDecimal.ZERO);
            if (before > 0) {
                Optional<Refusal> refusal = usage(line).limits().stream()
                        .flatMap(usage -> exceeded(line, usage, before, spent).stream())
                        .findFirst();
                if (refusal.isPresent()) {
                    return refusal;
                }
            }
            shares.put(symbol, before + terms(line).qty());
            amounts.put(symbol, spent.add(amount(line, terms(line).qty())));
        }
        return Optional.empty();
    }

    /** What shares cost at the price that bounds the line; 0 where that is unknown, as the line itself is refused then. */
    private static BigDecimal amount(CheckedLine line, long shares) {
        OptionalLong price = usage(line).maxPrice();
        Currency currency = terms(line).symbol().market().currency();
        return price.isPresent()
                ? ApiValues.amount(currency, price.getAsLong()).multiply(BigDecimal.valueOf(shares))
                : BigDecimal.ZERO;
    }

    /**
     * @param before shares of the lines before it
     * @param spent what these cost
     */
    private static Optional<Refusal> exceeded(
            CheckedLine line, RiskUsage.LimitUsage usage, long before, BigDecimal spent) {
        boolean isPosition = POSITIONS.contains(usage.limit());
        if (usage.after().isEmpty() || !isPosition && !NOTIONALS.contains(usage.limit())) {
            return Optional.empty();
        }
        BigDecimal more;
        if (usage.limit() == RiskLimit.MAX_POSITION) {
            more = BigDecimal.valueOf(before);
        } else {
            more = isPosition ? amount(line, before) : spent;
        }
        BigDecimal together = usage.after().get().add(more);
        if (together.compareTo(usage.figure()) <= 0) {
            return Optional.empty();
        }
        String what = "the buys of " + terms(line).symbol() + " are for "
                + Shares.of(before + terms(line).qty()) + " together, and with orders["
                + line.line().number() + "] "
                + (isPosition ? "the position" : "their amount") + " would be " + together.toPlainString()
                + " of " + usage.figure().toPlainString() + " at most ("
                + usage.limit().jsonName() + " of "
                + usage.layer() + "); nothing is placed";
        return Optional.of(named(
                limited(isPosition ? ErrorCode.POSITION_LIMIT_EXCEEDED : ErrorCode.NOTIONAL_LIMIT_EXCEEDED, what, usage)
                        .with("together", together),
                line));
    }

    /** What the buys of a day may cost is for all lines of a currency together, whatever they buy. */
    private static Optional<Refusal> refusalOfDay(List<CheckedLine> good) {
        Map<Currency, BigDecimal> spent = new EnumMap<>(Currency.class);
        for (CheckedLine line : of(Side.BUY, good).toList()) {
            BigDecimal before = spent.getOrDefault(currency(line), BigDecimal.ZERO);
            Optional<Refusal> refusal = usage(line).limits().stream()
                    .filter(usage -> DAILY_NOTIONALS.contains(usage.limit()))
                    .filter(usage -> usage.after()
                            .filter(after -> after.add(before).compareTo(usage.figure()) > 0)
                            .isPresent())
                    .findFirst()
                    .map(usage -> tooMuchForTheDay(line, usage, before));
            if (refusal.isPresent()) {
                return refusal;
            }
            spent.put(currency(line), before.add(amount(line, terms(line).qty())));
        }
        return Optional.empty();
    }

    private static Refusal tooMuchForTheDay(CheckedLine line, RiskUsage.LimitUsage usage, BigDecimal before) {
        BigDecimal together = usage.after().orElseThrow().add(before);
        return named(
                limited(
                                ErrorCode.DAILY_LIMIT_EXCEEDED,
                                "with orders[" + line.line().number() + "] the buys of this trading day would cost "
                                        + together.toPlainString() + " of "
                                        + usage.figure().toPlainString() + " at most ("
                                        + usage.limit().jsonName() + " of "
                                        + usage.layer() + "); nothing is placed",
                                usage)
                        .with("together", together),
                line);
    }

    // ---- cash and shares ----

    /** Each buy fits by itself; what they reserve together has to fit, too, in each currency. */
    private static Optional<Refusal> refusalOfCash(List<CheckedLine> good) {
        Map<Currency, Long> free = new EnumMap<>(Currency.class);
        of(Side.BUY, good)
                .forEach(line -> usage(line)
                        .cash()
                        .ifPresent(units -> free.merge(currency(line), Math.max(0, units), Math::min)));
        Map<Currency, Long> reserved = new EnumMap<>(Currency.class);
        Map<Currency, CheckedLine> tooMuch = new EnumMap<>(Currency.class);
        of(Side.BUY, good).forEach(line -> {
            Currency currency = currency(line);
            usage(line)
                    .reserved(Side.BUY, terms(line).qty(), currency)
                    .ifPresent(units -> reserved.merge(currency, units, BasketRules::sum));
            if (reserved.getOrDefault(currency, 0L) > free.getOrDefault(currency, Long.MAX_VALUE)) {
                tooMuch.putIfAbsent(currency, line);
            }
        });
        return tooMuch.entrySet().stream()
                .map(entry -> named(
                        shortOfCash(
                                entry.getKey(),
                                reserved.getOrDefault(entry.getKey(), 0L),
                                free.getOrDefault(entry.getKey(), 0L)),
                        entry.getValue()))
                .findFirst();
    }

    private static Currency currency(CheckedLine line) {
        return terms(line).symbol().market().currency();
    }

    /** More than fits is more than any account has. */
    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    private static Refusal shortOfCash(Currency currency, long needed, long free) {
        return Refusal.of(
                        ErrorCode.INSUFFICIENT_CASH,
                        "the buys need " + Amounts.text(currency, needed) + " together, and "
                                + Amounts.number(currency, OptionalLong.of(free))
                                + " are free, after open orders; nothing is placed")
                .with("needed", Amounts.figure(currency, needed))
                .with("free", Amounts.figure(currency, free));
    }

    private static Optional<Refusal> refusalOfShares(List<CheckedLine> good) {
        Map<MarketSymbol, Long> held = new LinkedHashMap<>();
        of(Side.SELL, good)
                .forEach(line -> usage(line)
                        .sellable()
                        .ifPresent(shares -> held.merge(terms(line).symbol(), shares, Math::min)));
        Map<MarketSymbol, Long> sold = new LinkedHashMap<>();
        Map<MarketSymbol, CheckedLine> tooMany = new LinkedHashMap<>();
        of(Side.SELL, good).forEach(line -> {
            MarketSymbol symbol = terms(line).symbol();
            sold.merge(symbol, terms(line).qty(), Long::sum);
            if (sold.getOrDefault(symbol, 0L) > held.getOrDefault(symbol, Long.MAX_VALUE)) {
                tooMany.putIfAbsent(symbol, line);
            }
        });
        return tooMany.entrySet().stream()
                .map(entry -> named(
                        Refusal.of(
                                        ErrorCode.INSUFFICIENT_POSITION_QTY,
                                        "the sales of " + entry.getKey() + " are for "
                                                + sold.getOrDefault(entry.getKey(), 0L) + " shares together, and "
                                                + held.getOrDefault(entry.getKey(), 0L)
                                                + " may be sold; nothing is placed")
                                .with("symbol", entry.getKey().code())
                                .with("needed", sold.getOrDefault(entry.getKey(), 0L))
                                .with("sellable", held.getOrDefault(entry.getKey(), 0L)),
                        entry.getValue()))
                .findFirst();
    }
}
