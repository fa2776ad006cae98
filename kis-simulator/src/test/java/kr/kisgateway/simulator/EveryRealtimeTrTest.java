package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.RealtimeTr;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** All realtime TRs of the catalog over sockets, on both faces: acknowledged, and with the catalog's width. */
@Tag("slow")
class EveryRealtimeTrTest {
    private static final String HTS_ID = "MYHTSID";

    /** The example key of H0STMKO0, which publishes interruptions and nothing else. */
    private static final String STATUS_OF = "417450";

    /** Columns appended on 2026-09-14, after the catalog. */
    private static final Map<String, Integer> NEW_COLUMNS =
            Map.of("H0STCNT0", 1, "H0STASP0", 1, "H0NXCNT0", 1, "H0UNCNT0", 1, "H0UNASP0", 1);

    private static final List<String> IN_PAPER =
            List.of("H0STCNT0", "H0STASP0", "H0STCNI9", "H0GSCNI9", "H0IFCNI9", "HDFSCNT0");

    @TempDir
    static Path folder;

    private static KisSimulator live;
    private static KisSimulator paper;
    private static int keys;

    @BeforeAll
    static void start() {
        live = start(Face.LIVE);
        paper = start(Face.PAPER);
    }

    private static KisSimulator start(Face face) {
        return KisSimulator.start(SimulatorConfig.defaults(folder.resolve(face.fileName()))
                .withFace(face)
                .withRates(10_000, 10_000)
                .withTicksPerSecond(20)
                .withSynchronous("OFF"));
    }

    @AfterAll
    static void stop() {
        live.close();
        paper.close();
    }

    private static RawClient client(KisSimulator simulator) {
        return new RawClient(simulator, "PSEVERYTR%026d".formatted(++keys)).login();
    }

    private static String key(RealtimeTr tr) {
        return tr.keyExample().orElse(HTS_ID);
    }

    @Test
    void each_of_the_sixty_is_acknowledged_and_sends_frames_of_its_columns() throws Exception {
        List<RealtimeTr> all = CatalogCalls.CATALOG.realtimeTrs();
        assertThat(all).hasSize(60);
        receiveFrames(all.subList(0, 30));
        receiveFrames(all.subList(30, 60));
    }

    /** Registers all on one session and waits for a frame of each. */
    private static void receiveFrames(List<RealtimeTr> trs) throws Exception {
        RawClient client = client(live);
        String approval = client.approvalKey();
        Map<String, JsonNode> secrets = new HashMap<>();
        try (var stream = client.stream()) {
            for (RealtimeTr tr : trs) {
                stream.send(RawClient.subscribe(approval, "1", tr.trId(), key(tr)));
                JsonNode ack = RawClient.json(stream.await("\"msg_cd\""));
                assertThat(ack.path("body").path("msg_cd").stringValue(""))
                        .as(tr.trId())
                        .isEqualTo("OPSP0000");
                secrets.put(tr.trId(), ack.path("body").path("output"));
            }
            client.order("73000001", "TTTC0012U", "005930", "01", "1", "0");
            // Twice would be once: the second record would be that of the end, two minutes later.
            if (trs.stream().anyMatch(tr -> tr.trId().equals("H0STMKO0"))) {
                client.post("/simulator/market", Map.of(), "{\"interrupt\":\"" + STATUS_OF + "\"}");
            }
            new CatalogCalls(client, Face.LIVE).request(CatalogCalls.call("overseas_stock_order"), Map.of());
            Map<String, String> frames = new HashMap<>();
            while (frames.size() < trs.size()) {
                String frame = stream.await(text -> text.startsWith("0|") || text.startsWith("1|"));
                frames.put(frame.split("\\|", 4)[1], frame);
            }
            for (RealtimeTr tr : trs) {
                check(tr, frames.get(tr.trId()), secrets.get(tr.trId()));
            }
        }
    }

    private static void check(RealtimeTr tr, String frame, JsonNode secret) throws Exception {
        String[] parts = frame.split("\\|", 4);
        assertThat(parts[0]).as(tr.trId()).isEqualTo(tr.encrypted() ? "1" : "0");
        String payload = tr.encrypted() ? decrypted(parts[3], secret) : parts[3];
        String[] values = payload.split("\\^", -1);
        int columns = (tr.columns().size() + NEW_COLUMNS.getOrDefault(tr.trId(), 0)) * Integer.parseInt(parts[2]);
        assertThat(values).as(tr.trId()).hasSize(columns);
        if (!tr.trId().equals("H0UNMKO0")) {
            assertThat(values[0]).as(tr.trId()).isEqualTo(key(tr));
        }
    }

    private static String decrypted(String base64, JsonNode secret) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(secret.path("key").stringValue().getBytes(StandardCharsets.US_ASCII), "AES"),
                new IvParameterSpec(secret.path("iv").stringValue().getBytes(StandardCharsets.US_ASCII)));
        return new String(cipher.doFinal(Base64.getDecoder().decode(base64)), StandardCharsets.UTF_8);
    }

    @Test
    void paper_serves_its_own_trs_and_refuses_every_other_as_invalid() throws Exception {
        RawClient client = client(paper);
        String approval = client.approvalKey();
        List<String> acknowledgedTrs = new ArrayList<>();
        try (var stream = client.stream()) {
            for (RealtimeTr tr : CatalogCalls.CATALOG.realtimeTrs()) {
                for (String trId : tr.paperTrId().filter(id -> !id.equals(tr.trId())).stream()
                        .toList()) {
                    acknowledgedTrs.addAll(acknowledged(stream, approval, trId, key(tr)));
                }
                acknowledgedTrs.addAll(acknowledged(stream, approval, tr.trId(), key(tr)));
            }
            acknowledgedTrs.addAll(acknowledged(stream, approval, "NOSUCHTR", "005930"));
            assertThat(acknowledgedTrs).containsExactlyInAnyOrderElementsOf(IN_PAPER);
            client.order("73000002", "VTTC0012U", "005930", "01", "1", "0");
            assertThat(stream.await("1|H0STCNI9|001|")).isNotEmpty();
        }
    }

    private static List<String> acknowledged(RawClient.Stream stream, String approval, String trId, String key)
            throws InterruptedException {
        stream.send(RawClient.subscribe(approval, "1", trId, key));
        String ack = stream.await("\"msg_cd\"");
        if (ack.contains("OPSP0000")) {
            return List.of(trId);
        }
        assertThat(ack).as(trId).contains("OPSP8991");
        return List.of();
    }

    @Test
    void live_refuses_the_notice_tr_ids_of_paper() throws Exception {
        RawClient client = client(live);
        String approval = client.approvalKey();
        try (var stream = client.stream()) {
            for (String trId : List.of("H0STCNI9", "H0GSCNI9", "H0IFCNI9", "NOSUCHTR")) {
                assertThat(acknowledged(stream, approval, trId, HTS_ID)).isEmpty();
            }
        }
    }

    @Test
    void a_key_with_a_column_s_separator_is_refused() throws Exception {
        RawClient client = client(live);
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(client.approvalKey(), "1", "H0UPCNT0", "00^01"));
            assertThat(stream.await("\"msg_cd\"")).contains("OPSP8992");
        }
    }

    @Test
    void frames_are_sent_every_second_until_their_registration_is_released() throws Exception {
        RawClient client = client(live);
        String approval = client.approvalKey();
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0UPCNT0", "0001"));
            stream.send(RawClient.subscribe(approval, "1", "HDFSCNT0", "DNASAAPL"));
            String first = stream.await("0|H0UPCNT0|001|0001^").split("\\^")[1];
            String second = stream.await("0|H0UPCNT0|001|0001^").split("\\^")[1];
            assertThat(Integer.parseInt(second) - Integer.parseInt(first)).isIn(1, 41, 4041, -235_959);
            stream.send(RawClient.subscribe(approval, "2", "H0UPCNT0", "0001"));
            stream.await("OPSP0001");
            int released = stream.all.size();
            stream.await("0|HDFSCNT0|001|DNASAAPL^AAPL^");
            assertThat(stream.all.subList(released, stream.all.size()))
                    .noneMatch(text -> text.startsWith("0|H0UPCNT0"));
        }
    }

    @Test
    void the_stream_of_a_listed_stock_s_other_market_shows_its_price() throws Exception {
        RawClient client = client(live);
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(client.approvalKey(), "1", "H0UNANC0", "000720"));
            String[] values = stream.await("0|H0UNANC0|001|").split("\\|", 4)[3].split("\\^", -1);
            int price = CatalogCalls.CATALOG.columns("H0UNANC0").indexOf("STCK_PRPR");
            JsonNode reply = RawClient.json(client.get(
                                    "/uapi/domestic-stock/v1/quotations/inquire-price?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=000720",
                                    Map.of("tr_id", "FHKST01010100"))
                            .body())
                    .path("output");
            assertThat(Long.parseLong(values[price]))
                    .isBetween(
                            Long.parseLong(reply.path("stck_lwpr").stringValue("")),
                            Long.parseLong(reply.path("stck_hgpr").stringValue("")));
        }
    }
}
