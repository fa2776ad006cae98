package kr.kisgateway.gateway.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.portfolio.BuyingPower;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.SymbolRefusal;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.portfolio.BrokerBuyingPower;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.gateway.risk.Exposure;
import kr.kisgateway.gateway.risk.InstrumentChecks;
import kr.kisgateway.gateway.risk.QuantityBound;
import kr.kisgateway.gateway.risk.RiskScope;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Money;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingDay;

/** {@code /v1/buying-power}: the broker's figure, the gateway's own, and what the limits leave. */
public final class BuyingPowerRoutes {
    private static final String PRICE_FORM = "[1-9][0-9]{0,9}";
    private static final String DOLLARS_FORM = "[0-9]{1,8}([.][0-9]{1,4})?";

    private final OrderDesk desk;
    private final PerMarket<Portfolio> portfolios;
    private final InstrumentChecks instruments;
    private final Function<Symbol, OptionalLong> upperLimits;
    private final Commissions commissions;

    /**
     * @param instruments checks a symbol and a price
     * @param upperLimits the upper price limit of today, if known; may request it from the broker
     * @param commissions that the gateway's own figure includes
     */
    public BuyingPowerRoutes(
            OrderDesk desk,
            PerMarket<Portfolio> portfolios,
            InstrumentChecks instruments,
            Function<Symbol, OptionalLong> upperLimits,
            Commissions commissions) {
        this.desk = desk;
        this.portfolios = portfolios;
        this.instruments = instruments;
        this.upperLimits = upperLimits;
        this.commissions = commissions;
    }

    /** Adds the call. */
    public void addTo(RouteTable routes) {
        routes.get(
                Role.TRADE,
                "/v1/buying-power",
                List.of("account_id", "symbol", "side", "order_type", "price"),
                this::buyingPower);
    }

    /**
     * @param price the limit price, if the type has one
     * @param boundingPrice that price, if no share costs more
     */
    private record Question(
            String account, MarketSymbol symbol, OrderType type, OptionalLong price, OptionalLong boundingPrice) {
        Currency currency() {
            return symbol.market().currency();
        }

        BigDecimal amount(long units) {
            return ApiValues.amount(currency(), units);
        }

        Optional<BigDecimal> amount(OptionalLong units) {
            return units.isPresent() ? Optional.of(amount(units.getAsLong())) : Optional.empty();
        }
    }

    private void buyingPower(Call call) {
        Question question = question(call);
        long unitPrice = unitPrice(question);
        Portfolio portfolio = portfolios.of(question.symbol());
        Holdings holdings = holdings(portfolio, question.account());
        BrokerBuyingPower broker = portfolio
                .buyingPower(
                        question.account(),
                        question.symbol(),
                        question.boundingPrice(),
                        call.caller().name())
                .orElseThrow();
        var own = own(question, desk.availableCash(question.account(), holdings), unitPrice);
        var scope = new RiskScope(
                question.account(),
                new TradingDay(question.symbol().market(), LocalDate.EPOCH),
                call.caller().name(),
                call.caller().strategy());
        var limits = desk.policy()
                .quantityBounds(
                        scope,
                        question.currency(),
                        unitPrice,
                        committed(question, holdings),
                        desk.dailyAmountLeft(scope, question.symbol()));
        call.answer(answer(question, broker, own, limits));
    }

    private long unitPrice(Question question) {
        OptionalLong price = question.boundingPrice().isPresent() || !(question.symbol() instanceof Symbol korean)
                ? question.boundingPrice()
                : upperLimits.apply(korean);
        return price.orElseThrow(() -> refused(
                ErrorCode.QUOTE_UNAVAILABLE,
                "the upper price limit of " + question.symbol()
                        + " is unknown, so nothing bounds the price; send a LIMIT price or retry"));
    }

    private static BuyingPower answer(
            Question question, BrokerBuyingPower broker, BuyingPower.GatewayFigure own, List<QuantityBound> limits) {
        long strictest = limits.isEmpty() ? Long.MAX_VALUE : limits.getFirst().qty();
        OptionalLong qty = own.qty().isPresent()
                ? OptionalLong.of(Math.min(broker.qty(), Math.min(own.qty().getAsLong(), strictest)))
                : OptionalLong.empty();
        return new BuyingPower(
                question.account(),
                question.symbol().code(),
                Side.BUY.name(),
                question.type().name(),
                question.amount(question.price()),
                question.currency().name(),
                qty,
                qty.isEmpty() ? Optional.empty() : Optional.of(boundBy(qty.getAsLong(), broker, own)),
                new BuyingPower.KisFigure(
                        question.amount(broker.cash()),
                        question.amount(broker.unitPrice()),
                        question.amount(broker.amount()),
                        broker.qty(),
                        question.amount(broker.maxAmount()),
                        broker.maxQty()),
                own,
                limits.stream()
                        .map(it -> new BuyingPower.QuantityLimit(it.limitName(), it.layer(), it.figure(), it.qty()))
                        .toList(),
                broker.requestedAt().toEpochMilli());
    }

    private static String boundBy(long qty, BrokerBuyingPower broker, BuyingPower.GatewayFigure own) {
        if (broker.qty() == qty) {
            return "KIS";
        }
        return own.qty().getAsLong() == qty ? "CASH" : "LIMIT";
    }

    private BuyingPower.GatewayFigure own(Question question, OptionalLong cash, long unitPrice) {
        BigDecimal price = question.amount(unitPrice);
        if (cash.isEmpty()) {
            return new BuyingPower.GatewayFigure(
                    Optional.empty(), price, OptionalLong.empty(), Optional.empty(), Optional.empty());
        }
        Costs costs = commissions.highest(question.currency());
        long qty = Exposure.affordableQty(costs, cash.getAsLong(), unitPrice);
        long cost = Exposure.cost(costs, qty, unitPrice);
        return new BuyingPower.GatewayFigure(
                question.amount(cash),
                price,
                OptionalLong.of(qty),
                Optional.of(question.amount(cost)),
                Optional.of(question.amount(cost - qty * unitPrice)));
    }

    private static Holdings holdings(Portfolio portfolio, String account) {
        var view = portfolio.currentHoldings(account);
        return switch (view.holdings()) {
            case Observation.Current<Holdings>(Holdings holdings, Instant _) -> holdings;
            case Observation.Stale<Holdings>(Holdings holdings, Instant _, String _) -> holdings;
            case Observation.Unknown<Holdings> _ ->
                throw new RefusedException(view.refusal().orElseThrow());
        };
    }

    /** Shares that the account holds, and those that its open buys may still add. */
    private long committed(Question question, Holdings holdings) {
        long held = holdings.positions().stream()
                .filter(it -> it.symbol().equals(question.symbol()))
                .mapToLong(Holdings.Position::qty)
                .sum();
        return held
                + desk.open().stream()
                        .filter(order -> order.terms().side() == Side.BUY
                                && order.terms().symbol().equals(question.symbol())
                                && order.terms().accountId().equals(question.account()))
                        .mapToLong(Order::remaining)
                        .sum();
    }

    // ---- the query ----

    private Question question(Call call) {
        String account = call.requiredQuery("account_id");
        call.caller().requireAccount(account);
        MarketSymbol symbol = SymbolRefusal.require(call.requiredQuery("symbol"));
        if (!portfolios.markets().contains(symbol.market())) {
            throw refused(ErrorCode.UNSUPPORTED_BY_SOURCE, "the broker takes no orders of " + symbol);
        }
        call.caller().requireSymbol(symbol.code());
        call.query("side").map(text -> text.toUpperCase(Locale.ROOT)).ifPresent(BuyingPowerRoutes::requireBuy);
        OptionalLong price = price(call, symbol.market().currency());
        if (!(symbol instanceof Symbol) && price.isEmpty()) {
            throw refused(
                    ErrorCode.PRICE_REQUIRED_FOR_LIMIT, "a purchase of " + symbol + " has a limit price; name it");
        }
        OrderType type = type(call, price);
        if (type.isPriced() && price.isEmpty()) {
            throw refused(ErrorCode.PRICE_REQUIRED_FOR_LIMIT, "a " + type + " order needs a price");
        }
        if (!type.isPriced() && price.isPresent()) {
            throw refused(ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET, "a " + type + " order has no price; omit it");
        }
        instruments.check(symbol, price).ifPresent(refusal -> {
            throw new RefusedException(refusal);
        });
        return new Question(account, symbol, type, price, type.isBoundByPrice() ? price : OptionalLong.empty());
    }

    private static void requireBuy(String side) {
        switch (side) {
            case "BUY" -> {
                // the only side that takes cash
            }
            case "SELL" -> throw Call.invalid("side", "must be BUY; sellable_qty of /v1/positions is what may be sold");
            default -> throw Call.notOneOf("side", side, List.of("BUY"));
        }
    }

    private static OptionalLong price(Call call, Currency currency) {
        Optional<String> text = call.query("price");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        boolean won = currency == Currency.KRW;
        if (!text.get().matches(won ? PRICE_FORM : DOLLARS_FORM)) {
            throw refused(
                    ErrorCode.INVALID_PRICE,
                    won
                            ? "price is a whole number of won from 1 to 9999999999"
                            : "price is an amount in " + currency + " with " + currency.decimals()
                                    + " decimals at most");
        }
        long units = Money.parse(currency, text.get()).units();
        if (units == 0) {
            throw refused(ErrorCode.INVALID_PRICE, "price is above 0");
        }
        return OptionalLong.of(units);
    }

    private static OrderType type(Call call, OptionalLong price) {
        Optional<String> text = call.query("order_type").map(it -> it.toUpperCase(Locale.ROOT));
        if (text.isEmpty()) {
            return price.isPresent() ? OrderType.LIMIT : OrderType.MARKET;
        }
        List<String> names = Stream.of(OrderType.values()).map(Enum::name).toList();
        if (!names.contains(text.get())) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.INVALID_ORDER_TYPE, "order_type is one of " + String.join(", ", names))
                            .suggesting(text.get(), names));
        }
        return OrderType.valueOf(text.get());
    }

    private static RefusedException refused(ErrorCode code, String message) {
        return new RefusedException(Refusal.of(code, message));
    }
}
