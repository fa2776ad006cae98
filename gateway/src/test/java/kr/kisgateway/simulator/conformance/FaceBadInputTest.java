package kr.kisgateway.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import kr.kisgateway.gateway.FaceUnderTest;
import kr.kisgateway.simulator.conformance.KisServer.Face;
import kr.kisgateway.simulator.conformance.KisServer.ServerSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Requests that KIS refuses, sent to the simulator and to the face: the same status, headers, code and shape. */
@Tag("slow")
class FaceBadInputTest {
    private static final ServerSpec SPEC = ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00");
    private static final String JSON = "Content-Type: application/json; charset=utf-8";
    private static final String PRICE = ClientProgram.QUOTATIONS + "inquire-price";
    private static final String DAILY = ClientProgram.TRADING + "inquire-daily-ccld";
    private static final String BALANCE = ClientProgram.TRADING + "inquire-balance";
    private static final String ORDER = ClientProgram.TRADING + "order-cash";
    private static final String REVISION = ClientProgram.TRADING + "order-rvsecncl";
    private static final String QUERY = "?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=005930";

    private static KisServer simulator;
    private static KisServer face;
    private static ClientProgram atSimulator;
    private static ClientProgram atFace;

    @BeforeAll
    static void start() {
        simulator = new SimulatorUnderTest().start(SPEC);
        face = new FaceUnderTest().start(SPEC);
        atSimulator = new ClientProgram(simulator, Face.LIVE, 1).login();
        atFace = new ClientProgram(face, Face.LIVE, 1).login();
    }

    @AfterAll
    static void stop() {
        face.close();
        simulator.close();
    }

    /** A request of a program. */
    private interface Request {
        RawHttp.Answer send(ClientProgram program);
    }

    /**
     * Why the face answers a request otherwise.
     *
     * @param code with which it refuses
     */
    private record Difference(String code, String reason) {}

    /** The reasons are those of {@code docs/COMPATIBLE-FACE.md}. */
    private static final Map<String, Difference> DIFFERENCES = Map.of(
            "an order of 20 kB",
            new Difference("400 EGW00101", "bodies are short, so that callers without a key cannot fill the memory"),
            "a strange page key",
            new Difference(
                    "200 OPSQ2002", "page keys are the gateway's own, because KIS's contain the account number"));

    /** A request that is refused. */
    record Bad(String name, Request request) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Bad raw(String name, String method, String path, String body, String... headers) {
        return new Bad(
                name, program -> RawHttp.call(program.server.rest(), method, path, filled(program, headers), body));
    }

    /** KEY, SECRET and TOKEN are the program's. */
    private static List<String> filled(ClientProgram program, String... headers) {
        return Stream.of(headers)
                .map(header -> header.replace("KEY", program.key)
                        .replace("SECRET", program.secret)
                        .replace("TOKEN", program.token))
                .toList();
    }

    private static Bad get(String name, String path, String trId, Map<String, String> query, String... more) {
        return new Bad(name, program -> program.get(path, trId, query, more));
    }

    private static Bad post(String name, String path, String trId, Map<String, String> body, String... more) {
        return new Bad(name, program -> program.post(path, trId, body, more));
    }

    private static Bad text(String name, String path, String trId, String body) {
        return new Bad(name, program -> RawHttp.call(program.server.rest(), "POST", path, program.headers(trId), body));
    }

    private static Bad oauth(String name, String what, String... fields) {
        return new Bad(name, program -> {
            var body = new LinkedHashMap<String, String>();
            for (int i = 0; i < fields.length; i += 2) {
                body.put(
                        fields[i],
                        fields[i + 1]
                                .replace("KEY", program.key)
                                .replace("SECRET", program.secret)
                                .replace("TOKEN", program.token));
            }
            return program.oauth(what, body);
        });
    }

    private static Map<String, String> without(Map<String, String> fields, String name) {
        var rest = new LinkedHashMap<>(fields);
        rest.remove(name);
        return rest;
    }

    private static Map<String, String> with(Map<String, String> fields, String name, String value) {
        var all = new LinkedHashMap<>(fields);
        all.put(name, value);
        return all;
    }

    private static Map<String, String> balance() {
        var query = new LinkedHashMap<>(ClientProgram.account());
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
        return query;
    }

    private static Map<String, String> cancel(String odno) {
        var cancel = new LinkedHashMap<>(ClientProgram.account());
        cancel.putAll(Map.of(
                "KRX_FWDG_ORD_ORGNO", "",
                "ORGN_ODNO", odno,
                "ORD_DVSN", "00",
                "RVSE_CNCL_DVSN_CD", "02",
                "ORD_QTY", "0",
                "ORD_UNPR", "0",
                "QTY_ALL_ORD_YN", "Y"));
        return cancel;
    }

    static List<Bad> requests() {
        var all = new ArrayList<Bad>();
        String[] known = {JSON, "authorization: Bearer TOKEN", "appkey: KEY", "appsecret: SECRET"};
        all.add(get("an unknown path", "/uapi/no/such/call", "FHKST01010100", Map.of()));
        all.add(raw("a path elsewhere", "GET", "/elsewhere", "", known));
        all.add(raw("the root", "GET", "/", "", known));
        all.add(raw("an unknown oauth path", "POST", "/oauth2/token", "{}", JSON));
        all.add(get("an unknown TR id", PRICE, "FHKST99999999", ClientProgram.stock("005930")));
        all.add(raw("no TR id", "GET", PRICE + QUERY, "", known));
        all.add(get("the TR id of another path", PRICE, "FHKST01010200", ClientProgram.stock("005930")));
        all.add(get("a query of the other environment", BALANCE, "VTTC8434R", balance()));
        all.add(post(
                "an order of the other environment",
                ORDER,
                "VTTC0012U",
                ClientProgram.order("005930", "00", 1, 150_000)));
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
            all.add(raw("a price by " + method, method, PRICE + QUERY, "", with(known, "tr_id: FHKST01010100")));
        }
        all.add(raw("an order by GET", "GET", ORDER, "", with(known, "tr_id: TTTC0012U")));
        all.add(raw("a token by GET", "GET", "/oauth2/tokenP", "", JSON));
        all.add(raw("a token by PUT", "PUT", "/oauth2/tokenP", "{}", JSON));

        all.add(text("an order in half a JSON", ORDER, "TTTC0012U", "{\"CANO\":"));
        all.add(text("an order in an array", ORDER, "TTTC0012U", "[]"));
        all.add(text("an order in no JSON", ORDER, "TTTC0012U", "CANO=50000001"));
        all.add(text("an order with a number", ORDER, "TTTC0012U", "{\"CANO\":50000001}"));
        all.add(text("an order with an object", ORDER, "TTTC0012U", "{\"CANO\":{}}"));
        all.add(text("an order with a field twice", ORDER, "TTTC0012U", "{\"CANO\":\"1\",\"CANO\":\"2\"}"));
        all.add(text("an order without a body", ORDER, "TTTC0012U", ""));
        all.add(text("an order in an empty object", ORDER, "TTTC0012U", "{}"));
        all.add(text(
                "an order of 20 kB",
                ORDER,
                "TTTC0012U",
                "{\"CANO\":\"50000001\",\"X\":\"" + "x".repeat(20_000) + "\"}"));
        all.add(text("a hash of half a JSON", "/uapi/hashkey", "", "{\"CANO\":"));
        all.add(raw("a token in half a JSON", "POST", "/oauth2/tokenP", "{\"grant_type\":", JSON));
        all.add(raw("a token without a body", "POST", "/oauth2/tokenP", "", JSON));
        all.add(oauth("a token without a grant", "tokenP", "appkey", "KEY", "appsecret", "SECRET"));
        all.add(oauth("a token of another grant", "tokenP", "grant_type", "password", "appkey", "KEY"));
        all.add(oauth("a token without a key", "tokenP", "grant_type", "client_credentials", "appsecret", "SECRET"));
        all.add(oauth("a token without a secret", "tokenP", "grant_type", "client_credentials", "appkey", "KEY"));
        all.add(oauth(
                "a token of a strange key",
                "tokenP",
                "grant_type",
                "client_credentials",
                "appkey",
                "none",
                "appsecret",
                "SECRET"));
        all.add(oauth(
                "a token with a short secret",
                "tokenP",
                "grant_type",
                "client_credentials",
                "appkey",
                "KEY",
                "appsecret",
                "x"));
        all.add(oauth("an approval without a secret", "Approval", "grant_type", "client_credentials", "appkey", "KEY"));
        all.add(oauth("the revocation of no token", "revokeP", "appkey", "KEY", "appsecret", "SECRET"));
        all.add(oauth(
                "the revocation of a strange token", "revokeP", "appkey", "KEY", "appsecret", "SECRET", "token", "x"));

        String trId = "tr_id: FHKST01010100";
        all.add(raw("no app key", "GET", PRICE + QUERY, "", JSON, "appsecret: SECRET", trId));
        all.add(raw("a strange app key", "GET", PRICE + QUERY, "", JSON, "appkey: none", "appsecret: SECRET", trId));
        all.add(raw("no app secret", "GET", PRICE + QUERY, "", JSON, "appkey: KEY", trId));
        all.add(raw("a wrong app secret", "GET", PRICE + QUERY, "", JSON, "appkey: KEY", "appsecret: x", trId));
        all.add(raw("no token", "GET", PRICE + QUERY, "", JSON, "appkey: KEY", "appsecret: SECRET", trId));
        all.add(raw(
                "a token without Bearer",
                "GET",
                PRICE + QUERY,
                "",
                JSON,
                "appkey: KEY",
                "appsecret: SECRET",
                "authorization: TOKEN",
                trId));
        all.add(raw(
                "a strange token",
                "GET",
                PRICE + QUERY,
                "",
                JSON,
                "appkey: KEY",
                "appsecret: SECRET",
                "authorization: Bearer x",
                trId));
        all.add(raw("a custtype that is none", "GET", PRICE + QUERY, "", with(known, trId, "custtype: X")));
        all.add(raw("an empty custtype", "GET", PRICE + QUERY, "", with(known, trId, "custtype:")));
        all.add(raw(
                "another content type",
                "GET",
                PRICE + QUERY,
                "",
                "content-type: text/plain",
                "authorization: Bearer TOKEN",
                "appkey: KEY",
                "appsecret: SECRET",
                trId));
        all.add(raw(
                "a form",
                "POST",
                ORDER,
                "CANO=50000001",
                "content-type: application/x-www-form-urlencoded",
                "authorization: Bearer TOKEN",
                "appkey: KEY",
                "appsecret: SECRET",
                "tr_id: TTTC0012U"));

        all.add(get("no stock", PRICE, "FHKST01010100", Map.of("FID_COND_MRKT_DIV_CODE", "J")));
        all.add(get("no market", PRICE, "FHKST01010100", Map.of("FID_INPUT_ISCD", "005930")));
        all.add(get(
                "an unknown market",
                PRICE,
                "FHKST01010100",
                with(ClientProgram.stock("005930"), "FID_COND_MRKT_DIV_CODE", "Q")));
        all.add(get("no parameters", PRICE, "FHKST01010100", Map.of()));
        all.add(get(
                "no parameters of a chart",
                ClientProgram.QUOTATIONS + "inquire-daily-price",
                "FHKST01010400",
                Map.of()));
        all.add(get("another account", BALANCE, "TTTC8434R", with(balance(), "CANO", "12")));
        all.add(get("no account", BALANCE, "TTTC8434R", without(balance(), "CANO")));
        all.add(get("no product code", BALANCE, "TTTC8434R", without(balance(), "ACNT_PRDT_CD")));
        all.add(get("a balance without a parameter", BALANCE, "TTTC8434R", without(balance(), "INQR_DVSN")));
        all.add(get("a strange page key", BALANCE, "TTTC8434R", with(balance(), "CTX_AREA_NK100", "x"), "tr_cont: N"));
        all.add(get("a list without days", DAILY, "TTTC0081R", ClientProgram.account()));

        Map<String, String> order = ClientProgram.order("005930", "00", 1, 150_000);
        for (String field : List.of("CANO", "ACNT_PRDT_CD", "PDNO", "ORD_DVSN", "ORD_QTY", "ORD_UNPR")) {
            all.add(post("an order without " + field, ORDER, "TTTC0012U", without(order, field)));
            all.add(post("an order with an empty " + field, ORDER, "TTTC0012U", with(order, field, "")));
        }
        all.add(post("an order of another account", ORDER, "TTTC0012U", with(order, "CANO", "12")));
        for (String qty : List.of("0", "-1", "abc", "1.5", "99999999999")) {
            all.add(post("an order of " + qty, ORDER, "TTTC0012U", with(order, "ORD_QTY", qty)));
        }
        for (String price : List.of("0", "-1", "abc", "150000.5", "150001", "1", "99999999")) {
            all.add(post("an order at " + price, ORDER, "TTTC0012U", with(order, "ORD_UNPR", price)));
        }
        all.add(post("a market order with a price", ORDER, "TTTC0012U", with(order, "ORD_DVSN", "01")));
        all.add(post("an unknown division", ORDER, "TTTC0012U", with(order, "ORD_DVSN", "99")));
        all.add(post("an unknown exchange", ORDER, "TTTC0012U", with(order, "EXCG_ID_DVSN_CD", "XXX")));
        all.add(post("an unknown stock", ORDER, "TTTC0012U", with(order, "PDNO", "999999")));
        all.add(post("a stock that is none", ORDER, "TTTC0012U", with(order, "PDNO", "AAPL")));
        all.add(post("too much", ORDER, "TTTC0012U", with(order, "ORD_QTY", "9999999")));
        all.add(post("a sale of nothing", ORDER, "TTTC0011U", order));
        all.add(post("a wrong hash", ORDER, "TTTC0012U", order, "hashkey: x"));

        Map<String, String> cancel = cancel("0000999998");
        for (String field : List.of(
                "KRX_FWDG_ORD_ORGNO",
                "ORGN_ODNO",
                "ORD_DVSN",
                "RVSE_CNCL_DVSN_CD",
                "ORD_QTY",
                "ORD_UNPR",
                "QTY_ALL_ORD_YN")) {
            all.add(post("a cancel without " + field, REVISION, "TTTC0013U", without(cancel, field)));
        }
        all.add(post("a cancel of an unknown order", REVISION, "TTTC0013U", cancel));
        all.add(post("a revision of no kind", REVISION, "TTTC0013U", with(cancel, "RVSE_CNCL_DVSN_CD", "03")));
        all.add(post("a cancel of strange extent", REVISION, "TTTC0013U", with(cancel, "QTY_ALL_ORD_YN", "X")));
        return all;
    }

    private static String[] with(String[] headers, String... more) {
        return Stream.concat(Stream.of(headers), Stream.of(more)).toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void the_face_refuses_a_request_as_the_broker_does(Bad bad) {
        RawHttp.Answer refused = bad.request().send(atFace);
        String expected = shape(bad.request().send(atSimulator));

        var difference = Optional.ofNullable(DIFFERENCES.get(bad.name()));
        if (difference.isPresent()) {
            assertThat(refused.code()).isEqualTo(difference.get().code());
            assertThat(shape(refused))
                    .as("remove it from the list, where it stands because "
                            + difference.get().reason())
                    .isNotEqualTo(expected);
        } else {
            assertThat(shape(refused)).isEqualTo(expected);
        }
    }

    @Test
    void every_listed_difference_is_one_of_the_requests() {
        assertThat(requests()).extracting(Bad::name).doesNotHaveDuplicates().containsAll(DIFFERENCES.keySet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[]",
                "{}",
                "{\"header\":",
                "{\"header\":{}}",
                "{\"header\":{\"approval_key\":\"KEY\"}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"tr_type\":\"1\"}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"tr_type\":\"1\"},\"body\":{}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"tr_type\":\"1\"},\"body\":{\"input\":{}}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"tr_type\":\"1\"},\"body\":{\"input\":{\"tr_id\":\"H0STCNT0\"}}}",
                "{\"header\":{\"tr_type\":\"1\"},\"body\":{\"input\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"005930\"}}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"tr_type\":\"9\"},\"body\":{\"input\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"005930\"}}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"tr_type\":\"1\"},\"body\":{\"input\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"NOSUCH\"}}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"custtype\":\"X\",\"tr_type\":\"1\"},\"body\":{\"input\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"005930\"}}}",
                "{\"header\":{\"approval_key\":\"x\",\"tr_type\":\"1\"},\"body\":{\"input\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"005930\"}}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"tr_type\":\"1\"},\"body\":{\"input\":{\"tr_id\":\"NOSUCH\",\"tr_key\":\"005930\"}}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"tr_type\":\"1\"},\"body\":{\"input\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"999999\"}}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"tr_type\":\"1\"},\"body\":{\"input\":{\"tr_id\":\"H0STCNI0\",\"tr_key\":\"\"}}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"tr_type\":\"2\"},\"body\":{\"input\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"005930\"}}}",
                "{\"header\":{\"approval_key\":\"KEY\",\"tr_type\":\"1\"},\"body\":{\"input\":{\"tr_id\":\"H0STCNI9\",\"tr_key\":\"MYHTS1\"}}}"
            })
    void the_face_answers_a_message_that_it_cannot_serve_as_the_broker_does(String message) throws Exception {
        assertThat(answer(atFace, message)).isEqualTo(answer(atSimulator, message));
    }

    private static String answer(ClientProgram program, String message) throws InterruptedException {
        try (var stream = program.stream("/tryitout")) {
            stream.send(message.replace("KEY", program.approvalKey()));
            return stream.await(any -> true);
        }
    }

    private static String shape(RawHttp.Answer answer) {
        var headers = new ArrayList<String>();
        for (String line : answer.headerLines()) {
            String name = line.substring(0, line.indexOf(':'));
            headers.add(
                    name.equals("Content-Type") || name.startsWith("tr_") || name.equals("gt_uid")
                            ? line.strip()
                            : name);
        }
        headers.removeAll(List.of("Date", "Content-Length"));
        headers.sort(null);
        return answer.status() + " " + headers + " "
                + (answer.body().startsWith("{") ? shape(answer.json()) : answer.body());
    }

    /** Codes, and whether the text has the ledger's width; the text itself gives the gateway's own reason. */
    private static TreeMap<String, String> shape(JsonNode body) {
        var shape = new TreeMap<String, String>();
        body.properties()
                .forEach(field -> shape.put(
                        field.getKey(),
                        switch (field.getKey()) {
                            case "rt_cd", "msg_cd", "error_code" ->
                                field.getValue().asString();
                            case "msg1" -> field.getValue().asString().length() == 80 ? "(80)" : "";
                            default -> "";
                        }));
        return shape;
    }
}
