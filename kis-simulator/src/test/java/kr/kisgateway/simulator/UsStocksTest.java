package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.MarketRules;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** US stocks over real sockets: what a client of KIS sends and receives. */
@Tag("slow")
class UsStocksTest {
    private static final String CANO = "50000001";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static int keys;

    @TempDir
    Path folder;

    private KisSimulator start(String seoul, Face face, double ticksPerSecond) {
        Instant at = kst(seoul);
        // Time starts then and runs at normal speed.
        InstantSource clock = Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), at));
        return KisSimulator.start(SimulatorConfig.defaults(folder.resolve("us.db"))
                .withTime(new KrxCalendar(), clock)
                .withFace(face)
                .withRates(10_000, 10_000)
                .withTicksPerSecond(ticksPerSecond)
                // AliveMarketTest covers dormant stocks.
                .withMarket(MarketRules.defaults().withoutDormantTrading())
                .withSynchronous("OFF"));
    }

    private static Instant kst(String local) {
        return LocalDateTime.parse(local).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private static RawClient client(KisSimulator simulator) {
        return new RawClient(simulator, "PSUSSTOCKS%026d".formatted(++keys)).login();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return RawClient.json(answer.body());
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).stringValue("(absent)");
    }

    private static HttpResponse<String> order(RawClient client, String trId, String qty, String price) {
        return client.post(
                "/uapi/overseas-stock/v1/trading/" + (trId.startsWith("TTTS603") ? "daytime-order" : "order"),
                Map.of("tr_id", trId),
                "{\"CANO\":\"" + CANO + "\",\"ACNT_PRDT_CD\":\"01\",\"OVRS_EXCG_CD\":\"NASD\",\"PDNO\":\"AAPL\","
                        + "\"ORD_QTY\":\"" + qty + "\",\"OVRS_ORD_UNPR\":\"" + price
                        + "\",\"CTAC_TLNO\":\"\",\"MGCO_APTM_ODNO\":\"\",\"SLL_TYPE\":\"\",\"ORD_SVR_DVSN_CD\":\"0\","
                        + "\"ORD_DVSN\":\"00\"}");
    }

    private static HttpResponse<String> revise(RawClient client, String trId, String odno, String what, String price) {
        return client.post(
                "/uapi/overseas-stock/v1/trading/order-rvsecncl",
                Map.of("tr_id", trId),
                "{\"CANO\":\"" + CANO + "\",\"ACNT_PRDT_CD\":\"01\",\"OVRS_EXCG_CD\":\"NASD\",\"PDNO\":\"AAPL\","
                        + "\"ORGN_ODNO\":\"" + odno + "\",\"RVSE_CNCL_DVSN_CD\":\"" + what
                        + "\",\"ORD_QTY\":\"2\",\"OVRS_ORD_UNPR\":\"" + price
                        + "\",\"MGCO_APTM_ODNO\":\"\",\"ORD_SVR_DVSN_CD\":\"0\"}");
    }

    private static HttpResponse<String> request(RawClient client, String trId, String call, String query) {
        return client.get(
                "/uapi/overseas-stock/v1/trading/" + call + "?CANO=" + CANO + "&ACNT_PRDT_CD=01&" + query,
                Map.of("tr_id", trId));
    }

    private static HttpResponse<String> quote(RawClient client, String trId, String call, String query) {
        return client.get("/uapi/overseas-price/v1/quotations/" + call + "?AUTH=&" + query, Map.of("tr_id", trId));
    }

    private static final String ORDERS = "PDNO=&ORD_STRT_DT=20261101&ORD_END_DT=20261231&SLL_BUY_DVSN=00"
            + "&CCLD_NCCS_DVSN=00&OVRS_EXCG_CD=&SORT_SQN=DS&ORD_DT=&ORD_GNO_BRNO=&ODNO=&CTX_AREA_FK200=";

    private static String odno(HttpResponse<String> answer) {
        assertThat(text(json(answer), "rt_cd")).as(answer.body()).isEqualTo("0");
        return text(json(answer).path("output"), "ODNO");
    }

    private static String decrypted(String frame, JsonNode secret) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(secret.path("key").stringValue().getBytes(StandardCharsets.US_ASCII), "AES"),
                new IvParameterSpec(secret.path("iv").stringValue().getBytes(StandardCharsets.US_ASCII)));
        return new String(cipher.doFinal(Base64.getDecoder().decode(frame.split("\\|", 4)[3])), StandardCharsets.UTF_8);
    }

    private static JsonNode listen(RawClient client, RawClient.Stream stream, String trId, String key)
            throws InterruptedException {
        stream.send(RawClient.subscribe(client.approvalKey(), "1", trId, key));
        JsonNode ack = RawClient.json(stream.await("\"msg_cd\""));
        assertThat(text(ack.path("body"), "msg_cd")).isEqualTo("OPSP0000");
        return ack.path("body").path("output");
    }

    @Test
    void outside_the_sessions_no_level_of_the_book_has_a_price_or_shares() throws Exception {
        try (KisSimulator simulator = start("2026-11-22T12:00:00", Face.LIVE, 0.001)) {
            JsonNode book = json(quote(
                            client(simulator), "HHDFS76200100", "inquire-asking-price", "EXCD=NAS&SYMB=AAPL"))
                    .path("output2");
            for (int level = 1; level <= 10; level++) {
                for (String column : List.of("pbid", "pask", "vbid", "vask")) {
                    assertThat(Double.parseDouble(text(book, column + level)))
                            .as(column + level)
                            .isZero();
                }
            }
        }
    }

    @Test
    void an_order_is_accepted_notified_filled_and_listed_by_every_call() throws Exception {
        try (KisSimulator simulator = start("2026-11-20T23:35:00", Face.LIVE, 0.001)) {
            RawClient client = client(simulator);
            try (var stream = client.stream()) {
                JsonNode secret = listen(client, stream, "H0GSCNI0", "MYHTS");
                JsonNode book = json(quote(client, "HHDFS76200100", "inquire-asking-price", "EXCD=NAS&SYMB=AAPL"));
                assertThat(text(book.path("output2"), "pask1")).isEqualTo("309.3600");
                assertThat(text(book.path("output2"), "pbid1")).isEqualTo("309.3500");

                HttpResponse<String> answer = order(client, "TTTT1002U", "3", "309.36");
                assertThat(text(json(answer), "msg_cd")).isEqualTo("APBK0013");
                assertThat(text(json(answer), "msg1")).hasSize(80).startsWith("주문 전송 완료 되었습니다.");
                JsonNode output = json(answer).path("output");
                assertThat(text(output, "KRX_FWDG_ORD_ORGNO")).isEqualTo("06010");
                String time = text(output, "ORD_TMD");
                assertThat(time).matches("2335[0-9]{2}");
                String odno = odno(answer);
                assertThat(odno).matches("0000[0-9]{6}");

                assertThat(decrypted(stream.await("1|H0GSCNI0|001|"), secret))
                        .isEqualTo("MYHTS^5000000101^" + odno + "^^02^0^2^AAPL^0000000003^003093600^" + time
                                + "^0^1^1^06010^^모의계좌01^Apple Inc. Common Stock^6^10^^^^^000003093600");
                assertThat(decrypted(stream.await("1|H0GSCNI0|001|"), secret))
                        .isEqualTo("MYHTS^5000000101^" + odno + "^^02^0^2^AAPL^0000000003^003093600^" + time
                                + "^0^2^2^06010^000000003^모의계좌01^Apple Inc. Common Stock^6^10^^^^^000003093600");

                JsonNode row = json(request(client, "TTTS3035R", "inquire-ccnl", ORDERS + "&CTX_AREA_NK200="))
                        .path("output")
                        .path(0);
                assertThat(text(row, "odno")).isEqualTo(odno);
                assertThat(text(row, "ord_dt")).isEqualTo("20261120");
                assertThat(text(row, "dmst_ord_dt")).isEqualTo("20261120");
                assertThat(text(row, "ord_tmd")).startsWith("0935");
                assertThat(text(row, "thco_ord_tmd")).isEqualTo(time);
                assertThat(text(row, "ft_ccld_qty")).isEqualTo("3");
                assertThat(text(row, "ft_ccld_unpr3")).isEqualTo("309.3600");
                assertThat(text(row, "ft_ccld_amt3")).isEqualTo("928.0800");
                assertThat(text(row, "nccs_qty")).isEqualTo("0");

                JsonNode balance = json(request(
                        client,
                        "TTTS3012R",
                        "inquire-balance",
                        "OVRS_EXCG_CD=NASD&TR_CRCY_CD=USD&CTX_AREA_FK200=&CTX_AREA_NK200="));
                assertThat(balance.path("output1")).hasSize(1);
                assertThat(text(balance.path("output1").path(0), "ovrs_cblc_qty"))
                        .isEqualTo("3");
                assertThat(text(balance.path("output1").path(0), "pchs_avg_pric"))
                        .isEqualTo("309.3600");
                // 928.08 and a commission of 2.3202, cut to 2.32
                JsonNode present = json(request(
                        client,
                        "CTRP6504R",
                        "inquire-present-balance",
                        "WCRC_FRCR_DVSN_CD=02&NATN_CD=000&TR_MKET_CD=00&INQR_DVSN_CD=00"));
                assertThat(text(present.path("output2").path(0), "frcr_dncl_amt_2"))
                        .isEqualTo("1000000.0000");
                assertThat(text(present.path("output2").path(0), "nxdy_frcr_drwg_psbl_amt"))
                        .isEqualTo("999069.6000");
                JsonNode buyable = json(request(
                                client,
                                "TTTS3007R",
                                "inquire-psamount",
                                "OVRS_EXCG_CD=NASD&OVRS_ORD_UNPR=1000&ITEM_CD=AAPL"))
                        .path("output");
                assertThat(text(buyable, "ord_psbl_frcr_amt")).isEqualTo("999069.6000");
                // 996 shares cost 998,490.00 with the commission, 997 would cost 999,492.50.
                assertThat(text(buyable, "max_ord_psbl_qty")).isEqualTo("996");
            }
        }
    }

    @Test
    void a_modify_and_a_cancel_have_numbers_rows_and_notices_of_their_own() throws Exception {
        try (KisSimulator simulator = start("2026-11-20T23:35:00", Face.LIVE, 0)) {
            RawClient client = client(simulator);
            try (var stream = client.stream()) {
                JsonNode secret = listen(client, stream, "H0GSCNI0", "MYHTS");
                String first = odno(order(client, "TTTT1002U", "2", "200.00"));
                stream.await("1|H0GSCNI0|001|");
                String second = odno(revise(client, "TTTT1004U", first, "01", "201.50"));
                assertThat(decrypted(stream.await("1|H0GSCNI0|001|"), secret))
                        .startsWith("MYHTS^5000000101^" + second + "^" + first + "^02^1^2^AAPL^0000000002^002015000^")
                        .contains("^0^1^2^06010^");
                assertThat(text(json(revise(client, "TTTT1004U", first, "02", "0")), "msg_cd"))
                        .isEqualTo("APBK0344");
                JsonNode open = json(request(
                                client,
                                "TTTS3018R",
                                "inquire-nccs",
                                "OVRS_EXCG_CD=NASD&SORT_SQN=DS&CTX_AREA_FK200=&CTX_AREA_NK200="))
                        .path("output");
                assertThat(open).hasSize(1);
                assertThat(text(open.path(0), "odno")).isEqualTo(second);
                assertThat(text(open.path(0), "orgn_odno")).isEqualTo(first);
                assertThat(text(open.path(0), "nccs_qty")).isEqualTo("2");

                String third = odno(revise(client, "TTTT1004U", second, "02", "0"));
                assertThat(decrypted(stream.await("1|H0GSCNI0|001|"), secret))
                        .startsWith("MYHTS^5000000101^" + third + "^" + second + "^02^2^2^AAPL^0000000002^000000000^")
                        .contains("^0^1^2^06010^");
                client.post("/simulator/faults", Map.of(), "{\"reject_by_exchange\":1}");
                odno(order(client, "TTTT1002U", "2", "200.00"));
                stream.await("1|H0GSCNI0|001|");
                assertThat(decrypted(stream.await("1|H0GSCNI0|001|"), secret)).contains("^1^1^1^06010^");
            }
        }
    }

    @Test
    void lists_are_paged_and_every_order_is_on_one_page() {
        try (KisSimulator simulator = start("2026-11-20T23:35:00", Face.LIVE, 0)) {
            RawClient client = client(simulator);
            Set<String> sent = new HashSet<>();
            for (int i = 0; i < 25; i++) {
                sent.add(odno(order(client, "TTTT1002U", "1", "200.00")));
            }
            HttpResponse<String> first = request(client, "TTTS3035R", "inquire-ccnl", ORDERS + "&CTX_AREA_NK200=");
            assertThat(first.headers().firstValue("tr_cont")).contains("M");
            assertThat(json(first).path("output")).hasSize(20);
            String context = text(json(first), "ctx_area_nk200");
            assertThat(context).hasSize(200);
            HttpResponse<String> second = client.get(
                    "/uapi/overseas-stock/v1/trading/inquire-ccnl?CANO=" + CANO + "&ACNT_PRDT_CD=01&" + ORDERS
                            + "&CTX_AREA_NK200=" + context.strip(),
                    Map.of("tr_id", "TTTS3035R", "tr_cont", "N"));
            assertThat(second.headers().firstValue("tr_cont")).contains("E");
            Set<String> listed = new HashSet<>();
            for (HttpResponse<String> page : new HttpResponse[] {first, second}) {
                json(page).path("output").forEach(row -> listed.add(text(row, "odno")));
            }
            assertThat(listed).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T22:31:00,40570000",
        "2026-11-20T23:31:00,40600000",
        "2026-10-30T22:29:00,40570000",
        "2026-10-30T22:31:00,40600000",
        "2026-10-31T05:01:00,40580000",
        "2026-11-26T23:31:00,40100000"
    })
    void paper_opens_at_2330_in_winter_and_at_2230_in_summer(String at, String code) {
        try (KisSimulator simulator = start(at, Face.PAPER, 0)) {
            assertThat(text(json(order(client(simulator), "VTTT1002U", "1", "200.00")), "msg_cd"))
                    .isEqualTo(code);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T09:30:00,TTTT1002U,APBK1664",
        "2026-11-20T10:30:00,TTTT1002U,APBK1664",
        "2026-11-20T10:30:00,TTTS6036U,APBK0013",
        "2026-11-20T18:30:00,TTTS6036U,APBK1664",
        "2026-11-20T18:30:00,TTTT1002U,APBK0013",
        "2026-11-21T06:30:00,TTTT1002U,APBK0013",
        "2026-11-21T23:31:00,TTTT1002U,APBK1664"
    })
    void live_accepts_each_kind_of_order_in_its_sessions(String at, String trId, String code) {
        try (KisSimulator simulator = start(at, Face.LIVE, 0)) {
            assertThat(text(json(order(client(simulator), trId, "1", "200.00")), "msg_cd"))
                    .isEqualTo(code);
        }
    }

    @Test
    void refusals_have_kis_s_codes() {
        try (KisSimulator simulator = start("2026-11-20T23:35:00", Face.LIVE, 0)) {
            RawClient client = client(simulator);
            Map<String, String> expected = new HashMap<>();
            expected.put("0", "APBK0506");
            expected.put("200.005", "APBK0506");
            expected.put("999999", "APBK0952");
            expected.forEach((price, code) -> assertThat(text(json(order(client, "TTTT1002U", "2", price)), "msg_cd"))
                    .as(price)
                    .isEqualTo(code));
            assertThat(order(client, "TTTT1002U", "2", "0").body()).contains("주문단가를 입력 하십시오");
            assertThat(text(json(order(client, "TTTT1006U", "1", "200.00")), "msg_cd"))
                    .isEqualTo("APBK0400");
            assertThat(text(json(revise(client, "TTTT1004U", "0000099999", "02", "0")), "msg_cd"))
                    .isEqualTo("APBK0344");
            // A sale's id of paper by the rule that paper does not follow.
            assertThat(order(client, "VTTT1006U", "1", "200.00").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void an_unknown_symbol_has_a_blank_price_and_a_listed_one_the_price_of_the_market() {
        try (KisSimulator simulator = start("2026-11-20T23:35:00", Face.LIVE, 0)) {
            RawClient client = client(simulator);
            JsonNode unknown = json(quote(client, "HHDFS00000300", "price", "EXCD=NAS&SYMB=NOSUCH"));
            assertThat(text(unknown, "rt_cd")).isEqualTo("0");
            assertThat(text(unknown.path("output"), "last")).isEmpty();
            JsonNode wrongExchange = json(quote(client, "HHDFS00000300", "price", "EXCD=NYS&SYMB=AAPL"));
            assertThat(text(wrongExchange.path("output"), "last")).isEmpty();
            JsonNode apple = json(quote(client, "HHDFS00000300", "price", "EXCD=NAS&SYMB=AAPL"))
                    .path("output");
            assertThat(text(apple, "last")).isEqualTo("309.3500");
            assertThat(text(apple, "base")).isEqualTo("309.3500");
            assertThat(text(apple, "rsym")).isEqualTo("DNASAAPL");
            assertThat(text(apple, "zdiv")).isEqualTo("4");
            assertThat(text(apple, "sign")).isEqualTo("3");
            JsonNode info = json(quote(client, "CTPF1702R", "search-info", "PRDT_TYPE_CD=513&PDNO=KO"))
                    .path("output");
            assertThat(text(info, "prdt_eng_name")).isEqualTo("Coca-Cola Company (The) Common Stock");
            assertThat(text(info, "ovrs_excg_cd")).isEqualTo("NYSE");
            JsonNode ranking = json(client.get(
                    "/uapi/overseas-stock/v1/ranking/market-cap?EXCD=NYS&VOL_RANG=0&KEYB=&AUTH=",
                    Map.of("tr_id", "HHDFS76350100")));
            assertThat(ranking.path("output2")).hasSize(30);
            ranking.path("output2").forEach(row -> assertThat(text(row, "excd")).isEqualTo("NYS"));
        }
    }

    @Test
    void trades_and_books_come_with_the_key_first_and_the_day_market_has_keys_of_its_own() throws Exception {
        try (KisSimulator simulator = start("2026-11-20T12:00:00", Face.LIVE, 100)) {
            RawClient client = client(simulator);
            try (var stream = client.stream()) {
                listen(client, stream, "HDFSCNT0", "DNASAAPL");
                listen(client, stream, "HDFSCNT0", "RBAQAAPL");
                listen(client, stream, "HDFSASP0", "RBAQAAPL");
                String[] trade = stream.await("0|HDFSCNT0|001|RBAQAAPL^")
                        .split("\\|", 4)[3]
                        .split("\\^", -1);
                assertThat(trade).hasSize(26);
                assertThat(trade[1]).isEqualTo("AAPL");
                assertThat(trade[2]).isEqualTo("4");
                assertThat(trade[3]).as("trading date").isEqualTo("20261120");
                assertThat(trade[4]).as("New York's date").isEqualTo("20261119");
                assertThat(trade[5]).as("New York's time").startsWith("22");
                assertThat(trade[6]).isEqualTo("20261120");
                assertThat(trade[7]).startsWith("12");
                assertThat(trade[11]).matches("3[0-9]{2}\\.[0-9]{2}00");
                String[] book = stream.await("0|HDFSASP0|001|RBAQAAPL^")
                        .split("\\|", 4)[3]
                        .split("\\^", -1);
                assertThat(book).hasSize(17);
                assertThat(Double.parseDouble(book[12])).isGreaterThan(Double.parseDouble(book[11]));
                assertThat(stream.all).noneMatch(text -> text.contains("DNASAAPL^"));
            }
        }
    }

    @Test
    void the_daily_chart_is_paged_by_its_date_and_leads_up_to_the_price_of_now() {
        try (KisSimulator simulator = start("2026-11-20T23:35:00", Face.LIVE, 0)) {
            RawClient client = client(simulator);
            List<JsonNode> rows = new ArrayList<>();
            String until = "";
            for (int page = 0; page < 3; page++) {
                JsonNode list = json(quote(
                                client,
                                "HHDFS76240000",
                                "dailyprice",
                                "EXCD=NAS&SYMB=AAPL&GUBN=0&MODP=1&BYMD=" + until))
                        .path("output2");
                assertThat(list).hasSize(100);
                list.forEach(rows::add);
                until = DAY.format(
                        LocalDate.parse(text(rows.getLast(), "xymd"), DAY).minusDays(1));
            }
            assertThat(text(rows.get(0), "xymd")).isEqualTo("20261120");
            assertThat(text(rows.get(0), "clos")).isEqualTo("309.3500");
            assertThat(text(rows.get(1), "xymd")).isEqualTo("20261119");
            assertThat(text(rows.get(1), "clos")).isEqualTo("309.3500");
            JsonNode price = json(quote(client, "HHDFS00000300", "price", "EXCD=NAS&SYMB=AAPL"))
                    .path("output");
            assertThat(text(price, "pvol")).isEqualTo(text(rows.get(1), "tvol"));
            JsonNode detail = json(quote(client, "HHDFS76200200", "price-detail", "EXCD=NAS&SYMB=AAPL"))
                    .path("output");
            assertThat(text(detail, "pvol")).isEqualTo(text(rows.get(1), "tvol"));
            List<JsonNode> year = rows.stream()
                    .filter(row -> text(row, "xymd").compareTo("20251121") >= 0)
                    .toList();
            assertThat(text(detail, "h52p"))
                    .isEqualTo(year.stream()
                            .map(row -> text(row, "high"))
                            .max(Comparator.comparing(BigDecimal::new))
                            .orElseThrow());
            assertThat(text(detail, "l52p"))
                    .isEqualTo(year.stream()
                            .map(row -> text(row, "low"))
                            .min(Comparator.comparing(BigDecimal::new))
                            .orElseThrow());
            for (int i = 0; i + 1 < rows.size(); i++) {
                assertThat(new BigDecimal(text(rows.get(i), "clos"))
                                .subtract(new BigDecimal(text(rows.get(i), "diff"))))
                        .isEqualByComparingTo(text(rows.get(i + 1), "clos"));
                assertThat(text(rows.get(i), "xymd")).isGreaterThan(text(rows.get(i + 1), "xymd"));
            }
            assertThat(rows)
                    .extracting(row -> text(row, "xymd"))
                    .doesNotContain("20260907", "20260703")
                    .contains("20261009");
            JsonNode weeks = json(quote(
                            client, "HHDFS76240000", "dailyprice", "EXCD=NAS&SYMB=AAPL&GUBN=1&MODP=1&BYMD=20261113"))
                    .path("output2");
            assertThat(text(weeks.path(0), "xymd")).isEqualTo("20261109");
        }
    }

    @Test
    void the_minutes_of_a_day_make_up_its_bar_however_they_are_paged() {
        try (KisSimulator simulator = start("2026-11-20T23:35:00", Face.LIVE, 0)) {
            RawClient client = client(simulator);
            JsonNode day = json(quote(
                            client, "HHDFS76240000", "dailyprice", "EXCD=NAS&SYMB=AAPL&GUBN=0&MODP=1&BYMD=20261119"))
                    .path("output2")
                    .path(0);
            List<JsonNode> rows = new ArrayList<>();
            String from = "NEXT=&KEYB=";
            while (rows.stream().allMatch(row -> text(row, "tymd").equals("20261119"))) {
                JsonNode answer = json(quote(
                        client,
                        "HHDFS76950200",
                        "inquire-time-itemchartprice",
                        "EXCD=NAS&SYMB=AAPL&NMIN=1&PINC=1&NREC=120&FILL=&" + from));
                assertThat(text(answer.path("output1"), "sktm")).isEqualTo("233000");
                assertThat(answer.path("output2")).hasSize(120);
                answer.path("output2").forEach(rows::add);
                LocalDateTime last =
                        LocalDateTime.parse(text(rows.getLast(), "xymd") + text(rows.getLast(), "xhms"), SECOND);
                from = "NEXT=1&KEYB=" + SECOND.format(last.minusMinutes(1));
            }
            rows.removeIf(row -> !text(row, "tymd").equals("20261119"));
            assertThat(rows).extracting(row -> text(row, "xhms")).doesNotHaveDuplicates();
            assertThat(text(rows.getFirst(), "xhms")).isEqualTo("155900");
            assertThat(text(rows.getFirst(), "kymd") + text(rows.getFirst(), "khms"))
                    .isEqualTo("20261120055900");
            assertThat(text(rows.getFirst(), "last")).isEqualTo(text(day, "clos"));
            assertThat(text(rows.getLast(), "open")).isEqualTo(text(day, "open"));
            assertThat(rows.stream()
                            .mapToLong(row -> Long.parseLong(text(row, "evol")))
                            .sum())
                    .isEqualTo(Long.parseLong(text(day, "tvol")));
        }
    }

    @Test
    void answered_orders_survive_a_killed_process() throws Exception {
        Path torn = folder.resolve("torn");
        Files.createDirectories(torn);
        String orders;
        String balance;
        String open;
        RawClient client;
        String balanceQuery = "OVRS_EXCG_CD=NASD&TR_CRCY_CD=USD&CTX_AREA_FK200=&CTX_AREA_NK200=";
        try (KisSimulator simulator = start("2026-11-20T23:35:00", Face.LIVE, 0.001)) {
            client = client(simulator);
            odno(order(client, "TTTT1002U", "3", "310.00"));
            open = odno(order(client, "TTTT1002U", "2", "200.00"));
            orders = request(client, "TTTS3035R", "inquire-ccnl", ORDERS + "&CTX_AREA_NK200=")
                    .body();
            balance = request(client, "TTTS3012R", "inquire-balance", balanceQuery)
                    .body();
            for (String name : new String[] {"us.db", "us.db-wal"}) {
                Files.copy(folder.resolve(name), torn.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        for (String name : new String[] {"us.db", "us.db-wal"}) {
            Files.copy(torn.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.deleteIfExists(folder.resolve("us.db-shm"));
        try (KisSimulator simulator = start("2026-11-20T23:40:00", Face.LIVE, 0.001)) {
            RawClient restarted = new RawClient(simulator, client.key).login();
            assertThat(request(restarted, "TTTS3035R", "inquire-ccnl", ORDERS + "&CTX_AREA_NK200=")
                            .body())
                    .isEqualTo(orders);
            assertThat(request(restarted, "TTTS3012R", "inquire-balance", balanceQuery)
                            .body())
                    .isEqualTo(balance);
            odno(revise(restarted, "TTTT1004U", open, "02", "0"));
        }
    }
}
