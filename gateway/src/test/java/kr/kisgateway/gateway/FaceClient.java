package kr.kisgateway.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program written for KIS: it knows an address, an app key, an app secret, an account number, and nothing of the gateway. */
final class FaceClient {
    static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TRADING = "/uapi/domestic-stock/v1/trading/";

    final URI base;
    final String appKey;
    final String appSecret;
    final String cano;
    final String productCode;
    final String htsId;
    private final HttpClient http;
    private String token = "";

    FaceClient(
            HttpClient http, URI base, String appKey, String appSecret, String cano, String productCode, String htsId) {
        this.http = http;
        this.base = base;
        this.appKey = appKey;
        this.appSecret = appSecret;
        this.cano = cano;
        this.productCode = productCode;
        this.htsId = htsId;
    }

    /** With a new key of the gateway in {@code folder}, made by the command beside it. */
    static FaceClient withNewKey(HttpClient http, Path folder, URI base, String name, String... options) {
        var arguments = new ArrayList<>(List.of("create", name, "--face", "--json"));
        arguments.addAll(List.of(options));
        JsonNode key = JSON.readTree(KeyCommands.printed(folder, arguments));
        String[] account = key.path("account_no").asString().split("-");
        return new FaceClient(
                http,
                base,
                key.path("appkey").asString(),
                key.path("appsecret").asString(),
                account[0],
                account[1],
                key.path("hts_id").asString());
    }

    HttpResponse<String> login() {
        var answer = post(
                "/oauth2/tokenP",
                Map.of(),
                Map.of("grant_type", "client_credentials", "appkey", appKey, "appsecret", appSecret));
        if (answer.statusCode() == 200) {
            token = tree(answer).path("access_token").asString();
        }
        return answer;
    }

    String token() {
        return token;
    }

    void useToken(String text) {
        token = text;
    }

    Map<String, String> headers(String trId) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("authorization", "Bearer " + token);
        headers.put("appkey", appKey);
        headers.put("appsecret", appSecret);
        headers.put("tr_id", trId);
        headers.put("custtype", "P");
        return headers;
    }

    HttpResponse<String> price(String symbol) {
        return get(
                "/uapi/domestic-stock/v1/quotations/inquire-price",
                headers("FHKST01010100"),
                Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", symbol));
    }

    HttpResponse<String> balance() {
        var query = account();
        query.putAll(Map.of(
                "AFHR_FLPR_YN", "N", "OFL_YN", "", "INQR_DVSN", "02", "UNPR_DVSN", "01", "FUND_STTL_ICLD_YN", "N"));
        query.putAll(
                Map.of("FNCG_AMT_AUTO_RDPT_YN", "N", "PRCS_DVSN", "00", "CTX_AREA_FK100", "", "CTX_AREA_NK100", ""));
        return get(TRADING + "inquire-balance", headers("TTTC8434R"), query);
    }

    /** The orders of a day, written yyyyMMdd. */
    HttpResponse<String> orders(String day) {
        var query = account();
        query.putAll(Map.of("INQR_STRT_DT", day, "INQR_END_DT", day, "SLL_BUY_DVSN_CD", "00", "PDNO", ""));
        query.putAll(Map.of("ORD_GNO_BRNO", "", "ODNO", "", "CCLD_DVSN", "00", "INQR_DVSN", "01", "INQR_DVSN_1", ""));
        query.putAll(Map.of("INQR_DVSN_3", "00", "EXCG_ID_DVSN_CD", "ALL", "CTX_AREA_FK100", "", "CTX_AREA_NK100", ""));
        return get(TRADING + "inquire-daily-ccld", headers("TTTC0081R"), query);
    }

    HttpResponse<String> order(String trId, String symbol, String division, long qty, long price) {
        var body = account();
        body.putAll(Map.of(
                "PDNO", symbol, "ORD_DVSN", division, "ORD_QTY", Long.toString(qty), "ORD_UNPR", Long.toString(price)));
        return post(TRADING + "order-cash", headers(trId), body);
    }

    /** @param kind 01 modifies, 02 cancels */
    HttpResponse<String> revise(JsonNode order, String kind, boolean all, long qty, long price) {
        var body = account();
        body.putAll(Map.of(
                "KRX_FWDG_ORD_ORGNO",
                order.path("output").path("KRX_FWDG_ORD_ORGNO").asString(),
                "ORGN_ODNO",
                order.path("output").path("ODNO").asString(),
                "ORD_DVSN",
                "00",
                "RVSE_CNCL_DVSN_CD",
                kind));
        body.putAll(Map.of(
                "ORD_QTY", Long.toString(qty), "ORD_UNPR", Long.toString(price), "QTY_ALL_ORD_YN", all ? "Y" : "N"));
        return post(TRADING + "order-rvsecncl", headers("TTTC0013U"), body);
    }

    Map<String, String> account() {
        var out = new LinkedHashMap<String, String>();
        out.put("CANO", cano);
        out.put("ACNT_PRDT_CD", productCode);
        return out;
    }

    HttpResponse<String> get(String path, Map<String, String> headers, Map<String, String> query) {
        String text = query.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(base.resolve(path + (text.isEmpty() ? "" : "?" + text))), headers);
    }

    HttpResponse<String> post(String path, Map<String, String> headers, Map<String, String> body) {
        return send(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("content-type", "application/json; charset=utf-8")
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))),
                headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, Map<String, String> headers) {
        headers.forEach(request::header);
        try {
            return http.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static JsonNode tree(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    static String code(HttpResponse<String> answer) {
        JsonNode body = tree(answer);
        return body.path("msg_cd").asString(body.path("error_code").asString(""));
    }
}
