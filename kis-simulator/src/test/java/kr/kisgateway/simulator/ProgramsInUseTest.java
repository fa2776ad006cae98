package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What Python clients in use send and read, beyond the samples' tables. */
@Tag("slow")
class ProgramsInUseTest {
    private static final String CANO = "50000007";
    private static final String ACCOUNT = "CANO=" + CANO + "&ACNT_PRDT_CD=01";
    private static final String INFORMATION = "/uapi/domestic-stock/v1/quotations/search-info";
    private static final String OVERSEAS = "/uapi/overseas-stock/v1/trading/";

    @TempDir
    static Path folder;

    private static KisFaces faces;
    private static RawClient client;
    private static RawClient paper;

    @BeforeAll
    static void start() {
        faces = KisFaces.start(
                SimulatorConfig.defaults(folder.resolve("live.db")).withRates(10_000, 10_000),
                SimulatorConfig.defaults(folder.resolve("paper.db"))
                        .withFace(kr.kisgateway.simulator.catalog.Face.PAPER)
                        .withRates(10_000, 10_000));
        client = new RawClient(faces.live(), "PSAAAA000000000000000000000000000001").login();
        paper = new RawClient(faces.paper(), "PSBBBB000000000000000000000000000001").login();
    }

    @AfterAll
    static void stop() {
        faces.close();
    }

    @Test
    void a_first_page_with_a_successor_has_tr_cont_M_and_its_keys_suffice_to_continue() {
        IntStream.range(0, 101).forEach(i -> client.order(CANO, "TTTC0802U", "005930", "00", "1", "150000"));
        String orders = RawClient.TRADING + "inquire-daily-ccld?" + ACCOUNT
                + "&INQR_STRT_DT=00000101&INQR_END_DT=29991231&SLL_BUY_DVSN_CD=00&CCLD_DVSN=00&INQR_DVSN=01&INQR_DVSN_3=00"
                + "&PDNO=&ORD_GNO_BRNO=&ODNO=&INQR_DVSN_1=";

        HttpResponse<String> first = client.get(orders + "&ctx_area_fk100=&ctx_area_nk100=", tr("TTTC8001R"));

        assertThat(first.headers().firstValue("tr_cont")).contains("M");
        JsonNode page = RawClient.json(first.body());
        String keys =
                "&ctx_area_fk100=" + plus(page, "ctx_area_fk100") + "&ctx_area_nk100=" + plus(page, "ctx_area_nk100");
        HttpResponse<String> second = client.get(orders + keys, tr("TTTC8001R"));
        assertThat(second.headers().firstValue("tr_cont")).contains("E");
        Set<String> numbers = new HashSet<>();
        page.path("output1").forEach(row -> numbers.add(row.path("odno").stringValue()));
        RawClient.json(second.body())
                .path("output1")
                .forEach(row -> numbers.add(row.path("odno").stringValue()));
        assertThat(numbers).hasSize(101);

        HttpResponse<String> restarted = client.get(orders + keys, Map.of("tr_id", "TTTC8001R", "tr_cont", ""));
        assertThat(RawClient.json(restarted.body()).path("output1"))
                .as("an empty header is the first page, whatever the keys")
                .isEqualTo(page.path("output1"));
    }

    @Test
    void lists_without_an_account_have_tr_cont_M_on_their_first_page_too() {
        HttpResponse<String> first = client.get(
                "/uapi/domestic-stock/v1/quotations/chk-holiday?BASS_DT=20260102&CTX_AREA_NK=&CTX_AREA_FK=",
                tr("CTCA0903R"));

        assertThat(first.headers().firstValue("tr_cont")).contains("M");
    }

    @Test
    void information_about_a_stock_has_its_names() {
        JsonNode output = RawClient.json(client.get(INFORMATION + "?PDNO=005930&PRDT_TYPE_CD=300", tr("CTPF1604R"))
                        .body())
                .path("output");

        assertThat(output.path("prdt_abrv_name").stringValue()).isEqualTo("삼성전자");
        assertThat(output.path("prdt_name120").stringValue()).isEqualTo("삼성전자");
        assertThat(output.path("prdt_eng_abrv_name").stringValue("")).isNotBlank();
        assertThat(output.path("prdt_eng_name120").stringValue("")).isNotBlank();
        assertThat(output.path("std_pdno").stringValue()).isEqualTo("KR7005930003");
    }

    @Test
    void information_about_an_overseas_stock_names_that_stock() {
        JsonNode output = RawClient.json(client.get(INFORMATION + "?PDNO=AAPL&PRDT_TYPE_CD=512", tr("CTPF1604R"))
                        .body())
                .path("output");

        assertThat(output.path("shtn_pdno").stringValue()).isEqualTo("AAPL");
        assertThat(output.path("prdt_type_cd").stringValue()).isEqualTo("512");
        assertThat(output.path("std_pdno").stringValue())
                .as("not the ISIN of another")
                .isEmpty();
        assertThat(output.path("prdt_abrv_name").stringValue("")).isNotBlank();
    }

    @Test
    void an_unlisted_stock_has_no_information_and_rt_cd_7() {
        HttpResponse<String> answer = client.get(INFORMATION + "?PDNO=999999&PRDT_TYPE_CD=300", tr("CTPF1604R"));

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode body = RawClient.json(answer.body());
        assertThat(body.path("rt_cd").stringValue()).isEqualTo("7");
        assertThat(body.path("msg_cd").stringValue()).isEqualTo("KIOK0560");
        assertThat(body.path("msg1").stringValue()).startsWith("조회할 내용이 없습니다").hasSize(80);
    }

    @ParameterizedTest
    @CsvSource({
        "inquire-balance, TTTS3012R, VTTS3012R, OVRS_EXCG_CD=&TR_CRCY_CD=",
        "inquire-balance, JTTT3012R, VTTT3012R, OVRS_EXCG_CD=NASD&TR_CRCY_CD=USD",
        "inquire-nccs, TTTS3018R, VTTS3018R, OVRS_EXCG_CD=&SORT_SQN=",
        "inquire-nccs, JTTT3018R, VTTT3018R, OVRS_EXCG_CD=NASD&SORT_SQN=DS",
        "inquire-ccnl, JTTT3001R, VTTT3001R, PDNO=%25&ORD_STRT_DT=20261101&ORD_END_DT=20261120&SLL_BUY_DVSN=00"
                + "&CCLD_NCCS_DVSN=00&OVRS_EXCG_CD=NASD&SORT_SQN=DS&ORD_DT=&ORD_GNO_BRNO=&ODNO="
    })
    void overseas_lists_accept_legacy_tr_ids_and_blank_parameters(
            String call, String live, String ofPaper, String query) {
        String path = OVERSEAS + call + "?" + ACCOUNT + "&" + query + "&CTX_AREA_FK200=&CTX_AREA_NK200=";

        assertThat(code(client.get(path, tr(live)))).isEqualTo("0");
        assertThat(code(paper.get(path, tr(ofPaper)))).isEqualTo("0");
        assertThat(code(client.get(path, tr(ofPaper)))).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inquire-ccnl TTTS3035R", "inquire-nccs TTTS3018R"})
    void accepted_overseas_orders_have_no_refusal_reason(String call) {
        String[] parts = call.split(" ");
        JsonNode rows = RawClient.json(client.get(
                                OVERSEAS + parts[0] + "?" + ACCOUNT
                                        + "&PDNO=%25&ORD_STRT_DT=20261101&ORD_END_DT=20261120&SLL_BUY_DVSN=00&CCLD_NCCS_DVSN=00"
                                        + "&OVRS_EXCG_CD=NASD&SORT_SQN=DS&ORD_DT=&ORD_GNO_BRNO=&ODNO=&CTX_AREA_FK200=&CTX_AREA_NK200=",
                                tr(parts[1]))
                        .body())
                .path("output");

        assertThat(rows.isArray()).isTrue();
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.path("rjct_rson").stringValue()).isEmpty();
            assertThat(row.path("rjct_rson_name").stringValue()).isEmpty();
        });
    }

    @Test
    void overseas_holdings_have_names() {
        HttpResponse<String> balance = client.get(
                OVERSEAS + "inquire-balance?" + ACCOUNT
                        + "&OVRS_EXCG_CD=NASD&TR_CRCY_CD=USD&CTX_AREA_FK200=&CTX_AREA_NK200=",
                tr("TTTS3012R"));
        assertThat(RawClient.json(balance.body()).path("output1"))
                .allSatisfy(row ->
                        assertThat(row.path("ovrs_item_name").stringValue("")).isNotBlank());

        HttpResponse<String> answer = client.get(
                OVERSEAS + "inquire-present-balance?" + ACCOUNT
                        + "&WCRC_FRCR_DVSN_CD=02&NATN_CD=840&TR_MKET_CD=00&INQR_DVSN_CD=00",
                tr("CTRP6504R"));

        assertThat(RawClient.json(answer.body()).path("output1"))
                .allSatisfy(
                        row -> assertThat(row.path("prdt_name").stringValue("")).isNotBlank());
    }

    @Test
    void an_overseas_stock_may_be_traded_and_its_book_has_ten_levels() {
        String price = "/uapi/overseas-price/v1/quotations/";
        assertThat(RawClient.json(client.get(price + "price-detail?AUTH=&EXCD=NAS&SYMB=AAPL", tr("HHDFS76200200"))
                                .body())
                        .path("output")
                        .path("e_ordyn")
                        .stringValue())
                .isEqualTo("매매 가능");
        JsonNode book = RawClient.json(
                        client.get(price + "inquire-asking-price?AUTH=&EXCD=NAS&SYMB=AAPL", tr("HHDFS76200100"))
                                .body())
                .path("output2");
        for (int level = 1; level <= 10; level++) {
            assertThat(Double.parseDouble(book.path("pask" + level).stringValue()))
                    .isGreaterThan(Double.parseDouble(book.path("pbid" + level).stringValue()));
            assertThat(book.path("vask" + level).stringValue()).matches("[0-9]+");
            assertThat(book.path("vbid" + level).stringValue()).matches("[0-9]+");
        }
    }

    @Test
    void every_reply_about_a_notice_registration_is_marked_encrypted() throws Exception {
        try (var stream = client.stream()) {
            String approval = client.approvalKey();
            stream.send(RawClient.subscribe(approval, "1", "H0STCNI0", "MYHTS7"));
            assertThat(stream.await("OPSP0000"))
                    .startsWith("{\"header\":{\"tr_id\":\"H0STCNI0\",\"tr_key\":\"MYHTS7\",\"encrypt\":\"Y\"},");
            stream.send(RawClient.subscribe(approval, "1", "H0STCNI0", "MYHTS7"));
            assertThat(stream.await("OPSP0002")).contains("\"encrypt\":\"Y\"");
            stream.send(RawClient.subscribe(approval, "2", "H0STCNI0", "MYHTS7"));
            assertThat(stream.await("OPSP0001")).contains("\"encrypt\":\"Y\"");
            stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            assertThat(stream.await("OPSP0000")).contains("\"encrypt\":\"N\"");
        }
    }

    private static Map<String, String> tr(String id) {
        return new HashMap<>(Map.of("tr_id", id));
    }

    private static String code(HttpResponse<String> answer) {
        return RawClient.json(answer.body()).path("rt_cd").stringValue();
    }

    private static String plus(JsonNode page, String key) {
        return page.path(key).stringValue().replace(" ", "+").replace("^", "%5E");
    }
}
