package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.RestCall.Block;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every REST call of the catalog over a socket, on both faces: blocks, shapes and columns against the catalog. */
@Tag("slow")
class EveryCallTest {
    @TempDir
    static Path folder;

    private static final String TODAY = DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.now(TradingCalendar.SEOUL));

    private static final String YESTERDAY = DateTimeFormatter.BASIC_ISO_DATE.format(
            LocalDate.now(TradingCalendar.SEOUL).minusDays(1));

    /** Orders whose answers have capital columns, as recorded ones do; the samples write them small. */
    private static final List<String> CAPITALS =
            List.of("domestic_stock_order_rvsecncl", "domestic_stock_order_credit");

    private static KisSimulator live;
    private static KisSimulator paper;
    private static RawClient liveClient;
    private static CatalogCalls liveCalls;
    private static CatalogCalls paperCalls;

    @BeforeAll
    static void start() {
        live = KisSimulator.start(config(Face.LIVE));
        paper = KisSimulator.start(config(Face.PAPER));
        liveClient = new RawClient(live, "PSEVERYCALL0000000000000000000000001").login();
        // The first index reads the past of its stocks, which takes a while on a busy machine.
        liveClient.timeout = Duration.ofMinutes(1);
        liveCalls = new CatalogCalls(liveClient, Face.LIVE);
        paperCalls = new CatalogCalls(new RawClient(paper, "PSEVERYCALL0000000000000000000000002").login(), Face.PAPER);
    }

    private static SimulatorConfig config(Face face) {
        return SimulatorConfig.defaults(folder.resolve(face.fileName()))
                .withFace(face)
                .withRates(100_000, 100_000)
                .withTicksPerSecond(0)
                .withSynchronous("OFF");
    }

    @AfterAll
    static void stop() {
        live.close();
        paper.close();
    }

    static Stream<String> calls() {
        return CatalogCalls.CATALOG.restCalls().stream()
                .filter(call -> call.path().startsWith("/uapi/") && !call.path().equals("/uapi/hashkey"))
                .map(RestCall::id);
    }

    @Test
    void the_catalog_has_272_calls_beside_those_for_keys_and_tokens() {
        assertThat(calls()).hasSize(272);
        assertThat(CatalogCalls.CATALOG.restCalls()).hasSize(276);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void a_call_answers_in_the_shape_of_the_catalog(String id) {
        RestCall call = CatalogCalls.call(id);

        HttpResponse<String> answer = liveCalls.request(call, workingParams(liveCalls, call, "TTTC0012U"));

        assertThat(shapeOf(call, answer)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void paper_answers_like_live_or_reports_a_missing_call(String id) {
        RestCall call = CatalogCalls.call(id);

        HttpResponse<String> answer = paperCalls.request(call, workingParams(paperCalls, call, "VTTC0012U"));

        if (CatalogCalls.paperTrId(call).isPresent()) {
            assertThat(shapeOf(call, answer)).isEmpty();
        } else {
            assertThat(CatalogCalls.code(answer)).isEqualTo("500 EGW02006");
            assertThat(answer.body()).contains("모의투자 TR 이 아닙니다.");
        }
    }

    /** Replacements of the samples' examples, for orders that the simulated market accepts. */
    private static Map<String, String> workingParams(CatalogCalls calls, RestCall call, String buy) {
        return switch (call.id()) {
            case "domestic_stock_order_cash" -> CatalogCalls.order(buy, CatalogCalls.CANO, "01", "1", "0");
            // The loan of a buy is of today, and the example is older.
            case "domestic_stock_order_credit" -> Map.of("LOAN_DT", TODAY, "ORD_DVSN", "01", "ORD_UNPR", "0");
            case "domestic_stock_order_rvsecncl" -> {
                String odno = RawClient.json(calls.request(
                                        CatalogCalls.call("domestic_stock_order_cash"),
                                        CatalogCalls.order(buy, CatalogCalls.CANO, "00", "1", "150000"))
                                .body())
                        .path("output")
                        .path("ODNO")
                        .stringValue("(refused)");
                yield Map.of(
                        "KRX_FWDG_ORD_ORGNO", "",
                        "ORGN_ODNO", odno,
                        "RVSE_CNCL_DVSN_CD", "02",
                        "ORD_QTY", "0",
                        "ORD_UNPR", "0",
                        "EXCG_ID_DVSN_CD", "KRX");
            }
            // Minutes are available for a year, and the example is older.
            case "domestic_stock_inquire_time_dailychartprice" ->
                Map.of("FID_INPUT_DATE_1", YESTERDAY, "FID_PW_DATA_INCU_YN", "Y");
            // Nothing has traded today, and their examples request some volume.
            case "domestic_stock_market_cap", "domestic_stock_quote_balance" -> Map.of("fid_vol_cnt", "0");
            case "domestic_stock_near_new_highlow" ->
                Map.of("fid_aply_rang_vol", "0", "fid_input_cnt_2", "100", "fid_aply_rang_prc_2", "0");
            case "overseas_stock_order_rvsecncl", "overseas_stock_daytime_order_rvsecncl" -> {
                RestCall order = CatalogCalls.call(call.id().replace("_rvsecncl", ""));
                String odno = RawClient.json(calls.request(order, Map.of()).body())
                        .path("output")
                        .path("ODNO")
                        .stringValue("(refused)");
                yield Map.of("PDNO", "AAPL", "ORGN_ODNO", odno, "ORD_QTY", "1");
            }
            default -> Map.of();
        };
    }

    /** The errors in the answer's shape; empty when there are none. */
    static List<String> shapeOf(RestCall call, HttpResponse<String> answer) {
        List<String> wrong = new ArrayList<>();
        JsonNode body = RawClient.json(answer.body());
        if (answer.statusCode() != 200 || !body.path("rt_cd").stringValue("").equals("0")) {
            return List.of(answer.statusCode() + " " + answer.body());
        }
        if (body.path("msg_cd").stringValue("").isEmpty()
                || body.path("msg1").stringValue("").isEmpty()) {
            wrong.add("no message");
        }
        for (Block block : call.outputs()) {
            JsonNode content = body.path(block.name());
            boolean right = switch (block.shape()) {
                case OBJECT -> content.isObject();
                case ARRAY -> content.isArray();
                case EITHER -> content.isObject() || content.isArray();
            };
            if (!right) {
                wrong.add(block.name() + " is no " + block.shape());
            }
            if (content.isArray() && content.isEmpty() && !mayBeEmpty(call)) {
                wrong.add(block.name() + " has no rows");
            }
            // KIS writes the keys of every order answer in capitals, whatever its samples show for this one.
            Set<String> names = block.columns().stream()
                    .map(RestCall.Column::name)
                    .map(name -> CAPITALS.contains(call.id()) ? name.toUpperCase(Locale.ROOT) : name)
                    .collect(Collectors.toSet());
            for (JsonNode row : content.isArray() ? content : List.of(content)) {
                Set<String> columns = new HashSet<>(row.propertyNames());
                if (!columns.containsAll(names) || columns.size() > names.size() && !mayHaveMore(call)) {
                    wrong.add(block.name() + " has " + columns + " where " + names + " should be");
                    break;
                }
                row.properties().stream()
                        .filter(field -> !field.getValue().isString())
                        .forEach(field -> wrong.add(field.getKey() + " is no string"));
            }
        }
        call.paging().ifPresent(paging -> {
            if (paging.header()
                    && answer.headers().firstValue("tr_cont").orElse("").isEmpty()) {
                wrong.add("no tr_cont");
            }
            paging.keys().stream()
                    .map(CatalogCalls::lower)
                    .filter(key -> body.findValue(key) == null)
                    .forEach(key -> wrong.add("no " + key));
        });
        return wrong;
    }

    /** Calls that may have more columns than the samples show. */
    private static boolean mayHaveMore(RestCall call) {
        return List.of("domestic_stock_inquire_balance", "domestic_stock_inquire_price")
                .contains(call.id());
    }

    /** Lists of the account's own orders and holdings, which may be empty, and of trades that were not made. */
    private static boolean mayBeEmpty(RestCall call) {
        return call.isLedger()
                || List.of(
                                // Nothing has traded today.
                                "domestic_stock_inquire_ccnl",
                                "domestic_stock_inquire_time_itemconclusion",
                                "domestic_stock_inquire_time_overtimeconclusion",
                                "domestic_stock_overtime_exp_trans_fluct",
                                "domestic_stock_overtime_fluctuation",
                                "domestic_stock_overtime_volume",
                                "domestic_stock_prefer_disparate_ratio",
                                "overseas_stock_quot_inquire_ccnl")
                        .contains(call.id());
    }
}
