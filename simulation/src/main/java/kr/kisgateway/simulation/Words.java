package kr.kisgateway.simulation;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of the code as words of a report. */
final class Words {
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    private Words() {}

    /** {@code RESENDS_ON_TIMEOUT} as {@code resends on timeout}. */
    static String of(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** {@code GatewayDies} as {@code gateway dies}. */
    static String of(Class<?> kind) {
        return HUMP.matcher(kind.getSimpleName()).replaceAll(" ").toLowerCase(Locale.ROOT);
    }
}
