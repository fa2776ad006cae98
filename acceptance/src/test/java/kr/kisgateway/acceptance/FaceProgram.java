package kr.kisgateway.acceptance;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program written for KIS, with an app key, a secret and an account number, at whatever address it is given. It requests a token
 * again when KIS's code says so, and opens its WebSocket again when it closes.
 */
final class FaceProgram {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TRADING = "/uapi/domestic-stock/v1/trading/";
    private static final Duration LIMIT = Duration.ofSeconds(15);

    final String name;
    private final HttpClient http;
    private final URI base;
    private final String appKey;
    private final String appSecret;
    private final String cano;
    private final String productCode;
    private volatile String token = "";

    /**
     * @param status 0 when no answer came
     * @param text what came instead of a JSON body; empty otherwise
     * @param more whether a further page follows
     */
    record Reply(int status, JsonNode body, String text, boolean more) {
        String code() {
            return body.path("msg_cd").asString(body.path("error_code").asString(""));
        }

        boolean isTaken() {
            return status == 200 && body.path("rt_cd").asString("").equals("0");
        }

        /** A refusal in KIS's form: the order does not exist. */
        boolean isRefused() {
            return status == 200 && !isTaken() || status == 403 || status == 500 && !code().equals("EGW00301");
        }

        String odno() {
            return body.path("output").path("ODNO").asString("");
        }
    }

    FaceProgram(HttpClient http, URI base, String name, String appKey, String appSecret, String account) {
        this.http = http;
        this.base = base;
        this.name = name;
        this.appKey = appKey;
        this.appSecret = appSecret;
        this.cano = account.substring(0, 8);
        this.productCode = account.substring(account.length() - 2);
    }

    Reply login() {
        var reply = post(
                "/oauth2/tokenP",
                "",
                Map.of("grant_type", "client_credentials", "appkey", appKey, "appsecret", appSecret));
        if (reply.status() == 200) token = reply.body().path("access_token").asString();
        return reply;
    }

    Reply get(String path, String trId, Map<String, String> query) {
        return get(path, trId, query, "");
    }

    /** @param continuation N for the next page */
    private Reply get(String path, String trId, Map<String, String> query, String continuation) {
        var text = query.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(base.resolve(path + "?" + text)).header("tr_cont", continuation), trId);
    }

    Reply post(String path, String trId, Map<String, String> body) {
        return send(
                HttpRequest.newBuilder(base.resolve(path)).POST(BodyPublishers.ofString(JSON.writeValueAsString(body))),
                trId);
    }

    private Reply send(HttpRequest.Builder request, String trId) {
        request.timeout(LIMIT)
                .header("content-type", "application/json; charset=utf-8")
                .header("authorization", "Bearer " + token)
                .header("appkey", appKey)
                .header("appsecret", appSecret)
                .header("custtype", "P");
        if (!trId.isEmpty()) request.header("tr_id", trId);
        try {
            var answer = http.send(request.build(), BodyHandlers.ofString());
            var continuation = answer.headers().firstValue("tr_cont").orElse("");
            boolean more = continuation.equals("F") || continuation.equals("M");
            return new Reply(answer.statusCode(), JSON.readTree(answer.body()), "", more);
        } catch (IOException e) {
            return new Reply(0, JSON.createObjectNode(), e.toString(), false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    Reply price(String symbol) {
        return get(
                "/uapi/domestic-stock/v1/quotations/inquire-price",
                "FHKST01010100",
                Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", symbol));
    }

    Reply balance() {
        var query = account();
        query.putAll(Map.of(
                "AFHR_FLPR_YN", "N", "OFL_YN", "", "INQR_DVSN", "02", "UNPR_DVSN", "01", "FUND_STTL_ICLD_YN", "N"));
        query.putAll(
                Map.of("FNCG_AMT_AUTO_RDPT_YN", "N", "PRCS_DVSN", "00", "CTX_AREA_FK100", "", "CTX_AREA_NK100", ""));
        return get(TRADING + "inquire-balance", "TTTC8434R", query);
    }

    /** The numbers of the orders that the program sees today, and the shares filled of each. */
    Map<String, Long> orders() {
        var query = account();
        query.putAll(
                Map.of("INQR_STRT_DT", "00000101", "INQR_END_DT", "29991231", "SLL_BUY_DVSN_CD", "00", "PDNO", ""));
        query.putAll(Map.of("ORD_GNO_BRNO", "", "ODNO", "", "CCLD_DVSN", "00", "INQR_DVSN", "01", "INQR_DVSN_1", ""));
        query.putAll(Map.of("INQR_DVSN_3", "00", "EXCG_ID_DVSN_CD", "ALL", "CTX_AREA_FK100", "", "CTX_AREA_NK100", ""));
        var orders = new LinkedHashMap<String, Long>();
        for (int pages = 0; pages < 100; pages++) {
            var page = get(TRADING + "inquire-daily-ccld", "TTTC0081R", query, pages == 0 ? "" : "N");
            if (!page.isTaken()) throw new AssertionError(name + ": the list of orders was answered " + page);
            page.body()
                    .path("output1")
                    .forEach(row -> orders.put(
                            row.path("odno").asString(),
                            Long.parseLong(row.path("tot_ccld_qty").asString())));
            if (!page.more()) return orders;
            query.put("CTX_AREA_FK100", page.body().path("ctx_area_fk100").asString(""));
            query.put("CTX_AREA_NK100", page.body().path("ctx_area_nk100").asString(""));
        }
        throw new AssertionError(name + ": more than a hundred pages");
    }

    Reply order(String side, String symbol, long qty, long price) {
        var body = account();
        body.putAll(Map.of(
                "PDNO", symbol, "ORD_DVSN", "00", "ORD_QTY", Long.toString(qty), "ORD_UNPR", Long.toString(price)));
        return post(TRADING + "order-cash", side.equals("BUY") ? "TTTC0012U" : "TTTC0011U", body);
    }

    Reply cancel(String odno) {
        var body = account();
        body.putAll(Map.of("KRX_FWDG_ORD_ORGNO", "", "ORGN_ODNO", odno, "ORD_DVSN", "00", "RVSE_CNCL_DVSN_CD", "02"));
        body.putAll(Map.of("ORD_QTY", "0", "ORD_UNPR", "0", "QTY_ALL_ORD_YN", "Y"));
        return post(TRADING + "order-rvsecncl", "TTTC0013U", body);
    }

    private Map<String, String> account() {
        var account = new LinkedHashMap<String, String>();
        account.put("CANO", cano);
        account.put("ACNT_PRDT_CD", productCode);
        return account;
    }

    /** A WebSocket that is open. */
    Stream open() throws IOException {
        var approval = post(
                "/oauth2/Approval",
                "",
                Map.of("grant_type", "client_credentials", "appkey", appKey, "secretkey", appSecret));
        if (approval.status() != 200) throw new IOException("no approval key: " + approval);
        return new Stream(http, base, approval.body().path("approval_key").asString());
    }

    /** One WebSocket, and everything that it received. */
    static final class Stream implements WebSocket.Listener, AutoCloseable {
        final List<String> control = new CopyOnWriteArrayList<>();
        /** Records by TR and key, in the order in which they came. */
        private final Map<String, List<String>> records = new LinkedHashMap<>();

        private final CompletableFuture<String> ended = new CompletableFuture<>();
        private final StringBuilder part = new StringBuilder();
        private final String approval;
        private final WebSocket web;

        Stream(HttpClient http, URI base, String approval) throws IOException {
            this.approval = approval;
            try {
                this.web = http.newWebSocketBuilder()
                        .connectTimeout(LIMIT)
                        .buildAsync(URI.create(base.toString().replaceFirst("http", "ws") + "/tryitout"), this)
                        .join();
            } catch (CompletionException e) {
                throw new IOException("the WebSocket was not opened", e);
            }
        }

        void register(String trId, String key) {
            var text = "{\"header\":{\"approval_key\":\"" + approval
                    + "\",\"custtype\":\"P\",\"tr_type\":\"1\",\"content-type\":\"utf-8\"},\"body\":{\"input\":{\"tr_id\":\""
                    + trId + "\",\"tr_key\":\"" + key + "\"}}}";
            web.sendText(text, true).join();
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            part.append(text);
            if (last) {
                receive(part.toString());
                part.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }

        private void receive(String message) {
            if (message.startsWith("{")) {
                if (message.contains("PINGPONG")) {
                    web.sendText(message, true);
                } else {
                    control.add(message);
                }
                return;
            }
            String[] parts = message.split("\\|", 4);
            String[] columns = parts[3].split("\\^", -1);
            int count = Integer.parseInt(parts[2]);
            int width = columns.length / count;
            synchronized (records) {
                for (int i = 0; i < count; i++) {
                    var record = String.join("^", List.of(columns).subList(i * width, (i + 1) * width));
                    records.computeIfAbsent(parts[1] + " " + columns[i * width], key -> new ArrayList<>())
                            .add(record);
                }
            }
        }

        /** The records so far of a TR and key. */
        List<String> records(String trId, String key) {
            synchronized (records) {
                return List.copyOf(records.getOrDefault(trId + " " + key, List.of()));
            }
        }

        /** The keys with a record so far. */
        int keys() {
            synchronized (records) {
                return records.size();
            }
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            ended.complete("closed " + code);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            ended.complete(error.toString());
        }

        /** Why it ended; empty while it is open after this time. */
        Optional<String> awaitEnd(Duration limit) {
            try {
                return Optional.of(ended.get(limit.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            web.abort();
        }
    }
}
