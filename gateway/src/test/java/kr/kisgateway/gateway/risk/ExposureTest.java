package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.DAY;
import static kr.kisgateway.gateway.risk.RiskSample.NOW;
import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static kr.kisgateway.gateway.risk.RiskSample.SCOPE;
import static kr.kisgateway.gateway.risk.RiskSample.openExposure;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import kr.kisgateway.gateway.risk.RiskPolicy.CountScope;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@net.jqwik.api.Tag("slow")
class ExposureTest {
    private static final List<Symbol> SYMBOLS = List.of(SAMSUNG, new Symbol("000660"));
    private static final List<String> ACCOUNTS = List.of("A1", "A2");
    private static final List<String> STRATEGIES = List.of("swing", "grid");

    /** A second book that records every change and sums them up for each query. */
    private static final class NaiveExposure {
        final Map<String, OpenExposure> orders = new LinkedHashMap<>();
        final Map<String, Instant> taken = new LinkedHashMap<>();
        final List<Bought> bought = new ArrayList<>();
        final List<Counting> accepted = new ArrayList<>();

        record Bought(Instant at, String account, MarketSymbol symbol, long shares, long won) {}

        record Counting(RiskScope scope, Instant at) {}

        void changed(OpenExposure order, Instant at) {
            OpenExposure before = orders.put(order.orderId(), order);
            long filled = order.filled() - (before == null ? 0 : before.filled());
            long won = order.value() - (before == null ? 0 : before.value());
            if (order.side() == Side.BUY && filled > 0) {
                bought.add(new Bought(at, order.scope().account(), order.symbol(), filled, won));
            }
            if (order.acknowledgedAt().isPresent()) {
                taken.put(order.orderId(), order.acknowledgedAt().get());
            } else if (order.filled() > 0) {
                taken.putIfAbsent(order.orderId(), at);
            }
        }

        long sellsNotReflectedAt(Instant requestedAt, String account, Symbol symbol) {
            return orders.values().stream()
                    .filter(o -> o.side() == Side.SELL
                            && o.scope().account().equals(account)
                            && o.symbol().equals(symbol))
                    .mapToLong(o -> {
                        Instant at = taken.get(o.orderId());
                        if (at == null) {
                            return o.remaining();
                        }
                        return at.isBefore(requestedAt) ? 0 : o.filled() + o.remaining();
                    })
                    .sum();
        }

        long cashNotReflectedAt(Instant requestedAt, String account) {
            long open = orders.values().stream()
                    .filter(o -> o.side() == Side.BUY && o.scope().account().equals(account) && o.remaining() > 0)
                    .mapToLong(o -> {
                        long amount = o.remaining() * o.maxPrice().orElseThrow();
                        return amount + Costs.usual().commission(amount);
                    })
                    .sum();
            return open
                    + since(requestedAt)
                            .filter(b -> b.account().equals(account))
                            .mapToLong(b -> b.won() + Costs.usual().commission(b.won()))
                            .sum();
        }

        long buysNotReflectedAt(Instant requestedAt, String account, Symbol symbol) {
            long open = orders.values().stream()
                    .filter(o -> o.side() == Side.BUY
                            && o.scope().account().equals(account)
                            && o.symbol().equals(symbol))
                    .mapToLong(OpenExposure::remaining)
                    .sum();
            return open
                    + since(requestedAt)
                            .filter(b ->
                                    b.account().equals(account) && b.symbol().equals(symbol))
                            .mapToLong(Bought::shares)
                            .sum();
        }

        /** All moments are multiples of 10 ms, and a fill counts until the end of its hundredth of a second. */
        private java.util.stream.Stream<Bought> since(Instant requestedAt) {
            return bought.stream().filter(b -> !b.at().plusMillis(10).isBefore(requestedAt.minus(Exposure.CASH_LAG)));
        }

        boolean crosses(String account, Symbol symbol, Side side, OptionalLong price) {
            return orders.values().stream()
                    .filter(o -> o.side() != side
                            && o.remaining() > 0
                            && o.scope().account().equals(account)
                            && o.symbol().equals(symbol))
                    .anyMatch(o -> price.isEmpty()
                            || o.limitPrice().isEmpty()
                            || (side == Side.BUY
                                    ? o.limitPrice().getAsLong() <= price.getAsLong()
                                    : o.limitPrice().getAsLong() >= price.getAsLong()));
        }

        long count(RiskScope scope, CountScope whose, Instant after) {
            return accepted.stream()
                    .filter(c -> c.at().isAfter(after)
                            && c.scope().account().equals(scope.account())
                            && switch (whose) {
                                case ACCOUNT -> true;
                                case STRATEGY -> c.scope().strategy().equals(scope.strategy());
                                case KEY -> c.scope().principal().equals(scope.principal());
                            })
                    .count();
        }
    }

    @Property(tries = 500)
    void every_sum_equals_that_of_a_recomputed_book(@ForAll long seed) {
        var random = new Random(seed);
        var exposure = new Exposure(Commissions.usual());
        var naive = new NaiveExposure();
        Instant now = NOW;
        for (int step = 0; step < 120; step++) {
            now = now.plusMillis(10L * random.nextInt(random.nextInt(10) == 0 ? 300 : 20));
            OpenExposure next = next(random, naive, now);
            if (!naive.orders.containsKey(next.orderId())) {
                exposure.recordAccepted(next.scope(), now);
                naive.accepted.add(new NaiveExposure.Counting(next.scope(), now));
            }
            exposure.update(next, now);
            naive.changed(next, now);
            compare(random, exposure, naive, now);
        }
    }

    private static void compare(Random random, Exposure exposure, NaiveExposure naive, Instant now) {
        Instant requestedAt = now.minusMillis(10L * random.nextInt(6_000));
        for (String account : ACCOUNTS) {
            assertThat(exposure.unreportedCash(requestedAt, account, Currency.KRW))
                    .hasValue(naive.cashNotReflectedAt(requestedAt, account));
            for (Symbol symbol : SYMBOLS) {
                assertThat(exposure.unreportedSells(requestedAt, account, symbol, Optional.empty()))
                        .isEqualTo(naive.sellsNotReflectedAt(requestedAt, account, symbol));
                assertThat(exposure.unreportedBuys(requestedAt, account, symbol))
                        .isEqualTo(naive.buysNotReflectedAt(requestedAt, account, symbol));
                for (Side side : Side.values()) {
                    OptionalLong price =
                            random.nextInt(5) == 0 ? OptionalLong.empty() : OptionalLong.of(95 + random.nextInt(11));
                    assertThat(exposure.findCrossingPrice(account, symbol, side, price)
                                    .isPresent())
                            .isEqualTo(naive.crosses(account, symbol, side, price));
                }
            }
            for (String strategy : STRATEGIES) {
                var scope = scope(account, strategy);
                for (CountScope whose : CountScope.values()) {
                    assertThat(exposure.ordersToday(scope, whose))
                            .isEqualTo((int) naive.count(scope, whose, Instant.MIN));
                    assertThat(exposure.ordersInLastSecond(scope, whose, now))
                            .isEqualTo((int) naive.count(scope, whose, now.minusSeconds(1)));
                }
            }
        }
    }

    private static RiskScope scope(String account, String strategy) {
        return new RiskScope(account, TradingDay.korean(DAY), "key-" + strategy.charAt(0), Optional.of(strategy));
    }

    private static OpenExposure next(Random random, NaiveExposure naive, Instant now) {
        var open = naive.orders.values().stream().filter(o -> o.remaining() > 0).toList();
        if (open.isEmpty() || random.nextInt(3) == 0) {
            boolean market = random.nextInt(6) == 0;
            return new OpenExposure(
                    "o" + naive.orders.size(),
                    scope(ACCOUNTS.get(random.nextInt(2)), STRATEGIES.get(random.nextInt(2))),
                    SYMBOLS.get(random.nextInt(2)),
                    Side.values()[random.nextInt(2)],
                    0,
                    0,
                    1 + random.nextInt(20),
                    market ? OptionalLong.empty() : OptionalLong.of(95 + random.nextInt(11)),
                    market ? OptionalLong.of(130) : OptionalLong.empty(),
                    Optional.empty(),
                    false);
        }
        OpenExposure o = open.get(random.nextInt(open.size()));
        return switch (random.nextInt(4)) {
            case 0 ->
                with(
                        o,
                        o.filled(),
                        o.value(),
                        o.remaining(),
                        o.limitPrice(),
                        o.acknowledgedAt().or(() -> Optional.of(now)));
            case 1 -> {
                long shares = 1 + random.nextInt((int) o.remaining());
                yield with(
                        o,
                        o.filled() + shares,
                        o.value() + 97 * shares,
                        o.remaining() - shares,
                        o.limitPrice(),
                        o.acknowledgedAt());
            }
            case 2 ->
                with(
                        o,
                        o.filled(),
                        o.value(),
                        o.remaining(),
                        o.limitPrice().isPresent() ? OptionalLong.of(95 + random.nextInt(11)) : OptionalLong.empty(),
                        o.acknowledgedAt());
            default -> with(o, o.filled(), o.value(), 0, o.limitPrice(), o.acknowledgedAt());
        };
    }

    private static OpenExposure with(
            OpenExposure o,
            long filled,
            long value,
            long remaining,
            OptionalLong price,
            Optional<Instant> acknowledged) {
        return new OpenExposure(
                o.orderId(),
                o.scope(),
                o.symbol(),
                o.side(),
                filled,
                value,
                remaining,
                price,
                o.worstPrice(),
                acknowledged,
                o.external());
    }

    @Property(tries = 200)
    void after_a_restart_the_current_orders_give_the_same_answers(@ForAll long seed) {
        var random = new Random(seed);
        var before = new Exposure(Commissions.usual());
        var naive = new NaiveExposure();
        Instant now = NOW;
        for (int step = 0; step < 60; step++) {
            now = now.plusMillis(10L * random.nextInt(20));
            OpenExposure next = next(random, naive, now);
            before.update(next, now);
            naive.changed(next, now);
        }
        var after = new Exposure(Commissions.usual());
        naive.orders.forEach(
                (id, order) -> after.update(order, order.acknowledgedAt().orElse(NOW)));
        Instant requestedAt = now.plus(Exposure.CASH_LAG).plusMillis(20);
        for (String account : ACCOUNTS) {
            assertThat(after.unreportedCash(requestedAt, account, Currency.KRW))
                    .isEqualTo(before.unreportedCash(requestedAt, account, Currency.KRW));
            for (Symbol symbol : SYMBOLS) {
                assertThat(after.unreportedSells(requestedAt, account, symbol, Optional.empty()))
                        .isEqualTo(before.unreportedSells(requestedAt, account, symbol, Optional.empty()));
                assertThat(after.unreportedBuys(requestedAt, account, symbol))
                        .isEqualTo(before.unreportedBuys(requestedAt, account, symbol));
            }
        }
    }

    @Test
    @Requirement("G-15")
    void an_order_in_doubt_stays_reserved_however_new_the_account_answer() {
        var exposure = new Exposure(Commissions.usual());
        exposure.update(openExposure("b", Side.BUY, 0, 0, 10, 70_000, false), NOW);
        exposure.update(openExposure("s", Side.SELL, 0, 0, 10, 70_000, false), NOW);
        var later = NOW.plus(Duration.ofHours(3));
        assertThat(exposure.unreportedCash(later, "A1", Currency.KRW).orElseThrow())
                .isGreaterThanOrEqualTo(700_000);
        assertThat(exposure.unreportedSells(later, "A1", SAMSUNG, Optional.empty()))
                .isEqualTo(10);
    }

    @Test
    @Requirement("G-15")
    void an_overflowing_cost_exceeds_every_account() {
        assertThat(Exposure.cost(Costs.usual(), 9_999_999_999L, 999_999_999_999L))
                .isEqualTo(10_000_000_000_000L);
        assertThat(Exposure.cost(Costs.usual(), 100, 70_000)).isEqualTo(7_000_000 + 983);
    }

    @Test
    @Requirement("G-15")
    void counters_end_with_their_day_and_ended_orders_do_not_accumulate() {
        var exposure = new Exposure(Commissions.usual());
        exposure.recordAccepted(SCOPE, NOW);
        exposure.update(openExposure("s", Side.SELL, 0, 0, 10, 70_000, true), NOW);
        exposure.update(openExposure("s", Side.SELL, 10, 700_000, 0, 70_000, true), NOW);
        exposure.update(openExposure("b", Side.BUY, 10, 700_000, 0, 70_000, true), NOW);
        exposure.rollTo(TradingDay.korean(DAY), NOW);
        assertThat(exposure.ordersToday(SCOPE, CountScope.ACCOUNT)).isEqualTo(1);
        assertThat(exposure.unreportedSells(NOW, "A1", SAMSUNG, Optional.empty()))
                .isEqualTo(10);
        exposure.rollTo(
                TradingDay.korean(DAY.plusDays(1)), NOW.plus(Exposure.RETENTION).plusSeconds(1));
        assertThat(exposure.ordersToday(SCOPE, CountScope.ACCOUNT)).isZero();
        assertThat(exposure.retainedEntries()).isZero();
    }
}
