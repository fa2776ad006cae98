package kr.kisgateway.client.fuzz;

import java.nio.charset.StandardCharsets;
import kr.kisgateway.client.settings.DotEnv;

/** Any text of a settings file is values or problems that repeat no value. */
public final class SettingsFileFuzzer {
    private SettingsFileFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        DotEnv.Parsed parsed = DotEnv.parse(text);
        if (parsed.values().size() + parsed.problems().size() > text.lines().count()) {
            throw new IllegalStateException("more values than lines");
        }
    }
}
