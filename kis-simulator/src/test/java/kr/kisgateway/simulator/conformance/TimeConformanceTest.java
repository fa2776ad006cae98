package kr.kisgateway.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.simulator.conformance.KisServer.Face;
import kr.kisgateway.simulator.conformance.KisServer.ServerSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Item 15.7: time, chance and days off. */
class TimeConformanceTest {
    private static List<String> trades(KisServer server, int count) throws Exception {
        ClientProgram program = new ClientProgram(server, Face.LIVE, 1).login();
        List<String> trades = new ArrayList<>();
        try (var stream = program.stream("/tryitout")) {
            stream.send(ClientProgram.register(program.approvalKey(), "1", "H0STCNT0", "005930"));
            while (trades.size() < count) {
                String frame = stream.await("0|H0STCNT0|");
                String[] columns = frame.split("\\|", 4)[3].split("\\^", -1);
                for (int i = 0; i + 46 < columns.length; i += 47) {
                    trades.add(columns[i + 2] + " x " + columns[i + 12]);
                }
            }
        }
        return trades.subList(0, count);
    }

    @Test
    void item_15_7_the_same_seed_makes_the_same_trades() throws Exception {
        try (KisServer first = KisServer.start(
                        ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withTradesPerSecond(100));
                KisServer second = KisServer.start(
                        ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withTradesPerSecond(100))) {
            List<String> trades = trades(first, 80);
            List<String> again = trades(second, 80);

            // A server that registers for its clients may join the market some trades after its beginning.
            assertThat(Math.max(
                            Collections.indexOfSubList(trades, again.subList(0, 40)),
                            Collections.indexOfSubList(again, trades.subList(0, 40))))
                    .as(trades + " and " + again)
                    .isNotNegative();
            assertThat(trades.stream().distinct().count()).isGreaterThan(10);
        }
    }

    @Test
    void item_15_7_a_price_moves_to_the_commanded_value() throws Exception {
        try (KisServer server =
                KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withTradesPerSecond(100))) {
            ClientProgram program = new ClientProgram(server, Face.LIVE, 1).login();
            try (var stream = program.stream("/tryitout")) {
                stream.send(ClientProgram.register(program.approvalKey(), "1", "H0STCNT0", "005930"));
                assertThat(price(stream.await("0|H0STCNT0|001|"))).isBetween(198_000L, 201_000L);

                server.move("005930", 230_000);

                stream.await(frame -> frame.startsWith("0|H0STCNT0|001|") && price(frame) >= 229_500);
                assertThat(Long.parseLong(program.price("005930")
                                .output()
                                .path("stck_hgpr")
                                .stringValue()))
                        .isGreaterThanOrEqualTo(229_500);
            }
        }
    }

    private static long price(String frame) {
        return Long.parseLong(frame.split("\\|", 4)[3].split("\\^", -1)[2]);
    }

    @Test
    void item_15_7_times_are_korean_wherever_the_server_runs() {
        try (KisServer server = KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T23:30:00"))) {
            ClientProgram program = new ClientProgram(server, Face.LIVE, 1).login();

            JsonNode accepted = program.buy("005930", "00", 1, 150_000).output();

            assertThat(accepted.path("ORD_TMD").stringValue()).matches("2330[0-5][0-9]");
            assertThat(program.daily()
                            .json()
                            .path("output1")
                            .get(0)
                            .path("ord_dt")
                            .stringValue())
                    .isEqualTo("20261120");
        }
    }

    @Test
    void item_15_7_days_off_are_those_of_the_exchange() {
        try (KisServer server =
                KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withSessions())) {
            ClientProgram program = new ClientProgram(server, Face.LIVE, 1).login();
            Map<String, String> open = new HashMap<>();
            for (String from : List.of("20261218", "20261226")) {
                program.get(
                                ClientProgram.QUOTATIONS + "chk-holiday",
                                "CTCA0903R",
                                Map.of("BASS_DT", from, "CTX_AREA_NK", "", "CTX_AREA_FK", ""))
                        .output()
                        .forEach(row -> open.put(
                                row.path("bass_dt").stringValue(),
                                row.path("opnd_yn").stringValue()));
            }

            assertThat(open)
                    .containsEntry("20261218", "Y")
                    .containsEntry("20261219", "N")
                    .containsEntry("20261225", "N")
                    .containsEntry("20261228", "Y")
                    .containsEntry("20261231", "N")
                    .containsEntry("20270101", "N");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-07-20T22:40:00,true", // half past ten in the evening, Korean time, while New York has summer time
        "2026-07-20T22:20:00,false",
        "2026-11-20T22:40:00,false",
        "2026-11-20T23:40:00,true",
        "2026-10-30T22:40:00,true",
        "2026-11-02T22:40:00,false"
    })
    void item_15_7_new_york_opens_an_hour_earlier_in_its_summer(String koreanTime, boolean open) {
        try (KisServer server =
                KisServer.start(ServerSpec.of(Face.PAPER, koreanTime).withSessions())) {
            ClientProgram program = new ClientProgram(server, Face.PAPER, 1).login();
            var body = new LinkedHashMap<>(ClientProgram.account());
            body.putAll(Map.of(
                    "OVRS_EXCG_CD", "NASD",
                    "PDNO", "AAPL",
                    "ORD_QTY", "1",
                    "OVRS_ORD_UNPR", "200.00",
                    "ORD_SVR_DVSN_CD", "0",
                    "ORD_DVSN", "00"));

            RawHttp.Answer answer = program.post("/uapi/overseas-stock/v1/trading/order", "VTTT1002U", body);

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().path("rt_cd").stringValue().equals("0"))
                    .as(answer.body())
                    .isEqualTo(open);
        }
    }
}
