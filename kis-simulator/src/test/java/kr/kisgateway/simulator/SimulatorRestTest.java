package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Bodies and headers written down by hand, as recorded from KIS, over a real socket. */
class SimulatorRestTest {
    private static final String PRICE = "/uapi/domestic-stock/v1/quotations/inquire-price";

    @TempDir
    static Path folder;

    private static KisSimulator simulator;
    private static RawClient client;

    @BeforeAll
    static void start() {
        simulator = KisSimulator.start(
                SimulatorConfig.defaults(folder.resolve("kis.db")).withRates(10_000, 10_000));
        client = new RawClient(simulator, "PSAAAA000000000000000000000000000001").login();
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @Test
    void kis_header_names_are_lower_case_on_the_wire_and_content_type_is_capitalized() throws Exception {
        String raw = client.rawGet("//uapi/domestic-stock/v1/quotations/inquire-price?fid_cond_mrkt_div_code=J"
                + "&fid_input_iscd=005930 HTTP/1.1\r\ntr_id: FHKST01010100\r\n");

        assertThat(raw).startsWith("HTTP/1.1 200 ");
        assertThat(raw)
                .contains(
                        "\r\ntr_id: FHKST01010100\r\n",
                        "\r\ntr_cont: ",
                        "\r\ngt_uid: ",
                        "\r\nContent-Type: application/json");
        assertThat(raw).contains("\"rt_cd\":\"0\",\"msg_cd\":\"MCA00000\",\"msg1\":\"정상처리 되었습니다.\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "-1\r\n{}\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\n{}", "0x2\r\n{}\r\n0\r\n\r\n"})
    void a_body_with_malformed_chunks_is_a_bad_request(String chunks) throws IOException {
        for (String path : List.of(RawClient.TRADING + "order-cash", "/simulator/faults")) {
            try (Socket socket = new Socket("127.0.0.1", client.rest.getPort())) {
                socket.setSoTimeout((int) RawClient.TIMEOUT.toMillis());
                socket.getOutputStream()
                        .write(("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\ntr_id: TTTC0012U\r\n"
                                        + "Transfer-Encoding: chunked\r\n\r\n" + chunks)
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .as(path)
                        .isEqualTo("HTTP/1.1 400");
            }
        }
    }

    @Test
    void a_price_has_its_limits_base_and_tick_and_every_value_is_a_string() {
        JsonNode output = RawClient.json(
                        client.get(PRICE + "?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=005930", tr("FHKST01010100"))
                                .body())
                .path("output");

        assertThat(output.path("stck_sdpr").stringValue()).isEqualTo("199400");
        assertThat(output.path("stck_mxpr").stringValue()).isEqualTo("259000");
        assertThat(output.path("stck_llam").stringValue()).isEqualTo("139600");
        assertThat(output.properties())
                .allSatisfy(field -> assertThat(field.getValue().isString())
                        .as(field.getKey())
                        .isTrue());
    }

    @Test
    void an_unknown_symbol_has_the_price_zero() {
        HttpResponse<String> answer =
                client.get(PRICE + "?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=999999", tr("FHKST01010100"));

        assertThat(RawClient.json(answer.body())
                        .path("output")
                        .path("stck_prpr")
                        .stringValue())
                .isEqualTo("0");
        assertThat(RawClient.json(answer.body()).path("rt_cd").stringValue()).isEqualTo("0");
    }

    @Test
    void an_accepted_order_answers_upper_case_keys_and_a_padded_message() {
        String body =
                client.order("10000001", "TTTC0802U", "005930", "01", "3", "0").body();

        assertThat(body)
                .matches(
                        "\\{\"rt_cd\":\"0\",\"msg_cd\":\"APBK0013\",\"msg1\":\"주문 전송 완료 되었습니다\\. +\","
                                + "\"output\":\\{\"KRX_FWDG_ORD_ORGNO\":\"06010\",\"ODNO\":\"0000[0-9]{6}\",\"ORD_TMD\":\"[0-9]{6}\"}}");
        assertThat(RawClient.json(body).path("msg1").stringValue()).hasSize(80);
    }

    @Test
    void headers_are_checked_in_the_order_of_the_protocol_notes() {
        RawClient stranger = new RawClient(simulator, "PSBBBB000000000000000000000000000002");
        assertThat(code(stranger.get(PRICE, tr("nonsense")))).isEqualTo("500 EGW00121");
        stranger.login();
        assertThat(code(stranger.get(PRICE, tr("VTTC0012U")))).isEqualTo("500 EGW02004");
        assertThat(code(stranger.get(PRICE, tr("nonsense")))).isEqualTo("200 OPSQ0002");
        assertThat(code(stranger.get(PRICE, tr("FHKST01010100")))).isEqualTo("200 OPSQ2001");
        assertThat(code(stranger.get("/uapi/domestic-stock/v1/quotations/inquire-ccnl", tr("FHKST01010300"))))
                .isEqualTo("200 OPSQ2001");
        assertThat(code(stranger.get("/uapi/domestic-stock/v1/quotations/no-such-call", tr("FHKST01010300"))))
                .isEqualTo("200 OPSQ0002");
        assertThat(code(stranger.post(RawClient.TRADING + "order-cash", tr("TTTC0012U"), "{\"CANO\":")))
                .isEqualTo("200 OPSQ9995");
        assertThat(code(stranger.post(RawClient.TRADING + "order-cash", tr("TTTC0012U"), "{\"CANO\":12345678}")))
                .isEqualTo("200 OPSQ9995");
        assertThat(code(stranger.post(
                        RawClient.TRADING + "order-cash", tr("TTTC0012U"), "{\"CANO\":\"1\",\"CANO\":\"2\"}")))
                .isEqualTo("200 OPSQ9995");
        assertThat(code(stranger.order("1234", "TTTC0012U", "005930", "01", "1", "0")))
                .isEqualTo("200 OPSQ2000");
        assertThat(code(stranger.order("10000002", "TTTC0012U", "005930", "01", "1.5", "0")))
                .isEqualTo("200 OPSQ2002");
        assertThat(code(stranger.order("10000002", "TTTC0012U", "005930", "00", "1", "")))
                .isEqualTo("200 OPSQ2002");
    }

    @Test
    void order_numbers_rise_by_one_to_seven() {
        Set<Long> gaps = new HashSet<>();
        long last = 0;
        for (int i = 0; i < 60; i++) {
            long odno =
                    Long.parseLong(RawClient.json(client.order("10000003", "TTTC0012U", "005930", "00", "1", "150000")
                                    .body())
                            .path("output")
                            .path("ODNO")
                            .stringValue());
            if (last > 0) {
                gaps.add(odno - last);
            }
            assertThat(odno).isGreaterThan(100_000);
            last = odno;
        }
        assertThat(gaps).allSatisfy(gap -> assertThat(gap).isPositive());
        assertThat(gaps).hasSizeGreaterThan(2);
    }

    @Test
    void a_hash_is_echoed_and_a_wrong_one_is_refused() {
        String body = RawClient.orderBody("10000004", "005930", "00", "1", "150000");
        JsonNode hash =
                RawClient.json(client.post("/uapi/hashkey", Map.of(), body).body());
        assertThat(hash.path("BODY").path("PDNO").stringValue()).isEqualTo("005930");
        assertThat(hash.path("HASH").stringValue()).matches("[0-9a-f]{64}");

        assertThat(code(client.post(
                        RawClient.TRADING + "order-cash",
                        Map.of(
                                "tr_id",
                                "TTTC0012U",
                                "hashkey",
                                hash.path("HASH").stringValue()),
                        body)))
                .isEqualTo("200 APBK0013");
        assertThat(code(client.post(
                        RawClient.TRADING + "order-cash",
                        Map.of("tr_id", "TTTC0012U", "hashkey", "0".repeat(64)),
                        body)))
                .isEqualTo("500 EGW00131");
    }

    @Test
    void a_lost_answer_resets_the_connection_and_the_order_exists() {
        client.post("/simulator/faults", Map.of(), "{\"lose_answers\":1}");

        assertThatThrownBy(() -> client.order("10000005", "TTTC0012U", "005930", "00", "2", "150000"))
                .isInstanceOf(UncheckedIOException.class);

        JsonNode rows = RawClient.json(client.daily("10000005").body()).path("output1");
        assertThat(rows).hasSize(1);
        assertThat(rows.path(0).path("rmn_qty").stringValue()).isEqualTo("2");
        assertThat(client.get("/simulator/state", Map.of()).body())
                .contains("\"******05 005930 BUY 2 150000 00 KRX\":1")
                .doesNotContain(client.secret, "10000005");
    }

    @Test
    void unknown_faults_and_wrong_values_are_reported_and_change_nothing() {
        HttpResponse<String> answer = client.post(
                "/simulator/faults", Map.of(), "{\"stop_pingpong\":true,\"lose_answer\":1,\"lose_answers\":-1}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("no fault is called lose_answer", "lose_answers must be a whole number");
        assertThat(client.get("/simulator/state", Map.of()).body()).contains("\"stop_pingpong\":false");
        assertThat(client.post("/simulator/faults", Map.of(), "[]").statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_page_in_a_browser_cannot_switch_faults() {
        assertThat(client.post("/simulator/faults", Map.of("Origin", "http://evil.example"), "{\"lose_answers\":1}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void a_page_in_a_browser_cannot_call_the_broker_either() {
        assertThat(client.post(
                                "/oauth2/tokenP",
                                Map.of("Origin", "http://evil.example"),
                                "{\"grant_type\":\"client_credentials\",\"appkey\":\"PSEVIL00000000000000000000000000000004\","
                                        + "\"appsecret\":\"" + "s".repeat(180) + "\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void a_page_with_a_rebound_host_name_cannot_read_the_state() throws java.io.IOException {
        try (var socket = new java.net.Socket("127.0.0.1", simulator.port())) {
            socket.getOutputStream()
                    .write("GET /simulator/state HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 403");
        }
    }

    @Test
    void a_revoked_token_is_dead() {
        RawClient other = new RawClient(simulator, "PSCCCC000000000000000000000000000003");
        String token = RawClient.json(other.post(
                                "/oauth2/tokenP",
                                Map.of(),
                                "{\"grant_type\":\"client_credentials\",\"appkey\":\"" + other.key
                                        + "\",\"appsecret\":\"" + other.secret + "\"}")
                        .body())
                .path("access_token")
                .stringValue();
        assertThat(other.post(
                                "/oauth2/revokeP",
                                Map.of(),
                                "{\"appkey\":\"" + other.key + "\",\"appsecret\":\"" + other.secret + "\",\"token\":\""
                                        + token + "\"}")
                        .body())
                .isEqualTo("{\"code\":200,\"message\":\"접근토큰 폐기에 성공하였습니다\"}");
    }

    private static Map<String, String> tr(String trId) {
        return Map.of("tr_id", trId);
    }

    private static String code(HttpResponse<String> answer) {
        return answer.statusCode() + " "
                + RawClient.json(answer.body()).path("msg_cd").stringValue("(none)");
    }
}
