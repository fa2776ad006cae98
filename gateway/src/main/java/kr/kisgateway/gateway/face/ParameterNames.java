package kr.kisgateway.gateway.face;

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
        if (isOfCatalog(call, fields)) {
            return Optional.of(fields);
        }
        Map<String, String> out = new LinkedHashMap<>();
        for (var field : fields.entrySet()) {
            if (!NAME.matcher(field.getKey()).matches()) {
                return Optional.empty();
            }
            String upper = field.getKey().toUpperCase(Locale.ROOT);
            if (out.put(known(call, upper).orElse(upper), field.getValue()) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(out);
    }

    /** Whether all are in the catalog's spelling already, as most programs send them. */
    private static boolean isOfCatalog(RestCall call, Map<String, String> fields) {
        for (String name : fields.keySet()) {
            if (!hasParameter(call, name)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasParameter(RestCall call, String name) {
        for (var param : call.params()) {
            if (param.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> known(RestCall call, String upper) {
        return call.params().stream()
                .map(RestCall.Param::name)
                .filter(name -> name.toUpperCase(Locale.ROOT).equals(upper))
                .findFirst();
    }
}
