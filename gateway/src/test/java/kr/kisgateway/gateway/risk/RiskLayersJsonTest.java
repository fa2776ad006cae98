package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits as text: what is stored is what is read, and no text removes a limit that it does not name. */
class RiskLayersJsonTest {
    private static final RiskLimits NONE = RiskLimits.none();
    private static final Symbol HYNIX = new Symbol("000660");

    private static RequestBody body(String json) {
        return RequestBody.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static RiskLayers read(String json) {
        return RiskLayersJson.read(body(json));
    }

    private static Refusal refusal(String json) {
        return catchThrowableOfType(RefusedException.class, () -> read(json)).refusal();
    }

    private static Refusal refusal(String json, RiskLayers current) {
        return catchThrowableOfType(RefusedException.class, () -> RiskLayersJson.read(body(json), current))
                .refusal();
    }

    private static RiskLimits everything() {
        RiskLimits all = NONE;
        for (RiskLimit limit : RiskLimit.values()) {
            all = all.with(limit, 100 + limit.ordinal());
        }
        for (RiskGuard guard : RiskGuard.values()) {
            all = all.with(guard, guard.ordinal() % 2 == 0);
        }
        return all.allowing(Set.of(new UsSymbol(UsExchange.NASD, "AAPL"))).denying(Set.of(HYNIX));
    }

    // ---- as stored ----

    @ParameterizedTest
    @EnumSource
    void each_limit_is_stored_and_read_in_every_layer(RiskLimit limit) {
        RiskLimits layer = NONE.with(limit, 101);
        var layers = new RiskLayers(layer, Map.of("A1", layer), Map.of("swing", layer), Map.of("bot", layer));
        assertThat(read(RiskLayersJson.text(layers))).isEqualTo(layers);
    }

    @ParameterizedTest
    @EnumSource
    void each_check_is_stored_and_read_in_every_layer_on_and_off(RiskGuard guard) {
        for (boolean on : new boolean[] {true, false}) {
            RiskLimits layer = NONE.with(guard, on);
            var layers = new RiskLayers(layer, Map.of("A1", layer), Map.of("swing", layer), Map.of("bot", layer));
            assertThat(read(RiskLayersJson.text(layers))).isEqualTo(layers);
        }
    }

    @Test
    void a_layer_with_everything_is_stored_and_read() {
        var layers = new RiskLayers(
                everything(),
                Map.of("A1", everything(), "A2", NONE),
                Map.of("swing", everything()),
                Map.of("bot", NONE.allowing(Set.of()), "local", everything()));
        assertThat(read(RiskLayersJson.text(layers))).isEqualTo(layers);
    }

    @Test
    void a_named_layer_is_stored_with_what_it_sets_and_the_gateways_with_all_that_exists() {
        var layers = new RiskLayers(NONE, Map.of("A1", NONE.with(RiskLimit.COLLAR_PCT, 250)), Map.of(), Map.of());
        assertThat(RiskLayersJson.text(layers))
                .startsWith("{\"gateway\":{\"daily_orders\":null,\"max_qty\":null,")
                .endsWith("\"allow\":null,\"deny\":[]},\"accounts\":{\"A1\":{\"collar_pct\":2.5}},\"strategies\":{},"
                        + "\"keys\":{}}");
    }

    // ---- as read ----

    @Test
    void only_the_layer_of_the_gateway_is_required() {
        assertThat(read("{'gateway':{}}")).isEqualTo(RiskLayers.of(NONE));
        assertThat(read("{'gateway':{'max_qty':null},'keys':null,'accounts':{'A1':null}}"))
                .isEqualTo(RiskLayers.of(NONE));
        assertThat(refusal("{'accounts':{}}"))
                .satisfies(it -> assertThat(it.code()).isEqualTo(ErrorCode.MISSING_FIELD))
                .satisfies(it -> assertThat(it.details()).containsEntry("field", "gateway"));
    }

    @Test
    void an_unknown_member_is_refused_at_the_top_and_in_a_layer() {
        assertThat(refusal("{'gateway':{},'account':{}}"))
                .satisfies(it -> assertThat(it.code()).isEqualTo(ErrorCode.UNKNOWN_FIELD))
                .satisfies(it -> assertThat(it.details()).containsEntry("field", "account"));
        assertThat(refusal("{'gateway':{'max_qyt':1}}").details()).containsEntry("field", "gateway.max_qyt");
        assertThat(refusal("{'gateway':{},'keys':{'bot':{'limit':1}}}").details())
                .containsEntry("field", "keys.bot.limit");
        assertThat(refusal("{'gateway':{},'guards':{}}").details())
                .as("stored layers have no guards")
                .containsEntry("field", "guards");
    }

    @Test
    void a_figure_that_is_no_limit_is_refused_with_the_values_that_are() {
        Refusal refusal = refusal("{'gateway':{},'accounts':{'A1':{'max_qty':0}}}");
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal.details()).containsEntry("field", "accounts.A1.max_qty");
        assertThat(refusal.message()).contains("must be a whole number from 1 to 1000000000000000");
    }

    @Test
    void a_layer_has_a_name_of_one_to_sixty_four_printable_characters() {
        String longest = "k".repeat(64);
        assertThat(read("{'gateway':{},'keys':{'" + longest + "':{'max_qty':1}}}")
                        .keys())
                .containsOnlyKeys(longest);
        assertThat(refusal("{'gateway':{},'keys':{'" + longest + "k':{}}}").code())
                .isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal("{'gateway':{},'keys':{' ':{}}}").message()).contains("a name of 1 to 64 characters");
        assertThat(refusal("{'gateway':{},'strategies':{'a\u202eb':{}}}").message())
                .contains("the direction mark U+202E");
    }

    @Test
    void a_list_names_symbols_and_a_text_that_is_none_is_refused_with_the_probable_one() {
        assertThat(read("{'gateway':{'deny':['AAPL.NASD','000660']}}").gateway().deny())
                .extracting(MarketSymbol::code)
                .containsExactly("000660", "AAPL.NASD");
        assertThat(read("{'gateway':{'allow':['AAPL.NASD'],'deny':['000660']}}").gateway())
                .isEqualTo(NONE.allowing(Set.of(new UsSymbol(UsExchange.NASD, "AAPL")))
                        .denying(Set.of(HYNIX)));
        assertThat(read("{'gateway':{'allow':[]}}").gateway())
                .as("an empty list allows nothing, no list allows all")
                .isEqualTo(NONE.allowing(Set.of()))
                .isNotEqualTo(NONE);
        assertThat(read("{'gateway':{'allow':null}}").gateway()).isEqualTo(NONE);
        assertThat(refusal("{'gateway':{'deny':['5930']}}"))
                .satisfies(it -> assertThat(it.details()).containsEntry("field", "gateway.deny"))
                .satisfies(it -> assertThat(it.message()).contains("did you mean 005930?"));
        assertThat(refusal("{'gateway':{'deny':['?']}}").message()).doesNotContain("did you mean");
    }

    @Test
    void a_list_has_at_most_four_thousand_symbols() {
        String most = IntStream.range(0, 4_000)
                .mapToObj(i -> "'%06d'".formatted(i))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(read("{'gateway':{'deny':" + most + "}}").gateway().deny()).hasSize(4_000);
        assertThat(refusal("{'gateway':{'deny':" + most.replace("]", ",'004000']") + "}}")
                        .code())
                .isEqualTo(ErrorCode.INVALID_FIELD);
    }

    // ---- as replacement of others ----

    @Test
    void a_replacement_names_everything_that_is_set_or_is_refused_with_what_it_lacks() {
        var layer = NONE.with(RiskLimit.MAX_QTY, 5)
                .with(RiskGuard.CHECK_CASH, true)
                .allowing(Set.of(SAMSUNG))
                .denying(Set.of(HYNIX));
        var current = new RiskLayers(layer, Map.of("A1", layer), Map.of("swing", layer), Map.of("bot", layer));
        Refusal refusal = refusal("{'gateway':{},'accounts':{'A1':{'max_qty':9}},'strategies':{}}", current);
        assertThat(refusal.code()).isEqualTo(ErrorCode.MISSING_FIELD);
        assertThat(refusal.details())
                .containsEntry("field", "gateway.max_qty")
                .containsEntry(
                        "fields",
                        List.of(
                                "gateway.max_qty",
                                "gateway.check_cash",
                                "gateway.allow",
                                "gateway.deny",
                                "accounts.A1.check_cash",
                                "accounts.A1.allow",
                                "accounts.A1.deny",
                                "strategies.swing",
                                "keys.bot"));
        assertThat(refusal.message()).contains("gateway.max_qty, gateway.check_cash,");
    }

    @Test
    void null_removes_a_limit_a_layer_or_a_kind_of_layers() {
        var current = new RiskLayers(
                NONE.with(RiskLimit.MAX_QTY, 5),
                Map.of("A1", NONE.with(RiskLimit.MAX_QTY, 5)),
                Map.of("swing", NONE.with(RiskLimit.MAX_QTY, 5)),
                Map.of("bot", NONE.with(RiskLimit.MAX_QTY, 5)));
        assertThat(RiskLayersJson.read(
                        body("{'gateway':{'max_qty':null},'accounts':null,'strategies':{'swing':null},"
                                + "'keys':{'bot':{'max_qty':null}}}"),
                        current))
                .isEqualTo(new RiskLayers(NONE, Map.of(), Map.of(), Map.of("bot", NONE)));
    }

    @Test
    void a_layer_that_sets_nothing_need_not_be_named() {
        var current = new RiskLayers(NONE, Map.of("A1", NONE), Map.of("swing", NONE), Map.of());
        assertThat(RiskLayersJson.read(body("{'gateway':{'max_qty':3},'accounts':{}}"), current))
                .isEqualTo(RiskLayers.of(NONE.with(RiskLimit.MAX_QTY, 3)));
    }

    @Test
    void the_other_members_of_the_answer_set_nothing() {
        assertThat(RiskLayersJson.read(
                        body("{'gateway':{},'guards':{'live':true},'set_by':'bot','set_at':null,'warnings':[]}"),
                        RiskLayers.of(NONE)))
                .isEqualTo(RiskLayers.of(NONE));
        assertThat(refusal("{'gateway':{},'limits':{}}", RiskLayers.of(NONE)).code())
                .isEqualTo(ErrorCode.UNKNOWN_FIELD);
    }
}
