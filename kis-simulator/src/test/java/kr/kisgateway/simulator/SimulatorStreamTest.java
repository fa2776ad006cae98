package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The realtime face over a real socket, message by message. */
@Tag("slow")
class SimulatorStreamTest {
    @TempDir
    static Path folder;

    private static KisSimulator simulator;
    private static int keys;

    @BeforeAll
    static void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withRates(10_000, 10_000)
                .withTicksPerSecond(20)
                .withPingPeriod(Duration.ofSeconds(1)));
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static RawClient client() {
        return new RawClient(simulator, "PSSTREAM%028d".formatted(++keys)).login();
    }

    @Test
    void trades_have_47_columns_and_books_60_after_an_acknowledgement_with_key_and_iv() throws Exception {
        RawClient client = client();
        String approval = client.approvalKey();
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            String ack = stream.await("OPSP0000");
            assertThat(ack)
                    .matches(
                            "\\{\"header\":\\{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"005930\",\"encrypt\":\"N\"},\"body\":\\{"
                                    + "\"rt_cd\":\"0\",\"msg_cd\":\"OPSP0000\",\"msg1\":\"SUBSCRIBE SUCCESS\",\"output\":\\{"
                                    + "\"iv\":\"[a-z]{16}\",\"key\":\"[a-z]{32}\"}}}");
            String[] trade = stream.await("0|H0STCNT0|001|").split("\\|", 4)[3].split("\\^", -1);
            assertThat(trade).hasSize(47);
            assertThat(trade[0]).isEqualTo("005930");
            assertThat(trade[1]).matches("[0-9]{6}");
            assertThat(Long.parseLong(trade[10])).as("ask above bid").isGreaterThan(Long.parseLong(trade[11]));
            assertThat(trade[21]).matches("[15]");
            assertThat(trade[33]).matches("20[0-9]{6}");
            assertThat(trade[46]).isEqualTo("2");
            stream.send(RawClient.subscribe(approval, "1", "H0STASP0", "005930"));
            String[] book = stream.await("0|H0STASP0|001|").split("\\|", 4)[3].split("\\^", -1);
            assertThat(book).hasSize(60);
            for (int level = 1; level < 10; level++) {
                assertThat(Long.parseLong(book[3 + level])).isGreaterThan(Long.parseLong(book[2 + level]));
                assertThat(Long.parseLong(book[13 + level])).isLessThan(Long.parseLong(book[12 + level]));
            }
            stream.send(RawClient.subscribe(approval, "2", "H0STCNT0", "005930"));
            assertThat(stream.await("OPSP0001"))
                    .isEqualTo("{\"header\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"005930\",\"encrypt\":\"N\"},\"body\":{"
                            + "\"rt_cd\":\"0\",\"msg_cd\":\"OPSP0001\",\"msg1\":\"UNSUBSCRIBE SUCCESS\"}}");
        }
    }

    @Test
    void notices_report_receipt_fill_and_cancel_encrypted_with_the_session_key() throws Exception {
        RawClient client = client();
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(client.approvalKey(), "1", "H0STCNI0", "MYHTS1"));
            JsonNode output =
                    RawClient.json(stream.await("OPSP0000")).path("body").path("output");
            String odno = odno(client.order("20000001", "TTTC0012U", "005930", "01", "3", "0")
                    .body());

            String[] receipt = notice(stream, output);
            String[] fill = notice(stream, output);

            assertThat(receipt).hasSize(26);
            assertThat(receipt[0]).isEqualTo("MYHTS1");
            assertThat(receipt[1]).isEqualTo("2000000101");
            assertThat(receipt[2]).isEqualTo(odno);
            assertThat(receipt[4] + receipt[5] + receipt[12] + receipt[13] + receipt[14])
                    .isEqualTo("020011");
            assertThat(receipt[9]).isEqualTo("0000000003");
            assertThat(fill[2]).isEqualTo(odno);
            assertThat(fill[13] + fill[14]).isEqualTo("22");
            assertThat(Long.parseLong(fill[10])).isPositive();
            assertThat(fill[24]).isEqualTo("삼성전자");

            String resting = odno(client.order("20000001", "TTTC0012U", "005930", "00", "7", "150000")
                    .body());
            assertThat(notice(stream, output)[10]).isEqualTo("000150000");
            String cancel = odno(client.post(
                            RawClient.TRADING + "order-rvsecncl",
                            Map.of("tr_id", "TTTC0803U"),
                            "{\"CANO\":\"20000001\",\"ACNT_PRDT_CD\":\"01\",\"KRX_FWDG_ORD_ORGNO\":\"\",\"ORGN_ODNO\":\""
                                    + resting
                                    + "\",\"ORD_DVSN\":\"00\",\"RVSE_CNCL_DVSN_CD\":\"02\",\"ORD_QTY\":\"0\",\"ORD_UNPR\":\"0\","
                                    + "\"QTY_ALL_ORD_YN\":\"Y\"}")
                    .body());
            String[] confirm = notice(stream, output);
            assertThat(confirm[2]).isEqualTo(cancel);
            assertThat(confirm[3]).isEqualTo(resting);
            assertThat(confirm[5] + confirm[13] + confirm[14]).isEqualTo("212");
            assertThat(confirm[9]).isEqualTo("0000000007");
        }
    }

    @Test
    void forty_one_registrations_fit_and_the_next_is_refused() throws Exception {
        RawClient client = client();
        String approval = client.approvalKey();
        String[] symbols = {
            "005930", "000660", "005380", "035420", "051910", "068270", "105560", "055550", "012330", "066570",
            "028260", "003550", "017670", "015760", "033780", "034730", "032830", "009150", "086790", "011200", "010130"
        };
        try (var stream = client.stream()) {
            int registered = 0;
            for (String symbol : symbols) {
                for (String tr : new String[] {"H0STCNT0", "H0STASP0"}) {
                    stream.send(RawClient.subscribe(approval, "1", tr, symbol));
                    String ack = stream.await("\"msg_cd\"");
                    registered++;
                    assertThat(ack)
                            .as("registration %d", registered)
                            .contains(
                                    registered <= 41
                                            ? "OPSP0000"
                                            : "\"rt_cd\":\"1\",\"msg_cd\":\"OPSP0008\",\"msg1\":\"MAX SUBSCRIBE OVER\"");
                }
            }
        }
    }

    @Test
    void each_bad_message_has_its_code_and_the_session_stays_open() throws Exception {
        RawClient client = client();
        String approval = client.approvalKey();
        try (var stream = client.stream()) {
            expect(
                    stream,
                    "nonsense",
                    "\"tr_id\":\"(null)\",\"tr_key\":\"\",\"encrypt\":\"N\"},\"body\":{\"rt_cd\":\"9\",\"msg_cd\":\"OPSP9999\"");
            expect(stream, "{\"body\":{}}", "OPSP9998");
            expect(stream, RawClient.subscribe(approval, "0", "H0STCNT0", "005930"), "OPSP8997");
            expect(
                    stream,
                    RawClient.subscribe("0f6e3a52", "1", "H0STCNT0", "005930"),
                    "\"msg_cd\":\"OPSP0011\",\"msg1\":\"invalid approval : NOT FOUND\"");
            expect(stream, RawClient.subscribe(approval, "1", "H0XXXXX0", "005930"), "OPSP8991");
            expect(stream, RawClient.subscribe(approval, "1", "H0STCNT0", "999999"), "OPSP8992");
            expect(
                    stream,
                    RawClient.subscribe(approval, "2", "H0STCNT0", "005930"),
                    "\"msg_cd\":\"OPSP0003\",\"msg1\":\"UNSUBSCRIBE ERROR(not found!)\"");
            expect(stream, RawClient.subscribe(approval, "1", "H0STCNT0", "005930"), "OPSP0000");
            expect(
                    stream,
                    RawClient.subscribe(approval, "1", "H0STCNT0", "005930"),
                    "\"rt_cd\":\"1\",\"msg_cd\":\"OPSP0002\",\"msg1\":\"ALREADY IN SUBSCRIBE\"");
        }
    }

    @Test
    void a_second_session_of_a_key_is_refused_and_closed_and_a_closed_session_frees_the_key_at_once() throws Exception {
        RawClient client = client();
        String approval = client.approvalKey();
        try (var first = client.stream();
                var second = client.stream()) {
            first.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            first.await("OPSP0000");
            second.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            assertThat(second.await("OPSP8996"))
                    .isEqualTo("{\"header\":{\"tr_id\":\"(null)\",\"tr_key\":\"\",\"encrypt\":\"N\"},\"body\":{"
                            + "\"rt_cd\":\"9\",\"msg_cd\":\"OPSP8996\",\"msg1\":\"ALREADY IN USE appkey\"}}");
            assertThat(second.await(RawClient.Stream.CLOSED)).endsWith("1000");
            first.sendClose();
            first.await(RawClient.Stream.CLOSED);
        }
        try (var third = client.stream()) {
            third.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            assertThat(third.await("\"msg_cd\"")).contains("OPSP0000");
        }
    }

    @Test
    void another_hts_id_is_refused_and_the_connection_drops() throws Exception {
        RawClient client = client();
        String approval = client.approvalKey();
        try (var stream = client.stream()) {
            expect(stream, RawClient.subscribe(approval, "1", "H0STCNI0", "FIRST"), "OPSP0000");
            expect(stream, RawClient.subscribe(approval, "1", "H0STCNI0", "SECOND"), "OPSP0017");
            assertThat(stream.await(RawClient.Stream.CLOSED)).endsWith("1006");
        }
    }

    @Test
    void a_pingpong_may_be_echoed_or_ponged_and_silence_ends_the_session() throws Exception {
        try (var stream = client().stream()) {
            String ping = stream.await("PINGPONG");
            assertThat(ping).matches("\\{\"header\":\\{\"tr_id\":\"PINGPONG\",\"datetime\":\"[0-9]{14}\"}}");
            stream.send(ping);
            stream.pong(stream.await("PINGPONG"));
            stream.await("PINGPONG");
            assertThat(stream.await(RawClient.Stream.CLOSED)).endsWith("1000");
        }
    }

    @Test
    void dropped_sockets_linger_for_the_configured_time_and_notices_can_be_lost_or_duplicated() throws Exception {
        RawClient client = client();
        String approval = client.approvalKey();
        try (var first = client.stream()) {
            first.send(RawClient.subscribe(approval, "1", "H0STCNI0", "MYHTS9"));
            JsonNode output =
                    RawClient.json(first.await("OPSP0000")).path("body").path("output");
            client.post("/simulator/faults", Map.of(), "{\"lose_notices\":1}");
            client.order("20000009", "TTTC0012U", "005930", "00", "1", "150000");
            client.post("/simulator/faults", Map.of(), "{\"duplicate_notices\":1}");
            client.order("20000009", "TTTC0012U", "005930", "00", "2", "150000");
            assertThat(notice(first, output)[9]).as("the first receipt is lost").isEqualTo("0000000002");
            assertThat(notice(first, output)[9]).as("the second comes twice").isEqualTo("0000000002");

            client.post("/simulator/faults", Map.of(), "{\"linger_seconds\":3600,\"drop_sockets\":true}");
            assertThat(first.await(RawClient.Stream.CLOSED)).endsWith("1006");
        }
        try (var second = client.stream()) {
            second.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            assertThat(second.await("\"msg_cd\"")).contains("OPSP8996");
        } finally {
            client.post("/simulator/faults", Map.of(), "{\"linger_seconds\":0}");
        }
    }

    private static void expect(RawClient.Stream stream, String message, String part) throws InterruptedException {
        stream.send(message);
        assertThat(stream.await("\"msg_cd\"")).contains(part);
    }

    private static String odno(String body) {
        return RawClient.json(body).path("output").path("ODNO").stringValue("(refused: " + body + ")");
    }

    private static String[] notice(RawClient.Stream stream, JsonNode output) throws Exception {
        String frame = stream.await("1|H0STCNI0|001|");
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(output.path("key").stringValue().getBytes(StandardCharsets.US_ASCII), "AES"),
                new IvParameterSpec(output.path("iv").stringValue().getBytes(StandardCharsets.US_ASCII)));
        byte[] plain = cipher.doFinal(Base64.getDecoder().decode(frame.split("\\|", 4)[3]));
        return new String(plain, StandardCharsets.UTF_8).split("\\^", -1);
    }
}
