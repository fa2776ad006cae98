package kr.kisgateway.gateway.face;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.wire.RestCall;

/** Programs write names of parameters in either case; KIS gets one spelling of each, so that a question has one form. */
final class ParameterNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,60}");

    private ParameterNames() {}

    /** The fields under the catalog's names; empty when a name has other characters, or two names are one. */
    static Optional<Map<String, String>> ofCatalog(RestCall call, Map<String, String> fields) {
        Map<String, String> known = new HashMap<>();
        call.params().forEach(param -> known.put(param.name().toUpperCase(Locale.ROOT), param.name()));
        Map<String, String> out = new LinkedHashMap<>();
        for (var field : fields.entrySet()) {
            if (!NAME.matcher(field.getKey()).matches()) {
                return Optional.empty();
            }
            String upper = field.getKey().toUpperCase(Locale.ROOT);
            if (out.put(known.getOrDefault(upper, upper), field.getValue()) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(out);
    }
}
