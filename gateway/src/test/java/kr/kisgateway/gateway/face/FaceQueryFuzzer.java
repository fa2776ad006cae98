package kr.kisgateway.gateway.face;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.face.AccountMask.Masked;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;

/**
 * Any query of a program written for KIS is fields under the catalog's names, of which KIS gets the real account where the
 * program has its own, and no page key of another program; a key for one stock may not name another.
 */
public final class FaceQueryFuzzer {
    private static final String STOCK = "005930";
    private static final Masked OWN = new Masked("1234567801", "login");
    private static final KisUpstream.Identity REAL = new KisUpstream.Identity("87654321", "02", Optional.of("holder"));
    private static final String PAGE = "87654321^02^000012";
    private static final AccountMask MASK = mask();
    private static final Caller RESTRICTED =
            new Caller("program", Role.TRADE, Optional.empty(), Optional.of(Set.of(STOCK)));
    private static final List<RestCall> CALLS = Catalog.load().restCalls().stream()
            .filter(call -> call.method().equals("GET"))
            .toList();

    private FaceQueryFuzzer() {}

    /** Called by Jazzer; the first two bytes choose the call, each line then is a parameter as {@code NAME=value}. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        RestCall call = CALLS.get(((input[0] & 0xff) << 8 | input[1] & 0xff) % CALLS.size());
        Map<String, String> query = new LinkedHashMap<>();
        new String(input, 2, input.length - 2, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("=", 2))
                .forEach(parts -> query.put(parts[0], parts.length < 2 ? "" : parts[1]));
        ParameterNames.ofCatalog(call, query).ifPresent(fields -> verify(call, fields));
    }

    private static void verify(RestCall call, Map<String, String> fields) {
        FaceRequestFuzzer.requireCatalogNames(call, fields);
        if (SymbolScope.permits(call, fields, RESTRICTED)
                && fields.entrySet().stream().anyMatch(FaceQueryFuzzer::namesAnother)) {
            throw new IllegalStateException("another stock: " + fields);
        }
        AccountMask.isOwnAccount(call, fields, OWN);
        MASK.toKis(fields, OWN, "key").ifPresent(sent -> verifySent(fields, sent));
    }

    /** Two programs have a following page each: the tokens are twenty times the first letter of the program's key. */
    private static AccountMask mask() {
        var mask =
                new AccountMask(REAL, new PageKeys(text -> text.substring(0, 1).repeat(20)));
        mask.fromKis("{\"ctx_area_nk100\":\"" + PAGE + "\"}", OWN, "key");
        mask.fromKis("{\"ctx_area_nk100\":\"of another program\"}", OWN, "other");
        return mask;
    }

    private static boolean namesAnother(Map.Entry<String, String> field) {
        return Set.of("PDNO", "FID_INPUT_ISCD").contains(field.getKey())
                && !Set.of("", STOCK).contains(field.getValue().strip());
    }

    private static void verifySent(Map<String, String> fields, Map<String, String> sent) {
        if (!fields.keySet().equals(sent.keySet())) {
            throw new IllegalStateException(fields + " are sent as " + sent);
        }
        sent.forEach((name, value) -> {
            boolean isReal = switch (name) {
                case "CANO" -> value.equals(REAL.cano());
                case "ACNT_PRDT_CD" -> value.equals(REAL.productCode());
                case "USER_ID" -> value.isEmpty() || value.equals("holder");
                default -> !name.startsWith("CTX_AREA_") || value.isBlank() || value.equals(PAGE);
            };
            if (!isReal) {
                throw new IllegalStateException(name + " is sent as " + value);
            }
        });
    }
}
