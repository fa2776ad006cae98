package kr.kisgateway.acceptance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.simulation.history.HistoryChecker.Booked;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An account at the broker itself, under an app key of its own and with nothing of ours in between: what its orders are, and
 * what somebody does with HTS or a telephone.
 */
final class BrokerBook implements AutoCloseable {
    private static final String KEY = "acceptance-test-key-0123456789";
    private static final String SECRET = "s".repeat(180);
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final String account;
    private final String token;

    BrokerBook(String base, String account) {
        this.base = base;
        this.account = account;
        this.token = send(HttpRequest.newBuilder(URI.create(base + "/oauth2/tokenP"))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"grant_type\":\"client_credentials\",\"appkey\":\""
                                + KEY + "\",\"appsecret\":\"" + SECRET + "\"}")))
                .body
                .path("access_token")
                .asString();
    }

    /** Every order of the account, oldest first; cancels are not orders. */
    List<Booked> orders() {
        var rows = new TreeMap<Long, Booked>();
        var next = "";
        for (var more = true; more; ) {
            var page = page(next);
            page.body.path("output1").forEach(row -> booked(row, rows));
            more = page.trCont.equals("F") || page.trCont.equals("M");
            next = page.body.path("ctx_area_nk100").asString("").strip();
        }
        return List.copyOf(rows.values());
    }

    /** Every row of the account's list, oldest first: orders, modifies and cancels as the broker prints them. */
    List<JsonNode> rows() {
        var rows = new TreeMap<Long, JsonNode>();
        var next = "";
        for (var more = true; more; ) {
            var page = page(next);
            page.body
                    .path("output1")
                    .forEach(row -> rows.put(Long.parseLong(row.path("odno").asString()), row));
            more = page.trCont.equals("F") || page.trCont.equals("M");
            next = page.body.path("ctx_area_nk100").asString("").strip();
        }
        return List.copyOf(rows.values());
    }

    /** Places an order past the gateway and gives its number; without a price it is a market order. */
    long place(String symbol, String side, long qty, Optional<Long> price) {
        var body = "{\"CANO\":\"" + account + "\",\"ACNT_PRDT_CD\":\"01\",\"PDNO\":\"" + symbol
                + "\",\"ORD_DVSN\":\"" + (price.isPresent() ? "00" : "01") + "\",\"ORD_QTY\":\"" + qty
                + "\",\"ORD_UNPR\":\"" + price.orElse(0L) + "\",\"EXCG_ID_DVSN_CD\":\"KRX\"}";
        var answer = send(signed("order-cash", side.equals("BUY") ? "TTTC0012U" : "TTTC0011U")
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .body;
        if (!answer.path("rt_cd").asString().equals("0")) throw new AssertionError("the broker said " + answer);
        return Long.parseLong(answer.path("output").path("ODNO").asString());
    }

    private HttpRequest.Builder signed(String call, String trId) {
        return HttpRequest.newBuilder(URI.create(base + "/uapi/domestic-stock/v1/trading/" + call))
                .header("authorization", "Bearer " + token)
                .header("appkey", KEY)
                .header("appsecret", SECRET)
                .header("tr_id", trId)
                .header("custtype", "P");
    }

    private static void booked(JsonNode row, TreeMap<Long, Booked> rows) {
        if (!row.path("orgn_odno").asString("").strip().replace("0", "").isEmpty()) return; // a cancel
        long number = Long.parseLong(row.path("odno").asString());
        rows.put(
                number,
                new Booked(
                        number,
                        new Print(
                                row.path("pdno").asString(),
                                row.path("sll_buy_dvsn_cd").asString().equals("01") ? "SELL" : "BUY",
                                whole(row, "ord_qty"),
                                row.path("ord_dvsn_cd").asString().equals("01") ? 0 : whole(row, "ord_unpr")),
                        LocalDateTime.parse(
                                        row.path("ord_dt").asString()
                                                + row.path("ord_tmd").asString(),
                                        STAMP)
                                .atZone(SEOUL)
                                .toInstant(),
                        whole(row, "tot_ccld_qty"),
                        whole(row, "cnc_cfrm_qty") + whole(row, "rjct_qty")));
    }

    private static long whole(JsonNode row, String name) {
        return Long.parseLong(row.path(name).asString());
    }

    private Page page(String next) {
        var query = "?CANO=" + account + "&ACNT_PRDT_CD=01&INQR_STRT_DT=00000101&INQR_END_DT=29991231"
                + "&SLL_BUY_DVSN_CD=00&CCLD_DVSN=00&INQR_DVSN=01&INQR_DVSN_3=00&EXCG_ID_DVSN_CD=ALL&PDNO=&ORD_GNO_BRNO="
                + "&ODNO=&INQR_DVSN_1=&CTX_AREA_FK100=&CTX_AREA_NK100=" + next.replace("^", "%5E");
        return send(signed("inquire-daily-ccld" + query, "TTTC0081R")
                .header("tr_cont", next.isEmpty() ? "" : "N")
                .GET());
    }

    private record Page(JsonNode body, String trCont) {}

    private Page send(HttpRequest.Builder request) {
        try {
            var answer =
                    http.send(request.header("content-type", "application/json").build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError("the broker answered " + answer.statusCode() + " " + answer.body());
            }
            return new Page(
                    JSON.readTree(answer.body()),
                    answer.headers().firstValue("tr_cont").orElse(""));
        } catch (IOException e) {
            throw new AssertionError("the broker does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
