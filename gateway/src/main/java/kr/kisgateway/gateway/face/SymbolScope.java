package kr.kisgateway.gateway.face;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.wire.RestCall;

/**
 * What a key that is restricted to symbols may request: calls about the account, and calls that name instruments, all of them
 * permitted ones. A ranking, a list of news and the like name none, so they are refused.
 */
final class SymbolScope {
    /** Names of parameters whose value is an instrument. */
    private static final Pattern SYMBOL = Pattern.compile(
            "PDNO|.*_PDNO|SYMB|SHT_CD|ITEM_CD|STCK_CD|SRS_CD.*|.*ISCD(_[0-9]+)?|.*_SHRN_ISCD|ISIN.*|.*_FX_PDNO");

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

    /** Its parameter for an instrument selects a market or an underlying, and the answer has others. */
    private static boolean isRanking(RestCall call) {
        return call.path().contains("/ranking/") || call.path().endsWith("/volume-rank");
    }
}
