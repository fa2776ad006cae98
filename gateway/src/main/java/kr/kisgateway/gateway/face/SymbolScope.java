package kr.kisgateway.gateway.face;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.wire.RestCall;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a key that is restricted to symbols may request: calls about the account, and calls that name instruments, all of them
 * permitted ones. A ranking, a list of news and the like name none, so they are refused.
 */
final class SymbolScope {
    /** Names of parameters whose value is an instrument. */
    private static final Pattern SYMBOL = Pattern.compile(
            "PDNO|.*_PDNO|SYMB|SHT_CD|ITEM_CD|STCK_CD|SRS_CD.*|.*ISCD(_[0-9]+)?|.*_SHRN_ISCD|ISIN.*|.*_FX_PDNO");

    /** Names of columns whose value is an instrument. */
    private static final List<String> ROW_SYMBOLS = List.of("pdno", "ovrs_pdno", "shtn_pdno");

    private static final JsonMapper JSON = new JsonMapper();

    private SymbolScope() {}

    static boolean permits(RestCall call, Map<String, String> fields, Caller caller) {
        if (caller.symbols().isEmpty()) {
            return true;
        }
        Set<String> known = call.params().stream()
                .map(param -> param.name().toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        // KIS ignores other names, so what they say is no symbol of the answer.
        if (isRanking(call)
                || !fields.keySet().stream()
                        .map(name -> name.toUpperCase(Locale.ROOT))
                        .allMatch(known::contains)) {
            return false;
        }
        List<String> symbols = fields.entrySet().stream()
                .filter(field ->
                        SYMBOL.matcher(field.getKey().toUpperCase(Locale.ROOT)).matches())
                .map(field -> field.getValue().strip())
                .filter(symbol -> !symbol.isEmpty())
                .toList();
        return symbols.stream().allMatch(caller::mayReadSymbol) && (call.isLedger() || !symbols.isEmpty());
    }

    /** An answer about the account without the rows of other instruments; its sums are the account's. */
    static String rows(RestCall call, String body, Caller caller) {
        if (!call.isLedger() || caller.symbols().isEmpty() || !(JSON.readTree(body) instanceof ObjectNode answer)) {
            return body;
        }
        Set<String> permitted = caller.symbols().get();
        answer.forEach(output -> {
            if (output instanceof ArrayNode rows) {
                for (int i = rows.size() - 1; i >= 0; i--) {
                    if (!isPermitted(rows.get(i), permitted)) {
                        rows.remove(i);
                    }
                }
            }
        });
        return JSON.writeValueAsString(answer);
    }

    /** A code of an unknown form is of no permitted instrument. */
    private static boolean isPermitted(JsonNode row, Set<String> permitted) {
        return ROW_SYMBOLS.stream()
                .map(name -> row.path(name).asString("").strip())
                .filter(code -> !code.isEmpty())
                .allMatch(code ->
                        permitted.stream().anyMatch(symbol -> symbol.equals(code) || symbol.startsWith(code + ".")));
    }

    /** Its parameter for an instrument selects a market or an underlying, and the answer has others. */
    private static boolean isRanking(RestCall call) {
        return call.path().contains("/ranking/") || call.path().endsWith("/volume-rank");
    }
}
