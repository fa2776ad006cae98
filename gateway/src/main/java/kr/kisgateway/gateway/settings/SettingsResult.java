package kr.kisgateway.gateway.settings;

import java.util.List;

/** Settings, or the problems that prevent the start. */
public sealed interface SettingsResult {
    record Loaded(Settings settings) implements SettingsResult {}

    /** One sentence for each contradiction; the gateway must not start. */
    record Problems(List<String> sentences) implements SettingsResult {
        public Problems {
            sentences = List.copyOf(sentences);
        }
    }
}
