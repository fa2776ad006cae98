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
import java.util.TreeMap;
import kr.kisgateway.simulation.history.HistoryChecker.Booked;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads an account's orders from the broker itself, under an app key of its own and with nothing of ours in between. */
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
        return send(
                HttpRequest.newBuilder(URI.create(base + "/uapi/domestic-stock/v1/trading/inquire-daily-ccld" + query))
                        .header("authorization", "Bearer " + token)
                        .header("appkey", KEY)
                        .header("appsecret", SECRET)
                        .header("tr_id", "TTTC0081R")
                        .header("tr_cont", next.isEmpty() ? "" : "N")
                        .header("custtype", "P")
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
