package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.DAY;
import static kr.kisgateway.gateway.risk.RiskSample.NOW;
import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static kr.kisgateway.gateway.risk.RiskSample.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.Venue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Invariants of any order under any limits: more limits and less information never let more through. */
class RiskRulesRandomTest {
    private final RiskRules rules = new RiskRules((_, _) -> Optional.empty());

    private boolean passes(RiskFacts facts, Exposure exposure, RiskPolicy policy) {
        return rules.check(facts, exposure, policy).isEmpty();
    }

    @Property(tries = 2_000)
    void an_additional_layer_never_admits_a_refused_order(@ForAll long seed) {
        var random = new Random(seed);
        Exposure exposure = exposure(random);
        RiskFacts facts = facts(random);
        RiskLimits gateway = limits(random);
        RiskLimits finer = limits(random);
        var wide = RiskPolicy.of(gateway);
        for (RiskLayers layers : new RiskLayers[] {
            new RiskLayers(gateway, Map.of("A1", finer), Map.of(), Map.of()),
            new RiskLayers(gateway, Map.of(), Map.of("swing", finer), Map.of()),
            new RiskLayers(gateway, Map.of(), Map.of(), Map.of("local", finer))
        }) {
            var tight = new RiskPolicy(layers, LiveGuards.unrestricted());
            if (passes(facts, exposure, tight)) {
                assertThat(rules.check(facts, exposure, wide)).isEmpty();
            }
        }
    }

    @Property(tries = 2_000)
    void less_information_never_admits_a_refused_order(@ForAll long seed) {
        var random = new Random(seed);
        Exposure exposure = exposure(random);
        RiskFacts facts = facts(random);
        var policy = RiskPolicy.of(limits(random));
        var sample = new RiskSample(facts);
        RiskFacts withoutAccount =
                sample.withAccount(new Observation.Unknown<>("no answer")).facts();
        if (passes(withoutAccount, exposure, policy)) {
            assertThat(rules.check(facts, exposure, policy)).isEmpty();
        }
        var market = facts.market();
        RiskFacts unpriced = sample.withMarket(
                        new MarketFacts(OptionalLong.empty(), market.lower(), market.upper(), market.designation()))
                .facts();
        if (passes(unpriced, exposure, policy)) {
            assertThat(rules.check(facts, exposure, policy)).isEmpty();
        }
    }

    @Property(tries = 2_000)
    void if_an_order_passes_a_smaller_one_passes(@ForAll long seed) {
        var random = new Random(seed);
        Exposure exposure = exposure(random);
        RiskFacts facts = facts(random);
        var policy = RiskPolicy.of(limits(random));
        var orderRequest = facts.requested();
        var smaller = new RiskFacts.RequestedOrder(
                orderRequest.symbol(),
                orderRequest.side(),
                Math.max(1, orderRequest.qty() - 1 - random.nextInt(20)),
                orderRequest.filled(),
                orderRequest.kind(),
                orderRequest.venue(),
                orderRequest.limitPrice(),
                orderRequest.stopPrice(),
                orderRequest.worstPrice(),
                orderRequest.replaces(),
                orderRequest.dryRun());
        if (passes(facts, exposure, policy)) {
            assertThat(rules.check(new RiskSample(facts).withRequest(smaller).facts(), exposure, policy))
                    .isEmpty();
        }
    }

    static Exposure exposure(Random random) {
        var exposure = new Exposure(Commissions.usual());
        int orders = random.nextInt(4);
        for (int i = 0; i < orders; i++) {
            exposure.recordAccepted(SCOPE, NOW.minusMillis(random.nextInt(1_500)));
            exposure.update(
                    RiskSample.openExposure(
                            "o" + i,
                            Side.values()[random.nextInt(2)],
                            0,
                            0,
                            random.nextInt(50),
                            90 + random.nextInt(20),
                            random.nextBoolean()),
                    NOW);
        }
        return exposure;
    }

    static RiskFacts facts(Random random) {
        boolean market = random.nextInt(4) == 0;
        return new RiskFacts(
                new RiskScope("A1", TradingDay.korean(DAY), "local", Optional.of("swing")),
                new RiskFacts.RequestedOrder(
                        SAMSUNG,
                        Side.values()[random.nextInt(2)],
                        1 + random.nextInt(60),
                        0,
                        market ? OrderKind.MARKET : OrderKind.LIMIT,
                        Venue.KRX,
                        market ? OptionalLong.empty() : OptionalLong.of(90 + random.nextInt(20)),
                        OptionalLong.empty(),
                        market && random.nextBoolean() ? OptionalLong.of(130) : OptionalLong.empty(),
                        random.nextInt(3) == 0 ? Optional.of("o" + random.nextInt(4)) : Optional.empty(),
                        false),
                new RiskFacts.TradingWindow(true, "REGULAR"),
                NOW,
                new MarketFacts(
                        random.nextInt(5) == 0 ? OptionalLong.empty() : OptionalLong.of(95 + random.nextInt(10)),
                        OptionalLong.of(70),
                        OptionalLong.of(130),
                        Designation.values()[random.nextInt(Designation.values().length)]),
                new Observation.Current<>(
                        new AccountFigures(
                                random.nextInt(8_000),
                                random.nextInt(80),
                                random.nextInt(80),
                                random.nextBoolean() ? OptionalLong.of(-random.nextInt(100)) : OptionalLong.empty()),
                        NOW.minusSeconds(random.nextInt(80))),
                RiskFacts.Control.none());
    }

    static RiskLimits limits(Random random) {
        RiskLimits limits = RiskLimits.none();
        for (RiskLimit limit : RiskLimit.values()) {
            if (random.nextInt(3) == 0) {
                limits = limits.with(
                        limit,
                        1
                                + random.nextInt(
                                        switch (limit) {
                                            case DAILY_ORDERS, ORDERS_PER_SECOND -> 5;
                                            case MAX_QTY, SELL_MAX_QTY -> 60;
                                            case MAX_POSITION, DAILY_LOSS -> 150;
                                            case DAILY_NOTIONAL, DAILY_NOTIONAL_USD -> 20_000;
                                            case MAX_NOTIONAL,
                                                    MAX_POSITION_VALUE,
                                                    MAX_NOTIONAL_USD,
                                                    MAX_POSITION_VALUE_USD -> 12_000;
                                            case COLLAR_PCT -> 1_500;
                                        }));
            }
        }
        for (RiskGuard guard : RiskGuard.values()) {
            if (random.nextInt(3) == 0) {
                limits = limits.with(guard, random.nextBoolean());
            }
        }
        if (random.nextInt(8) == 0) {
            limits = limits.denying(Set.of(SAMSUNG));
        }
        return random.nextInt(8) == 0 ? limits.allowing(Set.of(new Symbol("000660"))) : limits;
    }
}
