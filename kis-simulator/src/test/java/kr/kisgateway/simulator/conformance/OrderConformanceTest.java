package kr.kisgateway.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.simulator.conformance.KisServer.Face;
import kr.kisgateway.simulator.conformance.KisServer.ServerSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Item 15.4: which orders are valid, their costs and their results. */
@Tag("slow")
class OrderConformanceTest {
    private static final List<String> DIVISIONS = List.of(
            "00", "01", "02", "03", "04", "05", "06", "07", "11", "12", "13", "14", "15", "16", "21", "22", "23", "24",
            "27", "28", "29", "41", "42", "43", "44", "45", "46", "47");

    private static final Set<String> PRICED = Set.of("00", "02", "07", "11", "12", "22", "27", "41", "42", "43");

    private static final String REGULAR = "00 01 02 03 04 11 12 13 14 15 16 21 22 23 24";
    private static final String NXT = "00 03 04 11 12 13 14 15 16 21 22 23 24";
    private static final String AFTER = "41 42 43 44 45 46 47";

    private static KisServer server;
    private static KisServer practice;
    private static ClientProgram live;
    private static ClientProgram paper;

    @BeforeAll
    static void start() {
        server = KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00"));
        practice = KisServer.start(ServerSpec.of(Face.PAPER, "2026-11-20T10:00:00"));
        live = new ClientProgram(server, Face.LIVE, 1).login();
        paper = new ClientProgram(practice, Face.PAPER, 1).login();
    }

    @AfterAll
    static void stop() {
        server.close();
        practice.close();
    }

    private static ClientProgram of(Face face) {
        return face == Face.LIVE ? live : paper;
    }

    private static boolean accepted(RawHttp.Answer answer) {
        return answer.status() == 200
                && answer.json().path("rt_cd").stringValue().equals("0");
    }

    // ---- sessions ------------------------------------------------------------------------------------------------

    /** The divisions that a venue accepts at a time of day, from the tables of sessions and of order divisions. */
    private record AcceptedDivisions(String time, String venue, String divisions) {}

    private static List<AcceptedDivisions> sessions(boolean sinceTheChange) {
        List<AcceptedDivisions> day = new ArrayList<>(List.of(
                new AcceptedDivisions("08:10", "KRX", ""),
                new AcceptedDivisions("08:10", "NXT", sinceTheChange ? NXT + " 27 28 29" : NXT),
                new AcceptedDivisions("08:35", "KRX", "00 01 02 05"),
                new AcceptedDivisions("08:45", "KRX", "00 01 02"),
                new AcceptedDivisions("08:55", "NXT", ""),
                new AcceptedDivisions("10:00", "KRX", REGULAR),
                new AcceptedDivisions("10:00", "NXT", NXT),
                new AcceptedDivisions("10:00", "SOR", "00 01 03 04 11 12 13 14 15 16"),
                new AcceptedDivisions("15:25", "KRX", "00 01"),
                new AcceptedDivisions("15:25", "NXT", ""),
                new AcceptedDivisions("15:35", "KRX", "06"),
                new AcceptedDivisions("15:35", "NXT", "00"),
                new AcceptedDivisions("15:45", "KRX", "06"),
                new AcceptedDivisions("15:45", "NXT", NXT)));
        day.addAll(
                sinceTheChange
                        ? List.of(
                                new AcceptedDivisions("16:30", "KRX", AFTER),
                                new AcceptedDivisions("18:30", "KRX", AFTER))
                        : List.of(
                                new AcceptedDivisions("16:30", "KRX", "07"),
                                new AcceptedDivisions("17:30", "KRX", "07"),
                                new AcceptedDivisions("18:30", "KRX", "")));
        day.addAll(List.of(
                new AcceptedDivisions("18:30", "NXT", NXT),
                new AcceptedDivisions("20:10", "KRX", ""),
                new AcceptedDivisions("20:10", "NXT", "")));
        return day;
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-09-11", "2026-11-20"})
    void item_15_4_each_session_accepts_its_order_divisions_and_no_other(String day) {
        List<AcceptedDivisions> table = sessions(!day.equals("2026-09-11"));
        // A moving price may start a volatility interruption, which is an auction: then limit orders alone are
        // accepted.
        var spec = ServerSpec.of(Face.LIVE, day + "T08:00:00").withSessions().withTradesPerSecond(0);
        try (KisServer dated = KisServer.start(spec)) {
            ClientProgram program = new ClientProgram(dated, Face.LIVE, 1).login();
            LocalTime now = LocalTime.of(8, 0);
            for (AcceptedDivisions row : table) {
                LocalTime time = LocalTime.parse(row.time());
                dated.jump(Duration.between(now, time));
                now = time;
                List<String> taken = new ArrayList<>();
                List<String> refused = new ArrayList<>();
                for (String division : DIVISIONS) {
                    var answer = program.post(
                            ClientProgram.TRADING + "order-cash", "TTTC0012U", order(program, division, row.venue()));
                    if (accepted(answer)) {
                        taken.add(division);
                    } else {
                        refused.add(division + " " + answer.code());
                    }
                }
                assertThat(String.join(" ", taken))
                        .as(row.venue() + " at " + row.time() + " on " + day + ", refused: " + refused)
                        .isEqualTo(row.divisions());
            }
        }
    }

    private static Map<String, String> order(ClientProgram program, String division, String venue) {
        long last = Long.parseLong(
                program.price("005930").output().path("stck_prpr").stringValue());
        // Two ticks below the last price: it may rest, and every session accepts it.
        var order = new LinkedHashMap<>(ClientProgram.order(
                "005930", division, 1, PRICED.contains(division) ? last - last % 1_000 - 1_000 : 0));
        order.put("EXCG_ID_DVSN_CD", venue);
        if (division.equals("22")) {
            order.put("CNDT_PRIC", Long.toString(last - last % 1_000 + 5_000));
        }
        return order;
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-21T10:00:00", "2026-12-25T10:00:00"})
    void item_15_4_no_order_is_accepted_on_a_holiday(String time) {
        try (KisServer closed = KisServer.start(ServerSpec.of(Face.LIVE, time).withSessions());
                KisServer closedPaper =
                        KisServer.start(ServerSpec.of(Face.PAPER, time).withSessions())) {
            assertThat(new ClientProgram(closed, Face.LIVE, 1)
                            .login()
                            .buy("005930", "00", 1, 150_000)
                            .code())
                    .isEqualTo("200 APBK0919");
            assertThat(new ClientProgram(closedPaper, Face.PAPER, 1)
                            .login()
                            .buy("005930", "00", 1, 150_000)
                            .code())
                    .isEqualTo("200 40100000");
        }
    }

    // ---- prices, money, shares -----------------------------------------------------------------------------------

    @Test
    void item_15_4_a_price_lies_on_a_tick_and_within_the_day_s_limits() {
        JsonNode stock = live.price("005930").output();
        long upper = Long.parseLong(stock.path("stck_mxpr").stringValue());
        long lower = Long.parseLong(stock.path("stck_llam").stringValue());

        assertThat(accepted(live.buy("005930", "00", 1, lower))).isTrue();
        assertThat(accepted(live.buy("005930", "00", 1, lower - 100))).isFalse();
        assertThat(accepted(live.buy("005930", "00", 1, upper + 500))).isFalse();
        assertThat(accepted(live.buy("005930", "00", 1, lower + 50))).isFalse();
        assertThat(accepted(live.buy("005930", "00", 1, upper))).isTrue();
        assertThat(paper.buy("005930", "00", 1, lower + 50).code()).isEqualTo("200 40030000");
        assertThat(paper.buy("005930", "00", 1, upper + 500).code()).isEqualTo("200 40270000");
    }

    @ParameterizedTest
    @EnumSource(Face.class)
    void item_15_4_a_market_buy_reserves_cash_at_the_upper_limit(Face face) {
        try (KisServer fresh =
                KisServer.start(ServerSpec.of(face, "2026-11-20T10:00:00").withTradesPerSecond(0))) {
            ClientProgram program = new ClientProgram(fresh, face, 1).login();
            long upper = Long.parseLong(
                    program.price("005930").output().path("stck_mxpr").stringValue());
            var query = new LinkedHashMap<>(ClientProgram.account());
            query.putAll(Map.of(
                    "PDNO", "005930",
                    "ORD_UNPR", "0",
                    "ORD_DVSN", "01",
                    "CMA_EVLU_AMT_ICLD_YN", "N",
                    "OVRS_ICLD_YN", "N"));
            JsonNode buyable = program.get(ClientProgram.TRADING + "inquire-psbl-order", face.tr("TTTC8908R"), query)
                    .output();
            long cash = Long.parseLong(buyable.path("ord_psbl_cash").stringValue());
            long maxQty = Long.parseLong(buyable.path("nrcvb_buy_qty").stringValue());

            assertThat(buyable.path("psbl_qty_calc_unpr").stringValue()).isEqualTo(Long.toString(upper));
            assertThat(maxQty).isBetween(cash / upper - 1, cash / upper);
            assertThat(program.buy("005930", "01", maxQty + 1, 0).code())
                    .isEqualTo(face == Face.LIVE ? "200 APBK0952" : "200 40250000");
            assertThat(accepted(program.buy("005930", "01", maxQty, 0))).isTrue();
        }
    }

    @Test
    void item_15_4_a_sale_cannot_exceed_the_sellable_quantity() {
        live.buy("000660", "01", 5, 0);
        paper.buy("000660", "01", 5, 0);

        assertThat(live.sell("000660", "01", 6, 0).code()).isEqualTo("200 APBK0400");
        assertThat(paper.sell("000660", "01", 6, 0).code()).isEqualTo("200 40310000");
        long high =
                Long.parseLong(live.price("000660").output().path("stck_mxpr").stringValue());
        assertThat(accepted(live.sell("000660", "00", 4, high))).isTrue();
        assertThat(live.sell("000660", "00", 2, high).code())
                .as("four are offered")
                .isEqualTo("200 APBK0400");
        assertThat(paper.sell("035720", "01", 1, 0).code()).as("none at all").isEqualTo("200 40240000");
    }

    // ---- numbers and chains --------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Face.class)
    void item_15_4_numbers_have_ten_digits_rise_by_1_to_7_and_come_with_the_branch(Face face) {
        long last = 0;
        Set<Long> gaps = new LinkedHashSet<>();
        for (int i = 0; i < 40; i++) {
            JsonNode output = of(face).buy("005930", "00", 1, 140_000).output();
            assertThat(output.path("ODNO").stringValue()).matches("[0-9]{10}");
            assertThat(output.path("KRX_FWDG_ORD_ORGNO").stringValue())
                    .isEqualTo(face == Face.LIVE ? "06010" : "00950");
            assertThat(output.path("ORD_TMD").stringValue()).matches("1000[0-5][0-9]");
            long number = Long.parseLong(output.path("ODNO").stringValue());
            if (last > 0) {
                gaps.add(number - last);
            }
            last = number;
        }
        assertThat(gaps).allSatisfy(gap -> assertThat(gap).isBetween(1L, 7L));
        assertThat(gaps).hasSizeGreaterThan(2);
        assertThat(last).isBetween(face == Face.LIVE ? 100_000L : 1_000L, face == Face.LIVE ? 999_999L : 9_999L);
    }

    @Test
    void item_15_4_the_same_order_sent_twice_is_two_orders() {
        RawHttp.Answer first = live.buy("005930", "00", 3, 140_000);
        RawHttp.Answer second = live.buy("005930", "00", 3, 140_000);

        assertThat(Stream.of(first, second).map(ClientProgram::number)).doesNotHaveDuplicates();
        assertThat(row(live, ClientProgram.number(second)).path("rmn_qty").stringValue())
                .isEqualTo("3");
    }

    private static JsonNode row(ClientProgram program, String number) {
        for (JsonNode row : program.daily().json().path("output1")) {
            if (Long.parseLong(row.path("odno").stringValue()) == Long.parseLong(number)) {
                return row;
            }
        }
        throw new AssertionError("no row of " + number);
    }

    @ParameterizedTest
    @EnumSource(Face.class)
    void item_15_4_each_modify_and_each_cancel_is_an_order_of_its_own_that_names_the_one_it_replaces(Face face) {
        ClientProgram program = of(face);
        String first = ClientProgram.number(program.buy("005930", "00", 10, 140_000));
        String second = ClientProgram.number(program.revise(first, "01", "00", 10, 141_000, true));
        String third = ClientProgram.number(program.revise(second, "02", "00", 0, 0, true));

        assertThat(List.of(first, second, third)).doesNotHaveDuplicates().isSorted();
        assertThat(row(program, first).path("orgn_odno").stringValue()).isIn("", "0000000000");
        assertThat(row(program, first).path("rmn_qty").stringValue()).isEqualTo("0");
        assertThat(row(program, second).path("orgn_odno").stringValue()).isEqualTo(first);
        assertThat(row(program, second).path("ord_unpr").stringValue()).isEqualTo("141000");
        assertThat(row(program, second).path("rmn_qty").stringValue()).isEqualTo("0");
        assertThat(row(program, third).path("orgn_odno").stringValue()).isEqualTo(second);
        assertThat(accepted(program.revise(first, "02", "00", 0, 0, true)))
                .as("the old number is invalid")
                .isFalse();
    }

    @Test
    void item_15_4_a_cancel_of_a_part_leaves_the_rest_with_the_original() {
        String order = ClientProgram.number(live.buy("005930", "00", 10, 140_000));

        String cancel = ClientProgram.number(live.revise(order, "02", "00", 4, 0, false));

        assertThat(row(live, order).path("rmn_qty").stringValue()).isEqualTo("6");
        assertThat(row(live, cancel).path("ord_qty").stringValue()).isEqualTo("4");
        assertThat(accepted(live.revise(order, "02", "00", 7, 0, false)))
                .as("more than is left")
                .isFalse();
    }

    @Test
    void item_15_4_a_filled_or_unknown_order_cannot_be_cancelled_and_a_wrong_branch_is_refused() {
        String filled = ClientProgram.number(live.buy("005930", "01", 1, 0));
        String filledPaper = ClientProgram.number(paper.buy("005930", "01", 1, 0));
        String open = ClientProgram.number(live.buy("005930", "00", 1, 140_000));

        assertThat(accepted(live.revise(filled, "02", "00", 0, 0, true))).isFalse();
        assertThat(paper.revise(filledPaper, "02", "00", 0, 0, true).code()).isEqualTo("200 40330000");
        assertThat(accepted(live.revise("0000999998", "02", "00", 0, 0, true))).isFalse();
        assertThat(paper.revise("0000999998", "02", "00", 0, 0, true).code()).isEqualTo("200 40320000");
        var cancel = new LinkedHashMap<>(ClientProgram.account());
        cancel.putAll(Map.of(
                "KRX_FWDG_ORD_ORGNO", "99999",
                "ORGN_ODNO", open,
                "ORD_DVSN", "00",
                "RVSE_CNCL_DVSN_CD", "02",
                "ORD_QTY", "0",
                "ORD_UNPR", "0",
                "QTY_ALL_ORD_YN", "Y"));
        assertThat(accepted(live.post(ClientProgram.TRADING + "order-rvsecncl", "TTTC0013U", cancel)))
                .as("another branch")
                .isFalse();
        cancel.put("KRX_FWDG_ORD_ORGNO", "06010");
        cancel.put("EXCG_ID_DVSN_CD", "NXT");
        assertThat(accepted(live.post(ClientProgram.TRADING + "order-rvsecncl", "TTTC0013U", cancel)))
                .as("another exchange")
                .isFalse();
        cancel.put("EXCG_ID_DVSN_CD", "KRX");
        assertThat(accepted(live.post(ClientProgram.TRADING + "order-rvsecncl", "TTTC0013U", cancel)))
                .isTrue();
    }

    @Test
    void item_15_4_an_open_order_expires_at_the_close_and_its_cash_is_released() {
        try (KisServer dated =
                KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T15:00:00").withSessions())) {
            ClientProgram program = new ClientProgram(dated, Face.LIVE, 1).login();
            String before = cash(program);
            String order = ClientProgram.number(program.buy("005930", "00", 10, 150_000));
            assertThat(cash(program)).isNotEqualTo(before);

            dated.jump(Duration.ofMinutes(32));

            assertThat(row(program, order).path("tot_ccld_qty").stringValue()).isEqualTo("0");
            assertThat(row(program, order).path("cncl_yn").stringValue()).isBlank();
            assertThat(cash(program)).isEqualTo(before);
        }
    }

    private static String cash(ClientProgram program) {
        var query = new LinkedHashMap<>(ClientProgram.account());
        query.putAll(Map.of(
                "PDNO", "005930",
                "ORD_UNPR", "0",
                "ORD_DVSN", "01",
                "CMA_EVLU_AMT_ICLD_YN", "N",
                "OVRS_ICLD_YN", "N"));
        return program.get(ClientProgram.TRADING + "inquire-psbl-order", "TTTC8908R", query)
                .output()
                .path("ord_psbl_cash")
                .stringValue();
    }

    @Test
    void item_15_4_order_numbers_restart_on_the_next_business_day() {
        try (KisServer dated =
                KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T15:00:00").withSessions())) {
            ClientProgram program = new ClientProgram(dated, Face.LIVE, 1).login();
            for (int i = 0; i < 20; i++) {
                program.buy("005930", "00", 1, 150_000);
            }
            String friday = ClientProgram.number(program.buy("005930", "00", 1, 150_000));

            dated.jump(Duration.ofHours(66));

            program.login();
            String monday = ClientProgram.number(program.buy("005930", "00", 1, 150_000));
            assertThat(Long.parseLong(monday)).isLessThan(Long.parseLong(friday));
        }
    }
}
