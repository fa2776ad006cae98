package kr.kisgateway.gateway.risk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.risk.RiskUsage.LimitUsage;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Side;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The figures of a preview and the rules that refuse never disagree. */
@Tag("slow")
class RiskUsageTest {
    private static final int SAMPLES = 20_000;

    private final RiskRules rules = new RiskRules((_, _) -> Optional.empty());

    @Test
    void a_limit_is_exceeded_in_the_figures_exactly_when_the_rules_refuse() {
        var exceeded = new HashSet<RiskLimit>();
        var kept = new HashSet<RiskLimit>();
        for (int seed = 0; seed < SAMPLES; seed++) {
            var random = new Random(seed);
            Exposure exposure = RiskRulesRandomTest.exposure(random);
            RiskFacts facts = newOrder(RiskRulesRandomTest.facts(random));
            var layers = new RiskLayers(
                    RiskRulesRandomTest.limits(random),
                    Map.of("A1", RiskRulesRandomTest.limits(random)),
                    Map.of("swing", RiskRulesRandomTest.limits(random)),
                    Map.of("local", RiskRulesRandomTest.limits(random)));
            var policy = new RiskPolicy(layers, LiveGuards.unrestricted());

            Optional<Refusal> refusal = rules.check(facts, exposure, policy);
            RiskUsage usage = RiskUsage.of(facts, exposure, policy);

            for (LimitUsage limit : usage.limits()) {
                (limit.ok() ? kept : exceeded).add(limit.limit());
                assertThat(limit.ok() || refusal.isPresent())
                        .as("seed %d: %s exceeded, and accepted", seed, limit)
                        .isTrue();
            }
            named(refusal)
                    .ifPresent(layerAndLimit -> assertThat(usage.limits())
                            .as("refused: %s", refusal)
                            .anyMatch(it -> !it.ok()
                                    && layerAndLimit.equals(
                                            it.layer() + " " + it.limit().jsonName())));
            assertCashAndShares(facts, policy, refusal, usage);
        }
        var won = EnumSet.allOf(RiskLimit.class);
        won.removeAll(
                Set.of(RiskLimit.MAX_NOTIONAL_USD, RiskLimit.DAILY_NOTIONAL_USD, RiskLimit.MAX_POSITION_VALUE_USD));
        assertThat(exceeded)
                .as("every limit of orders in won was exceeded, and no other")
                .isEqualTo(won);
        assertThat(kept).as("and kept").isEqualTo(won);
    }

    private static RiskFacts newOrder(RiskFacts facts) {
        var requested = facts.requested();
        return new RiskSample(facts)
                .withRequest(new RiskFacts.RequestedOrder(
                        requested.symbol(),
                        requested.side(),
                        requested.qty(),
                        0,
                        requested.kind(),
                        requested.venue(),
                        requested.limitPrice(),
                        requested.stopPrice(),
                        requested.worstPrice(),
                        Optional.empty(),
                        false))
                .facts();
    }

    private static Optional<String> named(Optional<Refusal> refusal) {
        return refusal.filter(it -> it.details().containsKey("limit_name"))
                .map(it -> it.details().get("layer") + " " + it.details().get("limit_name"));
    }

    private static void assertCashAndShares(
            RiskFacts facts, RiskPolicy policy, Optional<Refusal> refusal, RiskUsage usage) {
        var requested = facts.requested();
        String code = refusal.map(it -> it.code().name()).orElse("");
        boolean cashChecked = policy.enablingLayer(RiskGuard.CHECK_CASH, policy.applicableLayers(facts.scope()))
                .isPresent();
        if (requested.side() == Side.BUY && cashChecked && usage.maxPrice().isPresent()) {
            long needed = Exposure.cost(
                    Costs.usual(), requested.qty(), usage.maxPrice().getAsLong());
            boolean enough = usage.cash().isPresent() && needed <= usage.cash().getAsLong();
            assertThat(enough && code.equals("INSUFFICIENT_CASH")).isFalse();
            assertThat(!enough && refusal.isEmpty()).isFalse();
        }
        if (requested.side() == Side.SELL) {
            boolean enough = usage.sellable().isPresent()
                    && requested.qty() <= usage.sellable().getAsLong();
            assertThat(enough && code.equals("INSUFFICIENT_POSITION_QTY")).isFalse();
            assertThat(!enough && refusal.isEmpty()).isFalse();
        }
    }
}
