package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every parameter of every call over a socket, by {@code parameters.tsv}: with its initial value, and blank. */
@Tag("slow")
class EveryParameterTest {
    private static final Set<String> ABOUT_PARAMETERS = Set.of("OPSQ2000", "OPSQ2001", "OPSQ2002");

    /** Calls that market and ledger answer themselves: they validate only the parameters that they use. */
    private static final Set<String> ANSWERED_OUTSIDE_CATALOG = Set.of(
            "domestic_stock_inquire_price",
            "domestic_stock_order_cash",
            "domestic_stock_order_rvsecncl",
            "domestic_stock_inquire_daily_ccld",
            "domestic_stock_inquire_balance",
            "domestic_stock_inquire_psbl_order");

    @TempDir
    static Path folder;

    private static KisSimulator simulator;
    private static RawClient client;
    private static CatalogCalls calls;

    @BeforeAll
    static void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withRates(100_000, 100_000)
                .withTicksPerSecond(0)
                .withSynchronous("OFF"));
        client = new RawClient(simulator, "PSPARAMETERS000000000000000000000001").login();
        // The first ranking activates every stock, which takes a while on a busy machine.
        client.timeout = Duration.ofMinutes(1);
        calls = new CatalogCalls(client, Face.LIVE);
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    static Stream<String> all() {
        return CatalogCalls.CATALOG.restCalls().stream().map(RestCall::id);
    }

    private static Stream<RestCall> withTrIds() {
        return CatalogCalls.CATALOG.restCalls().stream()
                .filter(call -> !call.category().equals("auth"));
    }

    @Test
    void the_parameter_table_covers_all_276_calls() {
        assertThat(all()).hasSize(276);
        assertThat(CatalogCalls.CATALOG.restCalls())
                .allSatisfy(call -> assertThat(call.params())
                        .allSatisfy(param -> assertThat(
                                        param.blank() || !param.initial().isEmpty())
                                .as(call.id() + ' ' + param.name())
                                .isTrue()));
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_call_with_its_documented_initial_values_is_answered(String id) {
        RestCall call = CatalogCalls.call(id);
        if (call.category().equals("auth")) {
            RawClient own =
                    new RawClient(simulator, "PSINITIAL" + "0".repeat(27 - id.length()) + id.toUpperCase(Locale.ROOT));
            HttpResponse<String> answer = own.post(call.path(), Map.of(), body(initial(call, own)));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).containsAnyOf("access_token", "approval_key", "HASH", "\"code\":200");
            return;
        }

        HttpResponse<String> answer = calls.send(call, Map.of("tr_id", calls.trId(call)), initial(call, client));

        JsonNode json = RawClient.json(answer.body());
        if (call.isOrder()) {
            // The examples order shares, numbers and prices that do not exist: the ledger refuses them.
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(json.path("msg_cd").stringValue())
                    .isNotIn(ABOUT_PARAMETERS)
                    .isNotEqualTo("OPSQ0002");
        } else {
            assertThat(answer.statusCode() + " " + json.path("rt_cd").stringValue())
                    .as(answer.body())
                    .isEqualTo("200 0");
        }
    }

    @Test
    void a_parameter_that_may_be_blank_is_taken_blank_and_one_that_may_be_absent_is_taken_absent() {
        List<String> refused = new ArrayList<>();
        withTrIds()
                .forEach(call -> call.params().stream()
                        .filter(RestCall.Param::blank)
                        .forEach(param -> {
                            Map<String, String> params = initial(call, client);
                            params.put(param.name(), "");
                            if (isAboutParameters(call, params)) {
                                refused.add(call.id() + ' ' + param.name() + " blank");
                            }
                            if (!param.required()) {
                                params.remove(param.name());
                                if (isAboutParameters(call, params)) {
                                    refused.add(call.id() + ' ' + param.name() + " absent");
                                }
                            }
                        }));

        assertThat(refused).isEmpty();
    }

    @Test
    void a_mandatory_parameter_that_may_not_be_blank_is_refused_blank_and_absent() {
        List<String> taken = new ArrayList<>();
        withTrIds()
                .filter(call -> !ANSWERED_OUTSIDE_CATALOG.contains(call.id()))
                .forEach(call -> call.params().stream()
                        .filter(param -> param.required() && !param.blank())
                        .forEach(param -> {
                            Map<String, String> params = initial(call, client);
                            params.put(param.name(), "");
                            if (!isAboutParameters(call, params)) {
                                taken.add(call.id() + ' ' + param.name() + " blank");
                            }
                            params.remove(param.name());
                            if (!isAboutParameters(call, params)) {
                                taken.add(call.id() + ' ' + param.name() + " absent");
                            }
                        }));

        assertThat(taken).isEmpty();
    }

    @Test
    void a_blank_program_trading_date_means_today_and_a_blank_market_means_the_documented_one() {
        RestCall program = CatalogCalls.call("domestic_stock_program_trade_by_stock_daily");
        assertThat(CatalogCalls.code(calls.request(program, Map.of("FID_INPUT_DATE_1", ""))))
                .isEqualTo("200 MCA00000");
        RestCall institutions = CatalogCalls.call("domestic_stock_foreign_institution_total");
        assertThat(calls.request(institutions, Map.of("FID_COND_MRKT_DIV_CODE", ""))
                        .body())
                .isEqualTo(calls.request(institutions, Map.of("FID_COND_MRKT_DIV_CODE", "V"))
                        .body());
    }

    @Test
    void buying_power_without_a_stock_or_without_a_price_is_the_amount_alone() {
        RestCall buyingPower = CatalogCalls.call("domestic_stock_inquire_psbl_order");
        JsonNode full = output(buyingPower, Map.of("PDNO", "005930", "ORD_UNPR", "190000", "ORD_DVSN", "00"));
        assertThat(full.path("max_buy_qty").stringValue()).isNotEqualTo("0");

        for (Map<String, String> blank : List.of(
                Map.of("PDNO", "", "ORD_UNPR", "", "ORD_DVSN", "00"),
                Map.of("PDNO", "", "ORD_UNPR", "190000", "ORD_DVSN", "01"),
                Map.of("PDNO", "005930", "ORD_UNPR", "", "ORD_DVSN", "00"))) {
            JsonNode amount = output(buyingPower, blank);
            assertThat(amount.path("max_buy_qty").stringValue()).isEqualTo("0");
            assertThat(amount.path("nrcvb_buy_qty").stringValue()).isEqualTo("0");
            assertThat(amount.path("nrcvb_buy_amt")).isEqualTo(full.path("nrcvb_buy_amt"));
            assertThat(amount.path("ord_psbl_cash")).isEqualTo(full.path("ord_psbl_cash"));
        }
        assertThat(output(buyingPower, Map.of("PDNO", "005930", "ORD_UNPR", "", "ORD_DVSN", "01"))
                        .path("max_buy_qty")
                        .stringValue())
                .as("a market order has no price")
                .isNotEqualTo("0");
    }

    @Test
    void an_account_query_on_the_path_of_another_call_is_routed_by_its_tr_id() {
        String query = "?CANO=" + CatalogCalls.CANO + "&ACNT_PRDT_CD=01&PDNO=005930&ORD_UNPR=&ORD_DVSN=01"
                + "&CMA_EVLU_AMT_ICLD_YN=N&OVRS_ICLD_YN=N";
        for (String path : List.of("inquire-balance", "inquire-account-balance", "inquire-psbl-rvsecncl")) {
            HttpResponse<String> answer = client.get(RawClient.TRADING + path + query, Map.of("tr_id", "TTTC8908R"));
            assertThat(RawClient.json(answer.body()).path("output").has("nrcvb_buy_amt"))
                    .as(answer.body())
                    .isTrue();
        }
        assertThat(client.get(RawClient.TRADING + "inquire-balance" + query, Map.of("tr_id", "CTRP6548R"))
                        .body())
                .as("of another call of the catalog")
                .contains("nass_tot_amt");
        assertThat(CatalogCalls.code(
                        client.get(RawClient.TRADING + "inquire-balance" + query, Map.of("tr_id", "TTTC0012U"))))
                .as("orders are no queries")
                .isEqualTo("200 OPSQ0002");
    }

    private static JsonNode output(RestCall call, Map<String, String> params) {
        return RawClient.json(calls.request(call, params).body()).path("output");
    }

    private static boolean isAboutParameters(RestCall call, Map<String, String> params) {
        HttpResponse<String> answer = calls.send(call, Map.of("tr_id", calls.trId(call)), params);
        return ABOUT_PARAMETERS.contains(
                RawClient.json(answer.body()).path("msg_cd").stringValue("(none)"));
    }

    private static Map<String, String> initial(RestCall call, RawClient of) {
        Map<String, String> params = new LinkedHashMap<>();
        for (RestCall.Param param : call.params()) {
            params.put(
                    param.name(),
                    switch (param.initial()) {
                        case "{account}" -> CatalogCalls.CANO;
                        case "{appkey}" -> of.key;
                        case "{appsecret}" -> of.secret;
                        case "{token}" -> of.login().token();
                        case "{htsid}" -> "MYHTS";
                        default -> param.initial();
                    });
        }
        return params;
    }

    private static String body(Map<String, String> params) {
        return params.entrySet().stream()
                .map(param -> "\"" + param.getKey() + "\":\"" + param.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }
}
