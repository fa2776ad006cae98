package kr.kisgateway.simulator;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;

/** Requests to the calls of the catalog as the samples would send them, by the raw client. */
final class CatalogCalls {
    static final Catalog CATALOG = Catalog.load();
    static final String CANO = "70000001";

    private final RawClient client;
    private final Face face;

    CatalogCalls(RawClient client, Face face) {
        this.client = client;
        this.face = face;
    }

    static RestCall call(String id) {
        return CATALOG.restById(id).orElseThrow();
    }

    /** The samples' example of each parameter, and an account. */
    static Map<String, String> examples(RestCall call) {
        Map<String, String> params = new LinkedHashMap<>();
        for (RestCall.Param param : call.params()) {
            params.put(
                    param.name(),
                    switch (param.name()) {
                        case "CANO" -> CANO;
                        case "USER_ID", "user_id" -> "MYHTS";
                        case "ACNT_PRDT_CD" -> param.example().orElse("01");
                        default ->
                            param.fixed().or(param::example).or(param::preset).orElse("");
                    });
        }
        return params;
    }

    /** The first TR id that the face has; the live one where paper has none. */
    String trId(RestCall call) {
        Optional<String> live =
                call.trIds().stream().flatMap(id -> id.live().stream()).findFirst();
        return (face == Face.LIVE ? live : paperTrId(call).or(() -> live)).orElse("");
    }

    static Optional<String> paperTrId(RestCall call) {
        return call.trIds().stream().flatMap(id -> id.paper().stream()).findFirst();
    }

    HttpResponse<String> request(String id) {
        return request(call(id), Map.of());
    }

    /** The examples, with {@code other} parameters and headers, which are those in lower case with tr_ first. */
    HttpResponse<String> request(RestCall call, Map<String, String> other) {
        Map<String, String> params = examples(call);
        Map<String, String> headers = new LinkedHashMap<>(Map.of("tr_id", trId(call)));
        other.forEach((name, value) -> {
            if (name.startsWith("tr_")) {
                headers.put(name, value);
            } else if (value.equals("(left out)")) {
                params.remove(name);
            } else {
                params.put(name, value);
            }
        });
        return send(call, headers, params);
    }

    HttpResponse<String> send(RestCall call, Map<String, String> headers, Map<String, String> params) {
        if (call.method().equals("POST")) {
            return client.post(
                    call.path(),
                    headers,
                    params.entrySet().stream()
                            .map(param -> "\"" + param.getKey() + "\":\"" + param.getValue() + "\"")
                            .collect(Collectors.joining(",", "{", "}")));
        }
        return client.get(
                call.path()
                        + params.entrySet().stream()
                                .map(param -> param.getKey() + "="
                                        + URLEncoder.encode(param.getValue(), StandardCharsets.UTF_8))
                                .collect(Collectors.joining("&", "?", "")),
                headers);
    }

    /** Replacements of an order's examples with which the simulated market accepts it. */
    static Map<String, String> order(String trId, String cano, String dvsn, String qty, String price) {
        return Map.of(
                "tr_id", trId,
                "CANO", cano,
                "PDNO", "005930",
                "ORD_DVSN", dvsn,
                "ORD_QTY", qty,
                "ORD_UNPR", price,
                "EXCG_ID_DVSN_CD", "KRX");
    }

    static String code(HttpResponse<String> answer) {
        return answer.statusCode() + " "
                + RawClient.json(answer.body()).path("msg_cd").stringValue("(none)");
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
