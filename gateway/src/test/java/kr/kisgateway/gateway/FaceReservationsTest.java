package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Reserved orders (예약주문) as programs written for KIS send them: scheduled by the gateway for the next opening auction. */
@Tag("slow")
class FaceReservationsTest {
    private static final String TRADING = "/uapi/domestic-stock/v1/trading/";
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private GatewayFixture gateway;
    private FaceClient face;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(folder, Map.of("SIMULATOR_RATE_LIMIT", "5000", "SIMULATOR_CLOCK", "open-fixed"));
        gateway.awaitReady();
        face = newClient("night");
    }

    @AfterEach
    void stop() {
        gateway.close();
        http.close();
    }

    private FaceClient newClient(String name, String... options) {
        var client = FaceClient.withNewKey(
                http,
                folder,
                URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow()),
                name,
                Stream.concat(Stream.of("--role", "trade"), Stream.of(options)).toArray(String[]::new));
        Await.until("the gateway knows the key", () -> client.login().statusCode() == 200);
        return client;
    }

    private static Map<String, String> order(FaceClient client, String side, long qty, long price, String... more) {
        Map<String, String> body = new LinkedHashMap<>(client.account());
        body.putAll(Map.of(
                "PDNO",
                "005930",
                "ORD_QTY",
                Long.toString(qty),
                "ORD_UNPR",
                Long.toString(price),
                "SLL_BUY_DVSN_CD",
                side,
                "ORD_DVSN_CD",
                price == 0 ? "01" : "00",
                "ORD_OBJT_CBLC_DVSN_CD",
                "10"));
        for (int i = 0; i < more.length; i += 2) {
            body.put(more[i], more[i + 1]);
        }
        return body;
    }

    private HttpResponse<String> reserve(FaceClient client, Map<String, String> body) {
        return client.post(TRADING + "order-resv", client.headers("CTSC0008U"), body);
    }

    /** The number of a new reservation. */
    private String reserved(Map<String, String> body) {
        var answer = reserve(face, body);
        JsonNode tree = FaceClient.tree(answer);
        assertThat(tree.path("rt_cd").asString()).as(answer.body()).isEqualTo("0");
        String seq = tree.path("output").path("RSVN_ORD_SEQ").asString();
        assertThat(seq).matches("[1-9][0-9]*");
        return seq;
    }

    private List<JsonNode> list(FaceClient client, String... more) {
        LocalDate today = LocalDate.now(SEOUL);
        Map<String, String> query = new LinkedHashMap<>(client.account());
        query.putAll(Map.of(
                "RSVN_ORD_ORD_DT", DAY.format(today),
                "RSVN_ORD_END_DT", DAY.format(today.plusDays(5)),
                "TMNL_MDIA_KIND_CD", "00",
                "PRCS_DVSN_CD", "0",
                "CNCL_YN", "N"));
        for (int i = 0; i < more.length; i += 2) {
            query.put(more[i], more[i + 1]);
        }
        var answer = client.get(TRADING + "order-resv-ccnl", client.headers("CTSC0004R"), query);
        JsonNode tree = FaceClient.tree(answer);
        assertThat(tree.path("rt_cd").asString()).as(answer.body()).isEqualTo("0");
        return tree.path("output").valueStream().toList();
    }

    private HttpResponse<String> revise(String trId, String seq, Map<String, String> order) {
        Map<String, String> body = new LinkedHashMap<>(order);
        body.putAll(Map.of(
                "RSVN_ORD_SEQ",
                seq,
                "RSVN_ORD_ORGNO",
                "001",
                "RSVN_ORD_ORD_DT",
                list(face, "RSVN_ORD_SEQ", seq)
                        .getFirst()
                        .path("rsvn_ord_ord_dt")
                        .asString()));
        return face.post(TRADING + "order-resv-rvsecncl", face.headers(trId), body);
    }

    private long low() {
        gateway.json("/v1/quotes/005930"); // with it the limits of the day become known
        return gateway.json("/v1/instruments/005930").path("lower_limit").asLong();
    }

    /** Until the half hour of the next opening has begun. */
    private void sleepUntilOpening() {
        Instant at = OffsetDateTime.parse(
                        gateway.json("/v1/parents").at("/parents/0/at").asString())
                .toInstant();
        gateway.jump(Duration.between(Instant.now(), at).plusSeconds(1));
    }

    @Test
    void a_reserved_order_is_at_the_broker_when_the_opening_auction_begins_and_not_before() {
        String seq = reserved(order(face, "02", 3, 0));
        JsonNode waiting = list(face).getFirst();
        assertThat(waiting.path("prcs_rslt").asString()).isEqualTo("미처리");
        assertThat(waiting.path("odno").asString()).isEmpty();
        assertThat(waiting.path("kor_item_shtn_name").asString()).isEqualTo("삼성전자");
        assertThat(FaceClient.tree(face.orders(DAY.format(LocalDate.now(SEOUL))))
                        .path("output1"))
                .isEmpty();
        OffsetDateTime at = OffsetDateTime.parse(
                gateway.json("/v1/parents").at("/parents/0/at").asString());
        assertThat(at.atZoneSameInstant(SEOUL).toLocalTime()).isEqualTo(LocalTime.of(8, 30));

        sleepUntilOpening();

        Await.until(
                "the reserved order is filled",
                () -> list(face, "RSVN_ORD_SEQ", seq)
                        .getFirst()
                        .path("tot_ccld_qty")
                        .asString()
                        .equals("3"));
        JsonNode done = list(face).getFirst();
        assertThat(done.path("prcs_rslt").asString()).isEqualTo("처리");
        JsonNode own = gateway.json("/v1/orders").at("/orders/0");
        assertThat(own.path("kis_order_no").asString())
                .isEqualTo(done.path("odno").asString());
        assertThat(own.path("by").asString()).isEqualTo("night");
        assertThat(FaceClient.tree(revise("CTSC0009U", seq, face.account()))
                        .path("msg_cd")
                        .asString())
                .isEqualTo("APBK0344");
    }

    @Test
    void the_list_of_reserved_orders_is_answered_by_the_gateway() {
        reserved(order(face, "02", 1, low()));
        assertThat(list(face)).hasSize(1);

        var recent = gateway.tree(gateway.operate("GET", "/v1/face/clients/night", ""))
                .path("recent");

        assertThat(recent.path(0).path("call").asString()).isEqualTo("order-resv-ccnl");
        assertThat(recent.path(0).path("source").asString()).isEqualTo("gateway");
    }

    @Test
    void a_reserved_order_is_changed_and_cancelled() {
        long low = low();
        String seq = reserved(order(face, "02", 3, low));

        var changed = revise("CTSC0013U", seq, order(face, "02", 5, low + 100));
        assertThat(FaceClient.tree(changed).at("/output/nrml_prcs_yn").asString())
                .as(changed.body())
                .isEqualTo("Y");
        JsonNode row = list(face).getFirst();
        assertThat(row.path("ord_rsvn_qty").asString()).isEqualTo("5");
        assertThat(row.path("ord_rsvn_unpr").asString()).isEqualTo(Long.toString(low + 100));
        assertThat(FaceClient.tree(revise("CTSC0013U", seq, order(face, "01", 5, low)))
                        .path("msg_cd")
                        .asString())
                .as("a purchase never becomes a sale")
                .isEqualTo("APBK0344");

        var cancelled = revise("CTSC0009U", seq, face.account());
        assertThat(FaceClient.tree(cancelled).at("/output/nrml_prcs_yn").asString())
                .as(cancelled.body())
                .isEqualTo("Y");
        assertThat(list(face).getFirst().path("prcs_rslt").asString()).isEqualTo("취소");
        assertThat(list(face, "CNCL_YN", "Y")).as("valid ones").isEmpty();
        assertThat(list(face, "PRCS_DVSN_CD", "2")).as("not processed").isEmpty();
        assertThat(list(face, "PRCS_DVSN_CD", "1")).as("processed").hasSize(1);
        sleepUntilOpening();
        Await.until(
                "its time has come",
                () -> gateway.json("/v1/parents?status=open").path("parents").isEmpty());
        assertThat(gateway.json("/v1/orders").path("orders")).isEmpty();
    }

    @Test
    void a_reservation_is_for_the_next_opening_over_nights_weekends_holidays_and_late_openings() {
        gateway.close();
        Duration ahead = Duration.between(Instant.now(), MarketDay.instant("2026-11-27T17:59"));
        gateway = GatewayFixture.start(
                folder.resolve("real"), ahead, Map.of("SIMULATOR_RATE_LIMIT", "5000"), "--simulator-clock=real");
        face = FaceClient.withNewKey(
                http,
                folder.resolve("real"),
                URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow()),
                "night",
                "--role",
                "trade");
        Map<String, String> openings = new LinkedHashMap<>();
        openings.put("2026-11-27T18:00", "2026-11-30T08:30"); // over a weekend
        openings.put("2026-11-30T08:29", "2026-11-30T08:30");
        openings.put("2026-11-30T08:31", "2026-12-01T08:30"); // today's auction has begun
        openings.put("2026-12-24T16:00", "2026-12-28T08:30"); // over Christmas
        openings.put("2026-12-30T16:00", "2027-01-04T09:30"); // the first day of a year opens an hour later
        var seen = new LinkedHashMap<String, String>();
        for (var from : openings.keySet()) {
            Duration more = Duration.between(Instant.now().plus(ahead), MarketDay.instant(from));
            gateway.jump(more);
            ahead = ahead.plus(more);
            Await.until("the gateway knows the key", () -> face.login().statusCode() == 200);
            reserved(order(face, "02", 1, 0));
            seen.put(
                    from,
                    OffsetDateTime.parse(gateway.json("/v1/parents")
                                    .at("/parents/0/at")
                                    .asString())
                            .atZoneSameInstant(SEOUL)
                            .toLocalDateTime()
                            .toString());
        }
        assertThat(seen).isEqualTo(openings);
    }

    @Test
    void a_key_sees_and_changes_only_its_own_reserved_orders() {
        String seq = reserved(order(face, "02", 1, 0));
        var other = newClient("stranger");

        assertThat(list(other)).isEmpty();
        Map<String, String> body = new LinkedHashMap<>(other.account());
        body.putAll(Map.of(
                "RSVN_ORD_SEQ",
                seq,
                "RSVN_ORD_ORGNO",
                "001",
                "RSVN_ORD_ORD_DT",
                list(face).getFirst().path("rsvn_ord_ord_dt").asString()));
        var answer = other.post(TRADING + "order-resv-rvsecncl", other.headers("CTSC0009U"), body);
        assertThat(FaceClient.tree(answer).path("msg_cd").asString()).isEqualTo("APBK0344");
        assertThat(list(face).getFirst().path("prcs_rslt").asString()).isEqualTo("미처리");
    }

    @Test
    void a_change_here_moves_no_order_that_is_scheduled_for_another_day() {
        String seq = reserved(order(face, "02", 3, low()));
        String parent = gateway.json("/v1/parents").at("/parents/0/parent_id").asString();
        var first = OffsetDateTime.parse(
                gateway.json("/v1/parents/" + parent).path("at").asString());
        HttpResponse<String> moved;
        int days = 0;
        do {
            moved = gateway.send(
                    "POST",
                    "/v1/parents/" + parent + "/modify",
                    "{\"at\":\"" + first.plusDays(++days).withHour(10) + "\"}");
        } while (moved.statusCode() != 200 && days < 10);
        assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
        var before = gateway.json("/v1/parents/" + parent);

        Map<String, String> revision = order(face, "02", 5, low());
        revision.putAll(Map.of(
                "RSVN_ORD_SEQ",
                seq,
                "RSVN_ORD_ORGNO",
                "001",
                "RSVN_ORD_ORD_DT",
                DAY.format(first.plusDays(days).atZoneSameInstant(SEOUL).toLocalDate())));
        var answer = face.post(TRADING + "order-resv-rvsecncl", face.headers("CTSC0013U"), revision);

        assertThat(FaceClient.tree(answer).path("msg_cd").asString())
                .as(answer.body())
                .isEqualTo("IGW00007");
        assertThat(FaceClient.tree(answer).path("msg1").asString()).contains("/v1/parents");
        assertThat(gateway.json("/v1/parents/" + parent)).isEqualTo(before);
    }

    @Test
    void a_parent_order_of_another_kind_is_no_reservation() {
        face = newClient("manager", "--sees", "account");
        long low = low();
        String seq = reserved(order(face, "02", 1, low));
        var created = gateway.send(
                "POST",
                "/v1/parents",
                "{\"kind\":\"CONDITIONAL\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":3},"
                        + "\"when\":{\"direction\":\"AT_OR_BELOW\",\"price\":" + low + "}}",
                "Idempotency-Key",
                "k1");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        JsonNode conditional = gateway.json("/v1/parents").at("/parents/0");
        assertThat(conditional.path("kind").asString()).isEqualTo("CONDITIONAL");

        assertThat(list(face))
                .extracting(row -> row.path("rsvn_ord_seq").asString())
                .containsExactly(seq);
        Map<String, String> revision = order(face, "02", 9, low);
        revision.putAll(Map.of(
                "RSVN_ORD_SEQ", Long.toString(Long.parseLong(seq) + 1),
                "RSVN_ORD_ORGNO", "001",
                "RSVN_ORD_ORD_DT", DAY.format(LocalDate.now(SEOUL))));
        for (String trId : List.of("CTSC0013U", "CTSC0009U")) {
            var answer = face.post(TRADING + "order-resv-rvsecncl", face.headers(trId), revision);
            assertThat(FaceClient.tree(answer).path("msg1").asString())
                    .as(answer.body())
                    .contains("원주문정보가 존재하지 않습니다");
        }
        assertThat(gateway.json("/v1/parents/" + conditional.path("parent_id").asString()))
                .isEqualTo(conditional);
    }

    @Test
    void every_reserved_order_is_listed_over_pages_and_the_oldest_is_cancelled() {
        String oldest = reserved(order(face, "02", 1, 0));
        for (int i = 0; i < 104; i++) {
            reserved(order(face, "02", 1, 0));
        }
        LocalDate today = LocalDate.now(SEOUL);
        Map<String, String> query = new LinkedHashMap<>(face.account());
        query.putAll(Map.of(
                "RSVN_ORD_ORD_DT", DAY.format(today),
                "RSVN_ORD_END_DT", DAY.format(today.plusDays(5)),
                "TMNL_MDIA_KIND_CD", "00",
                "PRCS_DVSN_CD", "0",
                "CNCL_YN", "N"));
        var first = face.get(TRADING + "order-resv-ccnl", face.headers("CTSC0004R"), query);
        JsonNode firstPage = FaceClient.tree(first);
        assertThat(first.headers().firstValue("tr_cont")).contains("M");
        assertThat(firstPage.path("msg_cd").asString()).isEqualTo("KIOK0500");
        assertThat(firstPage.path("output")).hasSize(100);
        String key = firstPage.path("ctx_area_nk200").asString();
        assertThat(key).hasSize(200).doesNotContain("par_");

        Map<String, String> headers = new LinkedHashMap<>(face.headers("CTSC0004R"));
        headers.put("tr_cont", "N");
        query.put("CTX_AREA_NK200", key);
        var last = face.get(TRADING + "order-resv-ccnl", headers, query);
        assertThat(last.headers().firstValue("tr_cont")).contains("D");
        assertThat(FaceClient.tree(last).path("output").valueStream())
                .as(last.body())
                .hasSize(5)
                .last()
                .matches(row -> row.path("rsvn_ord_seq").asString().equals(oldest));
        query.put("CTX_AREA_NK200", "1".repeat(200));
        assertThat(FaceClient.tree(face.get(TRADING + "order-resv-ccnl", headers, query))
                        .path("msg_cd")
                        .asString())
                .isEqualTo("OPSQ2002");

        Map<String, String> cancel = new LinkedHashMap<>(face.account());
        cancel.putAll(Map.of("RSVN_ORD_SEQ", oldest, "RSVN_ORD_ORGNO", "001", "RSVN_ORD_ORD_DT", DAY.format(today)));
        assertThat(FaceClient.tree(face.post(TRADING + "order-resv-rvsecncl", face.headers("CTSC0009U"), cancel))
                        .path("rt_cd")
                        .asString())
                .isEqualTo("0");
    }

    private static Map<String, String> usOrder(FaceClient client, long qty, String price, String... more) {
        Map<String, String> body = new LinkedHashMap<>(client.account());
        body.putAll(Map.of(
                "PDNO", "AAPL",
                "OVRS_EXCG_CD", "NASD",
                "FT_ORD_QTY", Long.toString(qty),
                "FT_ORD_UNPR3", price,
                "ORD_DVSN", "00"));
        for (int i = 0; i < more.length; i += 2) {
            body.put(more[i], more[i + 1]);
        }
        return body;
    }

    private HttpResponse<String> reserveUs(String trId, Map<String, String> body) {
        return face.post("/uapi/overseas-stock/v1/trading/order-resv", face.headers(trId), body);
    }

    private List<JsonNode> usList(String state) {
        LocalDate today = LocalDate.now(SEOUL);
        Map<String, String> query = new LinkedHashMap<>(face.account());
        query.putAll(Map.of(
                "INQR_STRT_DT",
                DAY.format(today.minusDays(1)),
                "INQR_END_DT",
                DAY.format(today.plusDays(3)),
                "INQR_DVSN_CD",
                state,
                "OVRS_EXCG_CD",
                "NASD"));
        var answer = face.get("/uapi/overseas-stock/v1/trading/order-resv-list", face.headers("TTTT3039R"), query);
        JsonNode tree = FaceClient.tree(answer);
        assertThat(tree.path("rt_cd").asString()).as(answer.body()).isEqualTo("0");
        return tree.path("output").valueStream().toList();
    }

    @Test
    void a_reserved_order_of_a_us_stock_is_placed_when_new_york_opens() {
        JsonNode quote = gateway.json("/v1/quotes/AAPL.NASD");
        String price = quote.path("price")
                .decimalValue()
                .multiply(new BigDecimal("1.3")) // the price moves on for up to a day before New York opens
                .setScale(2, RoundingMode.HALF_EVEN)
                .toPlainString();
        var kept = FaceClient.tree(reserveUs("TTTT3014U", usOrder(face, 2, price)));
        var dropped = FaceClient.tree(reserveUs("TTTT3014U", usOrder(face, 5, "1.00", "ORD_DVSN", "")));
        assertThat(kept.path("rt_cd").asString()).as(kept.toString()).isEqualTo("0");
        assertThat(dropped.path("rt_cd").asString()).as(dropped.toString()).isEqualTo("0");
        assertThat(usList("01")).hasSize(2);
        assertThat(list(face)).as("reservations of Korean stocks").isEmpty();

        Map<String, String> cancel = new LinkedHashMap<>(face.account());
        cancel.put("OVRS_RSVN_ODNO", dropped.at("/output/ODNO").asString());
        cancel.put("RSVN_ORD_RCIT_DT", dropped.at("/output/RSVN_ORD_RCIT_DT").asString());
        var cancelled = face.post("/uapi/overseas-stock/v1/trading/order-resv-ccnl", face.headers("TTTT3017U"), cancel);
        assertThat(FaceClient.tree(cancelled).path("rt_cd").asString())
                .as(cancelled.body())
                .isEqualTo("0");
        OffsetDateTime at = OffsetDateTime.parse(
                gateway.json("/v1/parents").at("/parents/1/at").asString());
        assertThat(at.atZoneSameInstant(ZoneId.of("America/New_York")).toLocalTime())
                .isEqualTo(LocalTime.of(9, 30));

        gateway.jump(Duration.between(Instant.now(), at.toInstant()).plusSeconds(1));

        Await.until(
                "the order is filled",
                () -> usList("02").stream()
                        .anyMatch(row -> row.path("ft_ccld_qty").asString().equals("2")));
        assertThat(usList("02")).singleElement().satisfies(row -> {
            assertThat(row.path("pdno").asString()).isEqualTo("AAPL");
            assertThat(row.path("odno").asString()).matches("[0-9]{10}");
        });
        assertThat(gateway.json("/v1/orders").path("orders")).hasSize(1);
        assertThat(FaceClient.tree(reserveUs("TTTT3014U", usOrder(face, 1, "1.00", "OVRS_EXCG_CD", "SEHK")))
                        .path("msg_cd")
                        .asString())
                .isEqualTo("IGW00007");
        assertThat(FaceClient.tree(reserveUs("TTTS3013U", usOrder(face, 1, "1.00")))
                        .path("msg_cd")
                        .asString())
                .as("of an Asian country")
                .isEqualTo("IGW00007");
        assertThat(FaceClient.tree(reserveUs("TTTT3016U", usOrder(face, 1, "1.00", "ORD_DVSN", "34")))
                        .path("msg_cd")
                        .asString())
                .isEqualTo("IGW00007");
        assertThat(FaceClient.tree(reserveUs("TTTT3014U", usOrder(face, 0, "1.00")))
                        .path("msg1")
                        .asString())
                .contains("FT_ORD_QTY");
    }

    @Test
    void what_cannot_be_reserved_is_refused_in_kiss_form() {
        long low = low();
        Map<String, Map<String, String>> refused = Map.of(
                "IGW00007 period", order(face, "02", 1, low, "RSVN_ORD_END_DT", "20261130"),
                "IGW00007 credit", order(face, "02", 1, low, "ORD_OBJT_CBLC_DVSN_CD", "21"),
                "APBK0506 division", order(face, "02", 1, low, "ORD_DVSN_CD", "11"),
                "APBK0506 priced market", order(face, "02", 1, low, "ORD_DVSN_CD", "01"),
                "APBK0506 without a price", order(face, "02", 1, 0, "ORD_DVSN_CD", "00"),
                "APBK0506 tick", order(face, "02", 1, low + 1),
                "APBK0656 symbol", order(face, "02", 1, 0, "PDNO", "ZZZZZZ"),
                "OPSQ2002 side", order(face, "3", 1, 0),
                "OPSQ2002 qty", order(face, "02", 0, 0));
        refused.forEach((code, body) -> {
            var answer = reserve(face, body);
            assertThat(FaceClient.tree(answer).path("msg_cd").asString())
                    .as(code + answer.body())
                    .isEqualTo(code.substring(0, 8));
        });
        assertThat(list(face)).isEmpty();
    }
}
