package kr.kisgateway.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import kr.kisgateway.simulator.RawClient;
import kr.kisgateway.simulator.conformance.KisServer.Face;
import kr.kisgateway.simulator.conformance.KisServer.ServerSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Items 15.5, 16.8 and 16.9: what WebSockets receive. */
@Tag("slow")
class StreamConformanceTest {
    private static KisServer server;
    private static int keys;

    @BeforeAll
    static void start() {
        server = KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ClientProgram program() {
        return new ClientProgram(server, Face.LIVE, ++keys).login();
    }

    private static String ack(String trId, String trKey, String body) {
        return "\\{\"header\":\\{\"tr_id\":\"" + trId + "\",\"tr_key\":\"" + trKey + "\",\"encrypt\":\""
                + (trId.contains("CNI") ? "Y" : "N") + "\"\\},\"body\":\\{" + body + "\\}\\}";
    }

    private static String[] columns(String frame) {
        return frame.split("\\|", 4)[3].split("\\^", -1);
    }

    // ---- acknowledgements ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "H0STCNT0,005930",
        "H0STASP0,005930",
        "H0STCNI0,MYHTS1",
        "H0GSCNI0,MYHTS1",
        "H0UPCNT0,0001",
        "HDFSCNT0,DNASAAPL"
    })
    void item_16_8_each_success_names_tr_key_and_encryption_and_carries_iv_and_key_for_every_tr(
            String trId, String trKey) throws Exception {
        ClientProgram program = program();
        try (var stream = program.stream("/tryitout")) {
            stream.send(ClientProgram.register(program.approvalKey(), "1", trId, trKey));

            assertThat(stream.await(trId))
                    .as("before any data")
                    .matches(ack(
                            trId,
                            trKey,
                            "\"rt_cd\":\"0\",\"msg_cd\":\"OPSP0000\",\"msg1\":\"SUBSCRIBE SUCCESS\",\"output\":"
                                    + "\\{\"iv\":\"[ -~]{16}\",\"key\":\"[a-z]{32}\"\\}"));
        }
    }

    @Test
    void item_15_5_releases_repeats_and_refusals_have_the_shapes_and_codes_of_the_protocol() throws Exception {
        ClientProgram program = program();
        String approval = program.approvalKey();
        try (var stream = program.stream("/tryitout")) {
            stream.send(ClientProgram.register(approval, "1", "H0STASP0", "005930"));
            stream.await("OPSP0000");
            stream.send(ClientProgram.register(approval, "1", "H0STASP0", "005930"));
            assertThat(stream.await("OPSP0002")).contains("\"rt_cd\":\"1\"", "ALREADY IN SUBSCRIBE");
            stream.send(ClientProgram.register(approval, "2", "H0STASP0", "005930"));
            assertThat(stream.await("OPSP0001"))
                    .matches(ack(
                            "H0STASP0",
                            "005930",
                            "\"rt_cd\":\"0\",\"msg_cd\":\"OPSP0001\",\"msg1\":\"UNSUBSCRIBE SUCCESS\""));
            stream.send(ClientProgram.register(approval, "2", "H0STASP0", "005930"));
            assertThat(stream.await("OPSP0003"))
                    .matches(ack(
                            "H0STASP0",
                            "005930",
                            "\"rt_cd\":\"1\",\"msg_cd\":\"OPSP0003\",\"msg1\":\"UNSUBSCRIBE ERROR\\(not found!\\)\""));
            stream.send(ClientProgram.register(approval, "0", "H0STASP0", "005930"));
            assertThat(stream.await("OPSP8997"))
                    .as("0 is no release, whatever docstrings say")
                    .contains("\"rt_cd\":\"9\"");
            stream.send(ClientProgram.register(approval, "1", "H0NOSUCH", "005930"));
            assertThat(stream.await("OPSP8991")).contains("\"rt_cd\":\"1\"", "invalid tr_id");
            stream.send(ClientProgram.register(approval, "1", "H0STASP0", "NOSUCH"));
            assertThat(stream.await("OPSP8992")).contains("\"rt_cd\":\"1\"", "invalid tr_key");
            stream.send(ClientProgram.register("00000000-0000-4000-8000-000000000000", "1", "H0STASP0", "000660"));
            assertThat(stream.await("OPSP0011")).contains("\"rt_cd\":\"1\"", "invalid approval : NOT FOUND");
            stream.send("{\"header\":");
            assertThat(stream.await("\"rt_cd\":\"9\"")).contains("OPSP9");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tryitout", "/tryitout/H0STCNT0", "/"})
    void item_16_8_every_websocket_path_in_use_is_accepted(String path) throws Exception {
        ClientProgram program = program();
        try (var stream = program.stream(path)) {
            stream.send(ClientProgram.register(program.approvalKey(), "1", "H0STCNT0", "005930"));
            stream.await("OPSP0000");
        }
    }

    @Test
    void item_15_5_forty_one_registrations_fit_notices_and_books_counted_in_and_the_next_does_not() throws Exception {
        ClientProgram program = program();
        String approval = program.approvalKey();
        List<String> symbols = List.of(
                "005930", "000660", "005380", "035420", "051910", "068270", "105560", "055550", "012330", "066570",
                "028260", "003550", "017670", "015760", "033780", "034730", "032830", "009150", "086790", "011200");
        try (var stream = program.stream("/tryitout")) {
            stream.send(ClientProgram.register(approval, "1", "H0STCNI0", ClientProgram.HTS_ID));
            stream.await("OPSP0000");
            for (String symbol : symbols) {
                for (String trId : List.of("H0STCNT0", "H0STASP0")) {
                    stream.send(ClientProgram.register(approval, "1", trId, symbol));
                    stream.await(message ->
                            message.contains("OPSP0000") && message.contains(trId) && message.contains(symbol));
                }
            }
            stream.send(ClientProgram.register(approval, "1", "H0STCNT0", "010130"));

            assertThat(stream.await("OPSP0008"))
                    .matches(ack(
                            "H0STCNT0",
                            "010130",
                            "\"rt_cd\":\"1\",\"msg_cd\":\"OPSP0008\",\"msg1\":\"MAX SUBSCRIBE OVER\""));
            stream.send(ClientProgram.register(approval, "2", "H0STCNT0", "005930"));
            stream.await("OPSP0001");
            stream.send(ClientProgram.register(approval, "1", "H0STCNT0", "010130"));
            stream.await(message -> message.contains("OPSP0000") && message.contains("010130"));
        }
    }

    @Test
    void item_15_5_an_app_key_has_one_session_and_the_second_is_refused_without_its_key() throws Exception {
        ClientProgram program = program();
        String approval = program.approvalKey();
        try (var first = program.stream("/tryitout")) {
            first.send(ClientProgram.register(approval, "1", "H0STCNT0", "005930"));
            first.await("OPSP0000");
            try (var second = program.stream("/tryitout")) {
                second.send(ClientProgram.register(approval, "1", "H0STCNT0", "000660"));

                assertThat(second.await("OPSP8996"))
                        .isEqualTo("{\"header\":{\"tr_id\":\"(null)\",\"tr_key\":\"\",\"encrypt\":\"N\"},\"body\":"
                                + "{\"rt_cd\":\"9\",\"msg_cd\":\"OPSP8996\",\"msg1\":\"ALREADY IN USE appkey\"}}");
                second.await(RawClient.Stream.CLOSED);
            }
            assertThat(first.await("0|H0STCNT0|"))
                    .as("the first one stays open")
                    .isNotEmpty();
        }
    }

    @Test
    void item_15_5_another_hts_id_is_refused_without_its_key() throws Exception {
        String yaml = """
                identities:
                  - {face: live, app_key: "%s", app_secret: "%s", hts_id: "MYHTS1"}
                """.formatted(ClientProgram.key(Face.LIVE, 1), "s".repeat(180));
        try (KisServer strict =
                KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withIdentities(yaml))) {
            ClientProgram program = new ClientProgram(strict, Face.LIVE, 1).login();
            try (var stream = program.stream("/tryitout")) {
                stream.send(ClientProgram.register(program.approvalKey(), "1", "H0STCNI0", "myhts1"));

                assertThat(stream.await("OPSP0017"))
                        .contains("\"tr_id\":\"(null)\"", "\"rt_cd\":\"9\"", "htsid가잘못되었습니다");
            }
        }
    }

    // ---- PINGPONG ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"echo", "pong"})
    void item_15_5_a_pingpong_may_be_sent_back_or_answered_by_a_pong_frame(String way) throws Exception {
        try (KisServer quick = KisServer.start(
                ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withPingPeriod(Duration.ofMillis(500)))) {
            ClientProgram program = new ClientProgram(quick, Face.LIVE, 1).login();
            try (var stream = program.stream("/tryitout")) {
                stream.send(ClientProgram.register(program.approvalKey(), "1", "H0STASP0", "005930"));
                stream.await("OPSP0000");
                for (int i = 0; i < 4; i++) {
                    String ping = stream.await("PINGPONG");
                    assertThat(ping)
                            .matches("\\{\"header\":\\{\"tr_id\":\"PINGPONG\",\"datetime\":\"20261120[0-9]{6}\"\\}\\}");
                    assertThat(ping.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(125);
                    if (way.equals("echo")) {
                        stream.send(ping);
                    } else {
                        stream.pong(ping);
                    }
                }
                assertThat(stream.all).noneMatch(message -> message.startsWith(RawClient.Stream.CLOSED));
            }
        }
    }

    @Test
    void item_15_5_an_unanswered_pingpong_ends_the_session() throws Exception {
        try (KisServer quick = KisServer.start(
                ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withPingPeriod(Duration.ofMillis(500)))) {
            ClientProgram program = new ClientProgram(quick, Face.LIVE, 1).login();
            try (var stream = program.stream("/tryitout")) {
                stream.send(ClientProgram.register(program.approvalKey(), "1", "H0STASP0", "005930"));
                stream.await("PINGPONG");

                stream.await(RawClient.Stream.CLOSED);
            }
        }
    }

    // ---- notices -------------------------------------------------------------------------------------------------

    private static String[] notice(String frame, JsonNode secret) throws GeneralSecurityException {
        String[] parts = frame.split("\\|", 4);
        assertThat(parts[0]).isEqualTo("1");
        assertThat(parts[2]).isEqualTo("001");
        return decrypted(
                        parts[3],
                        secret.path("key").stringValue(),
                        secret.path("iv").stringValue())
                .split("\\^", -1);
    }

    private static String decrypted(String base64, String key, String iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "AES"),
                new IvParameterSpec(iv.getBytes(StandardCharsets.US_ASCII)));
        return new String(cipher.doFinal(Base64.getDecoder().decode(base64)), StandardCharsets.UTF_8);
    }

    @Test
    void item_15_5_the_protocol_s_own_cipher_text_opens_as_this_suite_opens_notices() throws Exception {
        assertThat(decrypted(
                                "NE2NlwxDEhefkAYS13nxjalp90JGTw3PUHbZmxVO2zQmEX77D0pKAD+l113Ojy8WpDAygGPWKenTZVvSXDnBYj1z"
                                        + "xkAnW2y9vMqFO738+kXMdFSRblTLSLoZyRoAaIg/NwknQwhCHQusDdj3tXLPx+yWZ1ciMjWE5z8JmctIWV+e"
                                        + "oGuEjpNJPYIwJ5xX28GP8MyuK98MIcuZ20lvqEYETA==",
                                "abcdefghijklmnopqrstuvwxyzabcdef",
                                "0123456789abcdef")
                        .split("\\^", -1))
                .hasSize(26)
                .contains("0000000003", "000070100", "삼성전자");
    }

    @ParameterizedTest
    @EnumSource(Face.class)
    void item_15_5_notices_report_receipt_fill_and_cancel_encrypted_with_the_key_of_their_registration(Face face)
            throws Exception {
        String trId = face == Face.LIVE ? "H0STCNI0" : "H0STCNI9";
        try (KisServer own = KisServer.start(ServerSpec.of(face, "2026-11-20T10:00:00"))) {
            ClientProgram program = new ClientProgram(own, face, 1).login();
            try (var stream = program.stream("/tryitout")) {
                stream.send(ClientProgram.register(program.approvalKey(), "1", trId, "MYHTS1"));
                JsonNode secret =
                        RawHttp.json(stream.await("OPSP0000")).path("body").path("output");

                String filled = ClientProgram.number(program.buy("005930", "01", 3, 0));
                String[] receipt = notice(stream.await("1|" + trId + "|"), secret);
                String[] fill = notice(stream.await("1|" + trId + "|"), secret);
                String resting = ClientProgram.number(program.buy("005930", "00", 7, 150_000));
                String[] limit = notice(stream.await("1|" + trId + "|"), secret);
                String cancel = ClientProgram.number(program.revise(resting, "02", "00", 0, 0, true));
                String[] confirmed = notice(stream.await("1|" + trId + "|"), secret);

                assertThat(receipt).hasSize(26);
                assertThat(receipt[0]).isEqualTo("MYHTS1");
                assertThat(receipt[1]).isEqualTo(ClientProgram.CANO + "01");
                assertThat(receipt[2]).isEqualTo(filled);
                assertThat(receipt[3]).as("no original").isBlank();
                assertThat(receipt[4]).as("a buy").isEqualTo("02");
                assertThat(receipt[5]).as("new").isEqualTo("0");
                assertThat(receipt[6]).isEqualTo("01");
                assertThat(receipt[8]).isEqualTo("005930");
                assertThat(receipt[9]).as("the order's quantity").isEqualTo("0000000003");
                assertThat(receipt[11]).matches("1000[0-5][0-9]");
                assertThat(List.of(receipt[12], receipt[13], receipt[14]))
                        .as("not refused, a receipt, accepted")
                        .containsExactly("0", "1", "1");
                assertThat(receipt[24]).isEqualTo("삼성전자");
                assertThat(fill[2]).isEqualTo(filled);
                assertThat(List.of(fill[12], fill[13], fill[14])).as("a fill").containsExactly("0", "2", "2");
                assertThat(Long.parseLong(fill[9])).isBetween(1L, 3L);
                assertThat(Long.parseLong(fill[10])).isPositive();
                assertThat(limit[10]).as("the order's price").isEqualTo("000150000");
                assertThat(confirmed[2]).isEqualTo(cancel);
                assertThat(confirmed[3]).isEqualTo(resting);
                assertThat(confirmed[5]).as("a cancel").isEqualTo("2");
                assertThat(List.of(confirmed[13], confirmed[14]))
                        .as("confirmed")
                        .containsExactly("1", "2");
            }
        }
    }

    @Test
    void item_15_5_another_session_has_another_key() throws Exception {
        ClientProgram program = program();
        String approval = program.approvalKey();
        String[] keys = new String[2];
        for (int i = 0; i < 2; i++) {
            try (var stream = program.stream("/tryitout")) {
                stream.send(ClientProgram.register(approval, "1", "H0STCNI0", ClientProgram.HTS_ID));
                keys[i] = RawHttp.json(stream.await("OPSP0000"))
                        .path("body")
                        .path("output")
                        .path("key")
                        .stringValue();
                stream.sendClose();
                stream.await(RawClient.Stream.CLOSED);
            }
        }
        assertThat(keys[0]).isNotEqualTo(keys[1]);
    }

    // ---- frames --------------------------------------------------------------------------------------------------

    @Test
    void item_15_5_fast_trades_share_a_frame_and_are_joined_without_a_separator() throws Exception {
        try (KisServer busy =
                KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withTradesPerSecond(5_000))) {
            ClientProgram program = new ClientProgram(busy, Face.LIVE, 1).login();
            try (var stream = program.stream("/tryitout")) {
                stream.send(ClientProgram.register(program.approvalKey(), "1", "H0STCNT0", "005930"));
                String frame = stream.await(
                        message -> message.startsWith("0|H0STCNT0|") && !message.startsWith("0|H0STCNT0|001|"));

                int count = Integer.parseInt(frame.split("\\|", 4)[2]);
                String[] columns = columns(frame);
                assertThat(frame.split("\\|", 4)[2]).hasSize(3);
                assertThat(columns).hasSize(47 * count);
                for (int i = 0; i < count; i++) {
                    assertThat(columns[47 * i]).isEqualTo("005930");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-09-11T10:00:00,H0STCNT0,46",
        "2026-11-20T10:00:00,H0STCNT0,47",
        "2026-09-11T10:00:00,H0STASP0,59",
        "2026-11-20T10:00:00,H0STASP0,60",
        "2026-09-11T10:00:00,H0NXCNT0,46",
        "2026-11-20T10:00:00,H0NXCNT0,47",
        "2026-11-20T10:00:00,H0NXASP0,65",
        "2026-09-11T10:00:00,H0UNCNT0,46",
        "2026-11-20T10:00:00,H0UNCNT0,47",
        "2026-09-11T10:00:00,H0UNASP0,65",
        "2026-11-20T10:00:00,H0UNASP0,66"
    })
    void item_15_5_records_have_the_columns_of_their_day(String time, String trId, int width) throws Exception {
        try (KisServer dated = KisServer.start(ServerSpec.of(Face.LIVE, time))) {
            ClientProgram program = new ClientProgram(dated, Face.LIVE, 1).login();
            try (var stream = program.stream("/tryitout")) {
                stream.send(ClientProgram.register(program.approvalKey(), "1", trId, "005930"));
                assertThat(stream.await(trId)).contains("OPSP0000");

                String frame = stream.await("0|" + trId + "|");

                int count = Integer.parseInt(frame.split("\\|", 4)[2]);
                assertThat(columns(frame)).hasSize(width * count);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HDFSCNT0,DNASAAPL,26",
        "HDFSASP0,DNASAAPL,17",
        "H0STANC0,005930,45",
        "H0UPCNT0,0001,30",
        "H0STMBC0,005930,78",
        "H0STPGM0,005930,11"
    })
    void item_16_9_other_records_have_the_documented_widths_and_overseas_ones_begin_with_their_key(
            String trId, String trKey, int width) throws Exception {
        ClientProgram program = program();
        try (var stream = program.stream("/tryitout")) {
            stream.send(ClientProgram.register(program.approvalKey(), "1", trId, trKey));
            assertThat(stream.await(trId)).contains("OPSP0000");

            String[] columns = columns(stream.await("0|" + trId + "|001|"));

            assertThat(columns).hasSize(width);
            assertThat(columns[0]).isEqualTo(trKey);
        }
    }

    @Test
    void item_16_9_a_key_configured_for_classic_columns_receives_them_beside_one_that_is_not() throws Exception {
        String yaml = """
                identities:
                  - {face: live, app_key: "%s", app_secret: "%s", columns: classic}
                  - {face: live, app_key: "%s", app_secret: "%s"}
                """.formatted(
                ClientProgram.key(Face.LIVE, 1), "s".repeat(180), ClientProgram.key(Face.LIVE, 2), "s".repeat(180));
        try (KisServer both =
                KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withIdentities(yaml))) {
            ClientProgram classic = new ClientProgram(both, Face.LIVE, 1).login();
            ClientProgram current = new ClientProgram(both, Face.LIVE, 2).login();
            try (var old = classic.stream("/tryitout");
                    var today = current.stream("/tryitout")) {
                for (String trId : List.of("H0STCNT0", "H0STASP0")) {
                    old.send(ClientProgram.register(classic.approvalKey(), "1", trId, "005930"));
                    today.send(ClientProgram.register(current.approvalKey(), "1", trId, "005930"));
                }

                assertThat(columns(old.await("0|H0STCNT0|001|"))).hasSize(46);
                assertThat(columns(today.await("0|H0STCNT0|001|"))).hasSize(47);
                assertThat(columns(old.await("0|H0STASP0|001|"))).hasSize(59);
                assertThat(columns(today.await("0|H0STASP0|001|"))).hasSize(60);
            }
        }
    }

    @Test
    void item_15_5_books_are_full_snapshots_of_ten_levels_with_totals() throws Exception {
        ClientProgram program = program();
        try (var stream = program.stream("/tryitout")) {
            stream.send(ClientProgram.register(program.approvalKey(), "1", "H0STASP0", "005930"));
            String[] book = columns(stream.await("0|H0STASP0|001|"));

            long[] figures =
                    Arrays.stream(book, 3, 45).mapToLong(Long::parseLong).toArray();
            for (int level = 1; level < 10; level++) {
                assertThat(figures[level]).as("asks rise").isGreaterThan(figures[level - 1]);
                assertThat(figures[10 + level]).as("bids fall").isLessThan(figures[9 + level]);
            }
            assertThat(figures[0]).as("not crossed").isGreaterThan(figures[10]);
            assertThat(Stream.of(book)
                            .skip(23)
                            .limit(20)
                            .mapToLong(Long::parseLong)
                            .min()
                            .orElseThrow())
                    .isPositive();
        }
    }
}
