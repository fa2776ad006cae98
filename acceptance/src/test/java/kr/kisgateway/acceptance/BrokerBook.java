package kr.kisgateway.acceptance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import kr.kisgateway.simulation.history.CrashRoundChecks.Revisions;
import kr.kisgateway.simulation.history.DayTrace.AccountTotals;
import kr.kisgateway.simulation.history.DayTrace.Chain;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An account at the broker itself, through an app key of its own without the gateway: the state of its orders, and what a
 * person trades there with HTS or a telephone.
 */
final class BrokerBook implements AutoCloseable {
    static final String KEY = "acceptance-test-key-0123456789";
    private static final String SECRET = "s".repeat(180);
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final String DAILY_ORDERS = "&INQR_STRT_DT=00000101&INQR_END_DT=29991231&SLL_BUY_DVSN_CD=00"
            + "&CCLD_DVSN=00&INQR_DVSN=01&INQR_DVSN_3=00&EXCG_ID_DVSN_CD=ALL&PDNO=&ORD_GNO_BRNO=&ODNO=&INQR_DVSN_1=";
    private static final String BALANCE = "&AFHR_FLPR_YN=N&OFL_YN=&INQR_DVSN=02&UNPR_DVSN=01&FUND_STTL_ICLD_YN=N"
            + "&FNCG_AMT_AUTO_RDPT_YN=N&PRCS_DVSN=00";
    /** Too many calls within a second, of the app key and to the ledger. */
    private static final List<String> TOO_MANY = List.of("\"EGW00201\"", "\"EGW00215\"");

    private static final int ATTEMPTS = 30;
    private static final Duration BROKER_SECOND = Duration.ofMillis(1_100);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http;
    private final String base;
    private final String account;
    private final String token;

    BrokerBook(String base, String account) {
        this.http = HttpClient.newHttpClient();
        this.base = base;
        this.account = account;
        this.token = send(HttpRequest.newBuilder(URI.create(base + "/oauth2/tokenP"))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"grant_type\":\"client_credentials\",\"appkey\":\""
                                + KEY + "\",\"appsecret\":\"" + SECRET + "\"}")))
                .body
                .path("access_token")
                .asString();
    }

    private BrokerBook(BrokerBook origin, String account) {
        this.http = origin.http;
        this.base = origin.base;
        this.account = account;
        this.token = origin.token;
    }

    /** That of another account, with the same app key; usable until this one is closed. */
    BrokerBook of(String other) {
        return new BrokerBook(this, other);
    }

    /**
     * The account's orders at one moment.
     *
     * @param orders as they were placed, oldest first; modifies and cancels are folded into them
     * @param chains the present state of each of them
     * @param revisions how often each was modified or cancelled, including those that the exchange refused
     * @param firsts the first number of the order that a number belongs to
     */
    record Book(List<BookedOrder> orders, List<Chain> chains, List<Revisions> revisions, Map<Long, Long> firsts) {}

    /** Reads all pages. While orders trade, the pages may be of different moments. */
    Book read() {
        var chained = new LinkedHashMap<Long, Chained>();
        var byNumber = new HashMap<Long, Chained>();
        for (var row : rows("inquire-daily-ccld", "TTTC0081R", DAILY_ORDERS)) {
            long original = longField(row, "orgn_odno");
            long number = longField(row, "odno");
            var chain = original == 0 ? chained.computeIfAbsent(number, n -> new Chained(row)) : byNumber.get(original);
            if (chain == null) throw new AssertionError("a revision of nothing: " + row);
            byNumber.put(number, chain);
            chain.add(row);
        }
        var firsts = new HashMap<Long, Long>();
        byNumber.forEach((number, chain) -> firsts.put(number, chain.number()));
        return new Book(
                chained.values().stream().map(Chained::booked).toList(),
                chained.values().stream().map(Chained::chain).toList(),
                chained.values().stream().map(Chained::revisions).toList(),
                firsts);
    }

    /** Every row of the account's list, oldest first: orders, modifies and cancels as the broker prints them. */
    List<JsonNode> rows() {
        var rows = new TreeMap<Long, JsonNode>();
        rows("inquire-daily-ccld", "TTTC0081R", DAILY_ORDERS).forEach(row -> rows.put(longField(row, "odno"), row));
        return List.copyOf(rows.values());
    }

    /** Places an order that bypasses the gateway and returns its number; without a price it is a market order. */
    long place(String symbol, String side, long qty, Optional<Long> price) {
        var body = "{\"CANO\":\"" + account + "\",\"ACNT_PRDT_CD\":\"01\",\"PDNO\":\"" + symbol
                + "\",\"ORD_DVSN\":\"" + (price.isPresent() ? "00" : "01") + "\",\"ORD_QTY\":\"" + qty
                + "\",\"ORD_UNPR\":\"" + price.orElse(0L) + "\",\"EXCG_ID_DVSN_CD\":\"KRX\"}";
        var answer = send(signed("order-cash", side.equals("BUY") ? "TTTC0012U" : "TTTC0011U")
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .body;
        if (!answer.path("rt_cd").asString().equals("0")) throw new AssertionError("the broker answered " + answer);
        return Long.parseLong(answer.path("output").path("ODNO").asString());
    }

    private HttpRequest.Builder signed(String call, String transaction) {
        return HttpRequest.newBuilder(URI.create(base + "/uapi/domestic-stock/v1/trading/" + call))
                .header("authorization", "Bearer " + token)
                .header("appkey", KEY)
                .header("appsecret", SECRET)
                .header("tr_id", transaction)
                .header("custtype", "P");
    }

    /** An order with everything that replaced or reduced it. */
    private static final class Chained {
        private final JsonNode first;
        private long filled;
        private long rest;
        private long price;
        private int inForce;
        private int modifications;
        private int cancels;

        Chained(JsonNode first) {
            this.first = first;
        }

        long number() {
            return longField(first, "odno");
        }

        void add(JsonNode row) {
            if (row.path("sll_buy_dvsn_cd_name").asString().contains("취소")) {
                cancels++;
                return;
            }
            long qty = longField(row, "ord_qty");
            long refused = longField(row, "rjct_qty");
            filled += longField(row, "tot_ccld_qty");
            rest += qty - longField(row, "tot_ccld_qty") - longField(row, "cnc_cfrm_qty") - refused;
            boolean original = row == first;
            modifications += original ? 0 : 1;
            if (original || refused < qty) {
                price = price(row);
                inForce += original ? 0 : 1;
            }
        }

        BookedOrder booked() {
            long qty = longField(first, "ord_qty");
            return new BookedOrder(number(), print(first), takenAt(first), filled, qty - filled - rest);
        }

        Chain chain() {
            return new Chain(number(), price, filled + rest, inForce);
        }

        Revisions revisions() {
            return new Revisions(number(), modifications, cancels);
        }
    }

    private static OrderFingerprint print(JsonNode row) {
        return new OrderFingerprint(
                row.path("pdno").asString(),
                row.path("sll_buy_dvsn_cd").asString().equals("01") ? "SELL" : "BUY",
                longField(row, "ord_qty"),
                price(row));
    }

    private static long price(JsonNode row) {
        return row.path("ord_dvsn_cd").asString().equals("01") ? 0 : longField(row, "ord_unpr");
    }

    private static Instant takenAt(JsonNode row) {
        var stamp = row.path("ord_dt").asString() + row.path("ord_tmd").asString();
        return LocalDateTime.parse(stamp, STAMP).atZone(SEOUL).toInstant();
    }

    /** Won bought and sold today and shares held, as the broker has them. */
    AccountTotals traded() {
        var cash = page("inquire-balance", "TTTC8434R", BALANCE, "")
                .body
                .path("output2")
                .path(0);
        return new AccountTotals(longField(cash, "thdt_buy_amt"), longField(cash, "thdt_sll_amt"), shares());
    }

    /** Shares held by symbol, as the broker has them. */
    Map<String, Long> shares() {
        var rows = new TreeMap<String, Long>();
        var page = page("inquire-balance", "TTTC8434R", BALANCE, "");
        while (true) {
            page.body.path("output1").forEach(row -> {
                if (longField(row, "hldg_qty") != 0) rows.put(row.path("pdno").asString(), longField(row, "hldg_qty"));
            });
            if (!page.more()) return rows;
            page = page("inquire-balance", "TTTC8434R", BALANCE, page.next());
        }
    }

    /** Cash in won after all of today's trades are settled. */
    long cash() {
        return longField(
                page("inquire-balance", "TTTC8434R", BALANCE, "")
                        .body
                        .path("output2")
                        .path(0),
                "prvs_rcdl_excc_amt");
    }

    private List<JsonNode> rows(String call, String transaction, String query) {
        var rows = new ArrayList<JsonNode>();
        for (var next = ""; ; ) {
            var page = page(call, transaction, query, next);
            page.body.path("output1").forEach(rows::add);
            if (!page.more()) return rows;
            next = page.next();
        }
    }

    private static long longField(JsonNode row, String name) {
        var text = row.path(name).asString("").strip();
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private Page page(String call, String transaction, String query, String next) {
        var url = call + "?CANO=" + account + "&ACNT_PRDT_CD=01" + query + "&CTX_AREA_FK100=&CTX_AREA_NK100="
                + next.replace("^", "%5E");
        return send(signed(url, transaction)
                .header("tr_cont", next.isEmpty() ? "" : "N")
                .GET());
    }

    private record Page(JsonNode body, String trCont) {
        boolean more() {
            return trCont.equals("F") || trCont.equals("M");
        }

        String next() {
            return body.path("ctx_area_nk100").asString("").strip();
        }
    }

    private static boolean isTooMany(String body) {
        return TOO_MANY.stream().anyMatch(body::contains);
    }

    private Page send(HttpRequest.Builder builder) {
        var request = builder.header("content-type", "application/json").build();
        try {
            var answer = http.send(request, BodyHandlers.ofString());
            for (int attempts = 1; isTooMany(answer.body()) && attempts < ATTEMPTS; attempts++) {
                LockSupport.parkNanos(BROKER_SECOND.toNanos());
                answer = http.send(request, BodyHandlers.ofString());
            }
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
