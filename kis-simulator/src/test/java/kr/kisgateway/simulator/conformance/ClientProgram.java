package kr.kisgateway.simulator.conformance;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kr.kisgateway.simulator.RawClient;

/** A program with one app key and one account, which follows the documents. */
final class ClientProgram {
    static final String TRADING = "/uapi/domestic-stock/v1/trading/";
    static final String QUOTATIONS = "/uapi/domestic-stock/v1/quotations/";
    static final String CANO = "50000001";
    static final String HTS_ID = "MYHTS1";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    final KisServer server;
    final KisServer.Face face;
    final String key;
    final String secret = "s".repeat(180);
    String token = "none";

    ClientProgram(KisServer server, KisServer.Face face, int number) {
        this.server = server;
        this.face = face;
        this.key = key(face, number);
    }

    /** The app key of a program, different in its third to tenth character from that of another. */
    static String key(KisServer.Face face, int number) {
        return "PS%sAA%c%c%026d"
                .formatted(
                        face == KisServer.Face.LIVE ? "LIVE" : "MOCK",
                        BASE32.charAt(number >> 5),
                        BASE32.charAt(number & 31),
                        number);
    }

    ClientProgram login() {
        token = issue().json().path("access_token").stringValue();
        return this;
    }

    RawHttp.Answer issue() {
        return oauth("tokenP", Map.of("grant_type", "client_credentials", "appkey", key, "appsecret", secret));
    }

    RawHttp.Answer oauth(String what, Map<String, String> body) {
        return RawHttp.call(
                server.rest(),
                "POST",
                "/oauth2/" + what,
                List.of("Content-Type: application/json; charset=utf-8"),
                text(body));
    }

    String approvalKey() {
        return oauth("Approval", Map.of("grant_type", "client_credentials", "appkey", key, "secretkey", secret))
                .json()
                .path("approval_key")
                .stringValue();
    }

    List<String> headers(String trId, String... more) {
        List<String> headers = new ArrayList<>(List.of(
                "Content-Type: application/json; charset=utf-8",
                "authorization: Bearer " + token,
                "appkey: " + key,
                "appsecret: " + secret,
                "tr_id: " + trId,
                "custtype: P"));
        headers.addAll(List.of(more));
        return headers;
    }

    RawHttp.Answer get(String path, String trId, Map<String, String> query, String... more) {
        return RawHttp.call(server.rest(), "GET", path + "?" + query(query), headers(trId, more), "");
    }

    RawHttp.Answer post(String path, String trId, Map<String, String> body, String... more) {
        return RawHttp.call(server.rest(), "POST", path, headers(trId, more), text(body));
    }

    RawHttp.Answer price(String symbol) {
        return get(QUOTATIONS + "inquire-price", "FHKST01010100", stock(symbol));
    }

    RawHttp.Answer buy(String symbol, String division, long qty, long price) {
        return post(TRADING + "order-cash", face.tr("TTTC0012U"), order(symbol, division, qty, price));
    }

    RawHttp.Answer sell(String symbol, String division, long qty, long price) {
        return post(TRADING + "order-cash", face.tr("TTTC0011U"), order(symbol, division, qty, price));
    }

    RawHttp.Answer revise(String order, String what, String division, long qty, long price, boolean all) {
        var body = new LinkedHashMap<>(account());
        body.put("KRX_FWDG_ORD_ORGNO", "");
        body.put("ORGN_ODNO", order);
        body.put("ORD_DVSN", division);
        body.put("RVSE_CNCL_DVSN_CD", what);
        body.put("ORD_QTY", Long.toString(qty));
        body.put("ORD_UNPR", Long.toString(price));
        body.put("QTY_ALL_ORD_YN", all ? "Y" : "N");
        body.put("EXCG_ID_DVSN_CD", "KRX");
        return post(TRADING + "order-rvsecncl", face.tr("TTTC0013U"), body);
    }

    RawHttp.Answer balance(String... contextAndHeaders) {
        var query = new LinkedHashMap<>(account());
        query.putAll(Map.of(
                "AFHR_FLPR_YN", "N",
                "OFL_YN", "",
                "INQR_DVSN", "02",
                "UNPR_DVSN", "01",
                "FUND_STTL_ICLD_YN", "N",
                "FNCG_AMT_AUTO_RDPT_YN", "N",
                "PRCS_DVSN", "00",
                "CTX_AREA_FK100", "",
                "CTX_AREA_NK100", ""));
        return get(TRADING + "inquire-balance", face.tr("TTTC8434R"), query, contextAndHeaders);
    }

    Map<String, String> dailyQuery() {
        var query = new LinkedHashMap<>(account());
        query.put("INQR_STRT_DT", "00000101");
        query.put("INQR_END_DT", "29991231");
        query.put("SLL_BUY_DVSN_CD", "00");
        query.put("PDNO", "");
        query.put("ORD_GNO_BRNO", "");
        query.put("ODNO", "");
        query.put("CCLD_DVSN", "00");
        query.put("INQR_DVSN", "00");
        query.put("INQR_DVSN_1", "");
        query.put("INQR_DVSN_3", "00");
        query.put("EXCG_ID_DVSN_CD", face == KisServer.Face.LIVE ? "ALL" : "KRX");
        query.put("CTX_AREA_FK100", "");
        query.put("CTX_AREA_NK100", "");
        return query;
    }

    RawHttp.Answer daily() {
        return get(TRADING + "inquire-daily-ccld", face.tr("TTTC0081R"), dailyQuery());
    }

    static Map<String, String> account() {
        var account = new LinkedHashMap<String, String>();
        account.put("CANO", CANO);
        account.put("ACNT_PRDT_CD", "01");
        return account;
    }

    static Map<String, String> order(String symbol, String division, long qty, long price) {
        var order = new LinkedHashMap<>(account());
        order.put("PDNO", symbol);
        order.put("ORD_DVSN", division);
        order.put("ORD_QTY", Long.toString(qty));
        order.put("ORD_UNPR", Long.toString(price));
        return order;
    }

    static Map<String, String> stock(String symbol) {
        var query = new LinkedHashMap<String, String>();
        query.put("FID_COND_MRKT_DIV_CODE", "J");
        query.put("FID_INPUT_ISCD", symbol);
        return query;
    }

    static String number(RawHttp.Answer accepted) {
        return accepted.output().path("ODNO").stringValue();
    }

    static String query(Map<String, String> query) {
        return query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static String text(Map<String, String> body) {
        return body.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    RawClient.Stream stream(String path) {
        return new RawClient.Stream(server.ws().resolve(path));
    }

    static String register(String approvalKey, String trType, String trId, String trKey) {
        return ("{\"header\":{\"approval_key\":\"%s\",\"custtype\":\"P\",\"tr_type\":\"%s\",\"content-type\":\"utf-8\"},"
                        + "\"body\":{\"input\":{\"tr_id\":\"%s\",\"tr_key\":\"%s\"}}}")
                .formatted(approvalKey, trType, trId, trKey);
    }
}
