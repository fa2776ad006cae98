package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.gateway.risk.RiskGuard;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.gateway.risk.RiskLimits;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A preview and the placing that follows it in the same instant are decided alike, and a preview leaves nothing behind. */
@Tag("slow")
class PreviewAgreementTest {
    private static final int DAYS = 150;
    private static final int ORDERS = 40;

    /** What the desk itself refuses by; a random day reaches each. */
    private static final List<ErrorCode> REFUSALS = List.of(
            ErrorCode.KILL_SWITCH,
            ErrorCode.DAILY_LIMIT_EXCEEDED,
            ErrorCode.MAX_QTY_EXCEEDED,
            ErrorCode.NOTIONAL_LIMIT_EXCEEDED,
            ErrorCode.SYMBOL_RESTRICTED,
            ErrorCode.PRICE_OUT_OF_LIMITS,
            ErrorCode.PRICE_COLLAR,
            ErrorCode.SELF_CROSS,
            ErrorCode.INVALID_ORDER_TYPE,
            ErrorCode.OUT_OF_TRADING_WINDOW,
            ErrorCode.INSUFFICIENT_POSITION_QTY,
            ErrorCode.POSITION_LIMIT_EXCEEDED,
            ErrorCode.INSUFFICIENT_CASH,
            ErrorCode.DAILY_LOSS_LIMIT,
            ErrorCode.ORDER_RATE_LIMIT,
            ErrorCode.POSITION_PROVIDER_UNAVAILABLE,
            ErrorCode.QUOTE_UNAVAILABLE,
            ErrorCode.NOT_READY,
            ErrorCode.QUEUE_TIMEOUT);

    @Test
    void a_preview_refuses_exactly_what_placing_refuses_and_leaves_nothing_behind() {
        Map<ErrorCode, Integer> refused = new HashMap<>();
        int accepted = 0;
        for (int seed = 0; seed < DAYS; seed++) {
            var random = new Random(seed * 0x9E3779B97F4A7C15L); // small seeds begin alike
            var day = new TradingDayFixture();
            day.limits = limits(random);
            day.crash(); // a core with these limits
            if (random.nextInt(10) > 0) {
                day.receiveList();
            }
            for (int i = 0; i < ORDERS; i++) {
                if (random.nextInt(60) == 0) {
                    long ticket = 1_000_000L + i;
                    day.on(new OrderInput.KillSwitch(ticket, true, Optional.of("test"), false, "local"));
                }
                day.advance(Duration.ofMillis(random.nextInt(400)));
                Terms terms = terms(day, random);
                OrderInput.OrderContext context = context(day, random);
                int recorded = day.journal.size();
                int effects = day.effects.size();
                Answer preview = day.submit(
                        ticket -> day.placeInput(ticket, terms, "preview", context, OrderInput.Mode.PREVIEW));
                assertThat(day.journal).as("recorded by a preview").hasSize(recorded);
                assertThat(day.effects).as("caused by a preview").hasSize(effects);

                Answer placed = day.placeOrder(terms, "key-" + i, context);

                assertThat(preview).isInstanceOf(Answer.Previewed.class);
                assertThat(preview.reason())
                        .as("seed %d, order %d: %s", seed, i, terms)
                        .isEqualTo(placed.reason());
                placed.reason().map(Refusal::code).ifPresent(code -> refused.merge(code, 1, Integer::sum));
                accepted += placed instanceof Answer.Accepted ? 1 : 0;
            }
        }
        assertThat(accepted).isGreaterThan(DAYS);
        assertThat(refused.keySet()).containsAll(REFUSALS);
    }

    @Test
    void an_order_rests_until_the_close_and_in_a_market_that_never_closes_without_end() {
        var day = TradingDayFixture.open();
        Terms terms = day.limit(Side.BUY, 1, 70_000);
        LocalDate friday = LocalDate.of(2026, 11, 20);
        assertThat(TradingDayFixture.hours(new KrxCalendar()).definedEndOf(terms, friday))
                .contains(Instant.parse("2026-11-20T06:31:00Z"));
        assertThat(TradingDayFixture.hours(TradingDayFixture.CALENDAR).definedEndOf(terms, friday))
                .isEmpty();
    }

    private static RiskLimits limits(Random random) {
        RiskLimits limits = RiskLimits.none();
        for (RiskLimit limit : RiskLimit.values()) {
            if (random.nextInt(4) == 0) {
                limits = limits.with(
                        limit,
                        switch (limit) {
                            case DAILY_ORDERS -> 2 + random.nextInt(10);
                            case ORDERS_PER_SECOND -> 1 + random.nextInt(3);
                            case MAX_QTY, SELL_MAX_QTY -> 10 + random.nextInt(60);
                            case MAX_POSITION -> 100 + random.nextInt(200);
                            case DAILY_LOSS -> 1 + random.nextInt(150);
                            case MAX_NOTIONAL, MAX_NOTIONAL_USD -> 500_000 + random.nextInt(4_000_000);
                            case DAILY_NOTIONAL, DAILY_NOTIONAL_USD -> 2_000_000 + random.nextInt(20_000_000);
                            case MAX_POSITION_VALUE, MAX_POSITION_VALUE_USD -> 5_000_000 + random.nextInt(20_000_000);
                            case COLLAR_PCT -> 1 + random.nextInt(500);
                        });
            }
        }
        for (RiskGuard guard : RiskGuard.values()) {
            limits = random.nextInt(3) == 0 ? limits.with(guard, true) : limits;
        }
        return random.nextInt(20) == 0 ? limits.denying(Set.of(TradingDayFixture.SAMSUNG)) : limits;
    }

    private static Terms terms(TradingDayFixture day, Random random) {
        OrderType type =
                random.nextInt(3) > 0 ? OrderType.LIMIT : OrderType.values()[random.nextInt(OrderType.values().length)];
        var kind = random.nextInt(8) > 0
                ? OrderKind.regular(type)
                : new OrderKind(
                        type,
                        OrderSession.values()[random.nextInt(OrderSession.values().length)],
                        TimeInForce.values()[random.nextInt(TimeInForce.values().length)]);
        OptionalLong price =
                type.isPriced() ? OptionalLong.of(65_000 + 100L * random.nextInt(110)) : OptionalLong.empty();
        return new Terms(
                "A1",
                TradingDayFixture.SAMSUNG,
                Side.values()[random.nextInt(2)],
                1 + random.nextInt(60),
                kind,
                price,
                type == OrderType.STOP_LIMIT ? price : OptionalLong.empty(),
                random.nextInt(5) > 0 ? Venue.KRX : Venue.values()[random.nextInt(3)],
                Optional.empty(),
                day.now.plusMillis(random.nextInt(6) == 0 ? random.nextInt(300) : 5_000));
    }

    private static OrderInput.OrderContext context(TradingDayFixture day, Random random) {
        Observation<AccountFigures> account = random.nextInt(12) == 0
                ? new Observation.Unknown<>("no answer")
                : new Observation.Current<>(
                        new AccountFigures(
                                random.nextInt(60_000_000),
                                random.nextInt(300),
                                random.nextInt(300),
                                OptionalLong.of(100 - random.nextInt(200))),
                        day.now.minusSeconds(random.nextInt(10)));
        return new OrderInput.OrderContext(
                new MarketFacts(
                        random.nextInt(12) == 0 ? OptionalLong.empty() : OptionalLong.of(70_000),
                        OptionalLong.of(66_000),
                        OptionalLong.of(75_500),
                        random.nextInt(12) == 0 ? Designation.HALTED : Designation.NORMAL),
                account,
                random.nextInt(6) == 0 ? OptionalLong.empty() : OptionalLong.of(75_500),
                random.nextInt(30) == 0 ? List.of("WS_DISCONNECTED") : List.of());
    }
}
