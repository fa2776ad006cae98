package kr.kisgateway.terminal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The arguments of the command line as typed. Without a UTF-8 locale a JVM replaces non-ASCII characters; the launcher
 * then passes the arguments as hexadecimal digits, each terminated by a zero byte.
 */
public final class LaunchArguments {
    /** System property that the launcher sets. */
    public static final String PROPERTY = "kis.arguments";

    private LaunchArguments() {}

    /**
     * @param args as the JVM decoded them
     * @param carried value of {@link #PROPERTY}, if the launcher set it
     */
    public static List<String> of(String[] args, Optional<String> carried) {
        return carried.map(hex -> new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8))
                .map(text -> Arrays.asList(text.split("\0", -1)))
                .map(parts -> List.copyOf(parts.subList(0, parts.size() - 1)))
                .filter(typed -> typed.size() == args.length)
                .orElseGet(() -> List.of(args));
    }
}
