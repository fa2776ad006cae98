package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits, layers and what changes between two of them. */
class RiskLimitsTest {
    private static final Symbol HYNIX = new Symbol("000660");
    private static final Symbol KAKAO = new Symbol("035720");
    private static final RiskLimits NONE = RiskLimits.none();

    // ---- figures ----

    @Test
    void a_figure_is_read_exactly_in_the_decimals_of_its_limit() {
        assertThat(RiskLimit.MAX_QTY.units(new BigDecimal("100"))).hasValue(100);
        assertThat(RiskLimit.MAX_QTY.units(new BigDecimal("1e3"))).hasValue(1_000);
        assertThat(RiskLimit.MAX_QTY.units(new BigDecimal("10.0"))).hasValue(10);
        assertThat(RiskLimit.COLLAR_PCT.units(new BigDecimal("2.5"))).hasValue(250);
        assertThat(RiskLimit.COLLAR_PCT.units(new BigDecimal("0.01"))).hasValue(1);
        assertThat(RiskLimit.MAX_NOTIONAL_USD.units(new BigDecimal("0.0001"))).hasValue(1);
        assertThat(RiskLimit.MAX_QTY.units(new BigDecimal("1000000000000000"))).hasValue(RiskLimit.MAX);
        assertThat(RiskLimit.COLLAR_PCT.units(new BigDecimal("10000000000000"))).hasValue(RiskLimit.MAX);
        assertThat(RiskLimit.MAX_QTY.units(BigDecimal.ONE.setScale(64))).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "0.5",
                "1.001",
                "1000000000000001",
                "9999999999999999",
                "10000000000000000",
                "1e999999999",
                "1e-999999999",
                "1.00000000000000000000000000000000000000000000000000000000000000000"
            })
    void no_limit_is_zero_negative_finer_than_its_decimals_or_longer_than_any_account_needs(String figure) {
        assertThat(RiskLimit.MAX_QTY.units(new BigDecimal(figure))).isEmpty();
    }

    @Test
    void a_percentage_of_three_decimals_and_an_amount_of_five_are_no_limits() {
        assertThat(RiskLimit.COLLAR_PCT.units(new BigDecimal("2.555"))).isEmpty();
        assertThat(RiskLimit.COLLAR_PCT.units(new BigDecimal("10000000000000.01")))
                .isEmpty();
        assertThat(RiskLimit.MAX_NOTIONAL_USD.units(new BigDecimal("0.00001"))).isEmpty();
    }

    @Test
    void a_figure_is_shown_without_zeros_behind_the_point_and_with_all_before_it() {
        assertThat(RiskLimit.MAX_QTY.figure(100)).isEqualTo(new BigDecimal("100"));
        assertThat(RiskLimit.COLLAR_PCT.figure(250)).isEqualTo(new BigDecimal("2.5"));
        assertThat(RiskLimit.COLLAR_PCT.figure(1_000)).isEqualTo(new BigDecimal("10"));
        assertThat(RiskLimit.MAX_NOTIONAL_USD.figure(1_234_500)).isEqualTo(new BigDecimal("123.45"));
    }

    @Test
    void a_message_says_which_values_a_limit_has() {
        assertThat(RiskLimit.MAX_QTY.form()).isEqualTo("a whole number from 1 to 1000000000000000");
        assertThat(RiskLimit.COLLAR_PCT.form()).isEqualTo("a percentage above 0 with two decimals at most");
        assertThat(RiskLimit.DAILY_NOTIONAL_USD.form()).isEqualTo("an amount above 0 with 4 decimals at most");
    }

    @Test
    void limits_and_checks_are_named_with_dashes_or_underscores() {
        assertThat(RiskLimit.MAX_POSITION_VALUE.jsonName()).isEqualTo("max_position_value");
        assertThat(RiskLimit.of("max-position-value")).contains(RiskLimit.MAX_POSITION_VALUE);
        assertThat(RiskLimit.of("daily_orders")).contains(RiskLimit.DAILY_ORDERS);
        assertThat(RiskLimit.of("daily")).isEmpty();
        assertThat(RiskGuard.CHECK_CASH.jsonName()).isEqualTo("check_cash");
        assertThat(RiskGuard.of("refuse-self-cross")).contains(RiskGuard.REFUSE_SELF_CROSS);
        assertThat(RiskGuard.of("check_cash")).contains(RiskGuard.CHECK_CASH);
        assertThat(RiskGuard.of("refuse")).isEmpty();
    }

    @Test
    void amounts_are_limited_in_won_and_in_dollars_and_in_no_other_currency() {
        assertThat(AmountLimit.NOTIONAL.of(Currency.KRW)).contains(RiskLimit.MAX_NOTIONAL);
        assertThat(AmountLimit.DAILY_NOTIONAL.of(Currency.USD)).contains(RiskLimit.DAILY_NOTIONAL_USD);
        assertThat(AmountLimit.POSITION_VALUE.of(Currency.USD)).contains(RiskLimit.MAX_POSITION_VALUE_USD);
        assertThat(AmountLimit.NOTIONAL.of(Currency.HKD)).isEmpty();
    }

    @Test
    void amounts_are_written_in_their_currency() {
        assertThat(Amounts.text(Currency.KRW, 70_000)).isEqualTo("70000 won");
        assertThat(Amounts.text(Currency.USD, 1_873_400)).isEqualTo("187.34 dollars");
        assertThat(Amounts.text(Currency.HKD, 1_500)).isEqualTo("1.5 Hong Kong dollars");
        assertThat(Amounts.number(Currency.KRW, OptionalLong.empty())).isEqualTo("?");
        assertThat(Amounts.number(Currency.USD, OptionalLong.of(20_000))).isEqualTo("2");
        assertThat(Amounts.figure(Currency.KRW, 70_000)).isEqualTo(70_000L);
        assertThat(Amounts.figure(Currency.USD, 1_873_400)).isEqualTo(new BigDecimal("187.34"));
    }

    // ---- a layer ----

    @Test
    void a_layer_cannot_have_a_limit_of_less_than_one_or_more_than_the_largest() {
        assertThatThrownBy(() -> NONE.with(RiskLimit.MAX_QTY, 0)).hasMessage("max_qty is no limit: 0");
        assertThatThrownBy(() -> NONE.with(RiskLimit.MAX_QTY, RiskLimit.MAX + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(NONE.with(RiskLimit.MAX_QTY, 1).get(RiskLimit.MAX_QTY)).hasValue(1);
        assertThat(NONE.with(RiskLimit.MAX_QTY, RiskLimit.MAX).get(RiskLimit.MAX_QTY))
                .hasValue(RiskLimit.MAX);
    }

    @Test
    void a_changed_layer_keeps_everything_else() {
        var all = NONE.with(RiskLimit.MAX_QTY, 5)
                .with(RiskLimit.DAILY_ORDERS, 9)
                .with(RiskGuard.CHECK_CASH, true)
                .with(RiskGuard.REFUSE_WARNED, false)
                .allowing(Set.of(SAMSUNG))
                .denying(Set.of(HYNIX));
        assertThat(all.get(RiskLimit.MAX_QTY)).hasValue(5);
        assertThat(all.get(RiskLimit.DAILY_ORDERS)).hasValue(9);
        assertThat(all.get(RiskLimit.MAX_POSITION)).isEmpty();
        assertThat(all.isEnabled(RiskGuard.CHECK_CASH)).isTrue();
        assertThat(all.isEnabled(RiskGuard.REFUSE_WARNED)).isFalse();
        assertThat(all.isEnabled(RiskGuard.REFUSE_MANAGED)).isFalse();
        assertThat(all.allow()).contains(Set.of(SAMSUNG));
        assertThat(all.deny()).containsExactly(HYNIX);
        assertThat(all.without(RiskLimit.MAX_QTY))
                .isEqualTo(NONE.with(RiskLimit.DAILY_ORDERS, 9)
                        .with(RiskGuard.CHECK_CASH, true)
                        .with(RiskGuard.REFUSE_WARNED, false)
                        .allowing(Set.of(SAMSUNG))
                        .denying(Set.of(HYNIX)));
        assertThat(NONE.with(RiskLimit.MAX_QTY, 5).without(RiskLimit.MAX_QTY)).isEqualTo(NONE);
    }

    @Test
    void the_contents_of_a_layer_cannot_be_modified() {
        var layer = NONE.with(RiskLimit.MAX_QTY, 5)
                .with(RiskGuard.CHECK_CASH, true)
                .allowing(Set.of(SAMSUNG))
                .denying(Set.of(HYNIX));
        assertThatThrownBy(() -> layer.limits().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> layer.guards().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> layer.allow().orElseThrow().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> layer.deny().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    // ---- changes ----

    @Test
    void changes_name_each_limit_with_its_value_before_and_after() {
        var before = new RiskLayers(
                NONE.with(RiskLimit.MAX_QTY, 10_000)
                        .with(RiskLimit.DAILY_ORDERS, 50)
                        .with(RiskLimit.COLLAR_PCT, 250),
                Map.of("A1", NONE.with(RiskLimit.MAX_QTY, 7)),
                Map.of("grid", NONE.with(RiskGuard.CHECK_CASH, true)),
                Map.of());
        var after = new RiskLayers(
                NONE.with(RiskLimit.MAX_QTY, 500).with(RiskLimit.DAILY_ORDERS, 50),
                Map.of(),
                Map.of("grid", NONE.with(RiskGuard.CHECK_CASH, false)),
                Map.of("bot", NONE.denying(Set.of(HYNIX)).allowing(Set.of())));
        assertThat(before.changesTo(after))
                .isEqualTo("gateway.max_qty 10000 → 500, gateway.collar_pct 2.5 → none, accounts.A1.max_qty 7 → none,"
                        + " strategies.grid.check_cash true → false, keys.bot.allow none → no symbol,"
                        + " keys.bot.deny none → 000660");
        assertThat(before.changesTo(before)).isEmpty();
    }

    @Test
    void a_list_of_more_than_ten_symbols_is_shortened() {
        var ten = new TreeSet<MarketSymbol>();
        for (int i = 0; i < 10; i++) {
            ten.add(new Symbol("00000" + i));
        }
        assertThat(NONE.changesTo(NONE.denying(ten), "gateway"))
                .containsExactly("gateway.deny none → 000000 000001 000002 000003 000004 000005 000006 000007 000008"
                        + " 000009");
        ten.add(HYNIX);
        assertThat(NONE.changesTo(NONE.denying(ten), "gateway"))
                .containsExactly("gateway.deny none → 000000 000001 000002 000003 000004 000005 000006 000007 000008"
                        + " 000009 and 1 more");
    }

    @Test
    void at_most_twenty_changes_are_named() {
        var keys = new TreeMap<String, RiskLimits>();
        for (int i = 10; i < 30; i++) {
            keys.put("k" + i, NONE.with(RiskLimit.MAX_QTY, 1));
        }
        var none = RiskLayers.of(NONE);
        assertThat(none.changesTo(new RiskLayers(NONE, Map.of(), Map.of(), keys)))
                .contains("keys.k29.max_qty none → 1")
                .doesNotContain("more");
        keys.put("k30", NONE.with(RiskLimit.MAX_QTY, 1));
        keys.put("k31", NONE.with(RiskLimit.MAX_QTY, 1));
        assertThat(none.changesTo(new RiskLayers(NONE, Map.of(), Map.of(), keys)))
                .endsWith("keys.k29.max_qty none → 1 and 2 more");
    }

    // ---- what a caller may see ----

    @Test
    void a_subset_has_the_layers_and_symbols_that_are_asked_for_and_the_gateways_layer() {
        var layer = NONE.with(RiskLimit.MAX_QTY, 5).denying(Set.of(SAMSUNG, KAKAO));
        var layers = new RiskLayers(
                layer,
                Map.of("A1", layer, "A2", layer),
                Map.of("grid", layer, "swing", layer),
                Map.of("bot", layer.allowing(Set.of(SAMSUNG, HYNIX)), "local", layer));
        var seen = NONE.with(RiskLimit.MAX_QTY, 5).denying(Set.of(KAKAO));
        assertThat(layers.subset("A1"::equals, "swing"::equals, "bot"::equals, symbol -> !symbol.equals(SAMSUNG)))
                .isEqualTo(new RiskLayers(
                        seen, Map.of("A1", seen), Map.of("swing", seen), Map.of("bot", seen.allowing(Set.of(HYNIX)))));
        assertThat(NONE.subset(_ -> true).allow()).isEqualTo(Optional.empty());
    }

    @Test
    void layers_cannot_be_modified() {
        var layers = new RiskLayers(NONE, Map.of("A1", NONE), Map.of("grid", NONE), Map.of("bot", NONE));
        assertThatThrownBy(() -> layers.accounts().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> layers.strategies().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> layers.keys().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
