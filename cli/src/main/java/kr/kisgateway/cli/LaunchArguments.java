package kr.kisgateway.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The arguments of the command line as they were typed. In a locale without UTF-8 a JVM replaces what is not ASCII; the
 * launcher then passes them in hexadecimal digits, each ended by a zero byte.
 */
final class LaunchArguments {
    /** The property that the launcher sets. */
    static final String PROPERTY = "kis.arguments";

    private LaunchArguments() {}

    /**
     * @param args as the JVM read them
     * @param carried the value of {@link #PROPERTY}, when the launcher set it
     */
    static List<String> of(String[] args, Optional<String> carried) {
        return carried.map(hex -> new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8))
                .map(text -> Arrays.asList(text.split("\0", -1)))
                .map(parts -> List.copyOf(parts.subList(0, parts.size() - 1)))
                .filter(typed -> typed.size() == args.length)
                .orElseGet(() -> List.of(args));
    }
}
