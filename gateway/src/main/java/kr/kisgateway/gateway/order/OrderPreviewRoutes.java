package kr.kisgateway.gateway.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.order.OrderPreview;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.ErrorAnswer;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.risk.RiskUsage;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Side;

/**
 * {@code POST /v1/orders/preview}: what placing an order would be answered, cost and use. The body takes the way of {@code
 * POST /v1/orders} through the parser, the loading of facts and the desk's checks, so both always agree; nothing is placed
 * or recorded. With a time it takes the way of an order that is scheduled.
 */
public final class OrderPreviewRoutes {
    /** Decimals of a rate in billionths that is written in percent. */
    private static final int PERCENT_OF_BILLIONTHS = 7;

    private final OrderRequestParser parser;
    private final OrderIntake intake;
    private final InstantSource clock;
    private final String environment;
    private final Facts facts;

    /**
     * What a preview shows beyond the facts of the checks.
     *
     * @param listing finds the listed instrument of an order
     * @param lastPrice the last price, in units of the currency; of a Korean instrument that of today, without a call
     */
    public record Facts(
            Function<Terms, Optional<Listed>> listing,
            Function<Listed, OptionalLong> lastPrice,
            OrderIntake.AccountSource account) {}

    /** Decides whether an order may be scheduled, as scheduling it does. */
    public interface ScheduleCheck {
        /** @param until past which it is not placed; without one the usual time after {@code at} */
        Schedule check(Caller caller, Terms terms, Instant at, Optional<Instant> until);
    }

    /**
     * When an order is placed.
     *
     * @param until past which it is not placed
     * @param refusal what scheduling it would be answered; empty when it would be accepted
     */
    public record Schedule(Instant at, Instant until, Optional<Refusal> refusal) {}

    /** @param environment of the gateway: {@code sim}, {@code mock} or {@code live} */
    public OrderPreviewRoutes(
            OrderRequestParser parser, OrderIntake intake, InstantSource clock, String environment, Facts facts) {
        this.parser = parser;
        this.intake = intake;
        this.clock = clock;
        this.environment = environment;
        this.facts = facts;
    }

    /** Adds the call. */
    public void addTo(RouteTable routes, ScheduleCheck schedules) {
        routes.post(Role.TRADE, "/v1/orders/preview", List.of("at", "until"), call -> preview(call, schedules));
    }

    private void preview(Call call, ScheduleCheck schedules) {
        RequestBody body = call.body();
        Instant now = clock.instant();
        Optional<Instant> at = time(call, "at");
        Optional<Instant> until = time(call, "until");
        if (until.isPresent() && at.isEmpty()) {
            throw Call.invalid("until", "needs at");
        }
        OrderRequestParser.ParsedOrder read;
        try {
            read = at.isPresent() ? parser.readLater(body, now) : parser.read(body, now);
        } catch (RefusedException e) {
            if (OrderRoutes.NOT_AN_ORDER.contains(e.refusal().code())) {
                throw e;
            }
            call.answer(answer(call, Optional.of(e.refusal()), Optional.empty()));
            return;
        }
        OrderRequestParser.ParsedOrder requested = read.withStrategy(call.caller());
        boolean isChosenLater = at.isPresent() && OrderRequestParser.isRouted(body);
        Terms terms = isChosenLater ? intake.onVenueThatAccepts(requested.terms(), at.get()) : requested.terms();
        OrderRoutes.requireTerms(call.caller(), terms);
        Answer decided = intake.preview(call.caller(), terms, facts.account());
        Optional<Schedule> schedule = at.map(it -> schedules.check(call.caller(), terms, it, until));
        if (schedule.isPresent() && decided instanceof Answer.Previewed previewed) {
            call.answer(scheduled(call, terms, venueReason(body, isChosenLater), previewed, schedule.get()));
            return;
        }
        Optional<Refusal> refusal = decided.reason()
                .map(it -> OrderRoutes.hasPassed(terms, now, it)
                        ? OrderRequestParser.dispatchByOutOfRange().refusal()
                        : it);
        Optional<OrderPreview.Figures> figures = decided instanceof Answer.Previewed previewed
                ? Optional.of(
                        figures(terms, venueReason(body, terms.routing().isPresent()), previewed, Optional.empty()))
                : Optional.empty();
        call.answer(answer(call, refusal, figures));
    }

    /** What it would cost by the facts of now, and the market's hours at its time. */
    private OrderPreview scheduled(
            Call call, Terms terms, String venueReason, Answer.Previewed now, Schedule schedule) {
        return answer(
                call,
                schedule.refusal(),
                Optional.of(figures(
                        terms.withDispatchBy(schedule.until()),
                        venueReason,
                        intake.previewAt(now, terms, schedule.at()),
                        Optional.of(schedule.at()))));
    }

    private static Optional<Instant> time(Call call, String name) {
        return call.query(name)
                .map(text -> ApiValues.time(text).orElseThrow(() -> Call.invalid(name, ApiValues.TIME_FORM)));
    }

    private static String venueReason(RequestBody body, boolean routed) {
        return routed ? "ROUTED" : body.has("venue") ? "REQUESTED" : "DEFAULT";
    }

    private OrderPreview answer(Call call, Optional<Refusal> refusal, Optional<OrderPreview.Figures> figures) {
        return new OrderPreview(
                refusal.isEmpty(), refusal.map(it -> ErrorAnswer.of(it, call.traceId())), environment, figures);
    }

    private OrderPreview.Figures figures(
            Terms terms, String venueReason, Answer.Previewed previewed, Optional<Instant> placedAt) {
        Optional<Listed> listed = facts.listing().apply(terms);
        Currency currency = currency(terms);
        RiskUsage usage = previewed.usage();
        return new OrderPreview.Figures(
                terms.accountId(),
                terms.symbol().code(),
                listed.map(Listed::name),
                listed.flatMap(OrderPreviewRoutes::korean).map(it -> it.board().name()),
                listed.map(it -> it.product().name()),
                terms.side().name(),
                terms.qty(),
                terms.kind().type().name(),
                terms.kind().session().name(),
                terms.kind().timeInForce().name(),
                amount(currency, terms.price()),
                terms.stopPrice(),
                currency.name(),
                terms.strategyId(),
                terms.credit().map(OrderAnswers::credit),
                terms.venue().name(),
                venueReason,
                terms.routing().map(OrderAnswers::routing),
                placedAt.map(ApiValues::timeMillis),
                new OrderPreview.Window(
                        previewed.window().isOpen(),
                        previewed.window().session(),
                        previewed.restsUntil().map(ApiValues::time)),
                ApiValues.time(terms.dispatchBy()),
                listed.flatMap(it -> cost(terms, it, previewed)),
                cash(terms, usage),
                terms.side() == Side.SELL ? Optional.of(shares(terms, usage)) : Optional.empty(),
                usage.limits().stream().map(OrderPreviewRoutes::limit).toList());
    }

    private static Currency currency(Terms terms) {
        return terms.symbol().market().currency();
    }

    private static Optional<Instrument> korean(Listed listed) {
        return switch (listed) {
            case Listed.Korean korean -> Optional.of(korean.instrument());
            case Listed.Overseas _ -> Optional.empty();
        };
    }

    private static Optional<BigDecimal> amount(Currency currency, OptionalLong units) {
        return units.isPresent() ? Optional.of(ApiValues.amount(currency, units.getAsLong())) : Optional.empty();
    }

    // ---- cost ----

    /**
     * @param units of the currency
     * @param basis where the price is from
     */
    private record UnitPrice(long units, String basis) {}

    /** A tax in billionths, and its amount in units of the currency. */
    private record Tax(long rate, long units) {}

    /** Empty when no price is known, or when more is involved than any account has. */
    private Optional<OrderPreview.Cost> cost(Terms terms, Listed listed, Answer.Previewed previewed) {
        return unitPrice(terms, listed, previewed.usage()).flatMap(price -> {
            try {
                return Optional.of(cost(terms, listed, price, previewed));
            } catch (ArithmeticException _) {
                return Optional.empty();
            }
        });
    }

    private Optional<UnitPrice> unitPrice(Terms terms, Listed listed, RiskUsage usage) {
        if (terms.price().isPresent()) {
            return Optional.of(new UnitPrice(terms.price().getAsLong(), "LIMIT_PRICE"));
        }
        OptionalLong last = facts.lastPrice().apply(listed);
        if (last.isPresent()) {
            return Optional.of(new UnitPrice(last.getAsLong(), "LAST_PRICE"));
        }
        return usage.maxPrice().isPresent()
                ? Optional.of(new UnitPrice(usage.maxPrice().getAsLong(), "UPPER_LIMIT"))
                : Optional.empty();
    }

    private static OrderPreview.Cost cost(Terms terms, Listed listed, UnitPrice price, Answer.Previewed previewed) {
        Currency currency = currency(terms);
        Costs costs = previewed.usage().commissions().on(terms.venue());
        long amount = Math.multiplyExact(terms.qty(), price.units());
        long commission = costs.commission(amount);
        Optional<Tax> tax = tax(terms, listed, amount, previewed);
        long total = terms.side() == Side.BUY
                ? Math.addExact(amount, commission)
                : amount - commission - tax.map(Tax::units).orElse(0L);
        return new OrderPreview.Cost(
                ApiValues.amount(currency, price.units()),
                price.basis(),
                ApiValues.amount(currency, amount),
                ApiValues.amount(currency, commission),
                percent(costs.commissionRate()),
                tax.map(it -> ApiValues.amount(currency, it.units())),
                tax.map(it -> percent(it.rate())),
                ApiValues.amount(currency, total));
    }

    /** Empty for a sale whose tax is not computed. */
    private static Optional<Tax> tax(Terms terms, Listed listed, long amount, Answer.Previewed previewed) {
        if (terms.side() == Side.BUY) {
            return Optional.of(new Tax(0, 0));
        }
        LocalDate day = previewed.day().date();
        return korean(listed)
                .map(it -> new Tax(
                        Costs.sellTaxRate(it.board(), it.product(), day),
                        Costs.usual().sellTax(it.board(), it.product(), amount, day)));
    }

    private static BigDecimal percent(long billionths) {
        BigDecimal percent =
                BigDecimal.valueOf(billionths, PERCENT_OF_BILLIONTHS).stripTrailingZeros();
        return percent.scale() < 0 ? percent.setScale(0) : percent;
    }

    // ---- what it uses ----

    private static OrderPreview.Cash cash(Terms terms, RiskUsage usage) {
        Currency currency = currency(terms);
        OptionalLong reserved = usage.reserved(terms.side(), terms.qty(), currency);
        OptionalLong after = usage.cash().isPresent() && reserved.isPresent()
                ? OptionalLong.of(usage.cash().getAsLong() - reserved.getAsLong())
                : OptionalLong.empty();
        return new OrderPreview.Cash(
                amount(currency, usage.cash()), amount(currency, reserved), amount(currency, after));
    }

    private static OrderPreview.Shares shares(Terms terms, RiskUsage usage) {
        return new OrderPreview.Shares(
                usage.sellable(),
                usage.sellable().isPresent()
                        ? OptionalLong.of(usage.sellable().getAsLong() - terms.qty())
                        : OptionalLong.empty());
    }

    private static OrderPreview.Limit limit(RiskUsage.LimitUsage usage) {
        return new OrderPreview.Limit(
                usage.limit().jsonName(), usage.layer(), usage.figure(), usage.used(), usage.after(), usage.ok());
    }
}
