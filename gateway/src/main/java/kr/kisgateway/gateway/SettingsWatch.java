package kr.kisgateway.gateway;

import java.time.Duration;
import java.util.List;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.settings.LiveSettings;
import kr.kisgateway.gateway.settings.SettingsReload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows {@code .env} and {@code gateway.yaml}: what a running gateway can apply is applied, the rest is named in the log. */
final class SettingsWatch {
    /** A change is read at the second of two equal looks, so it applies within half a second. */
    static final Duration INTERVAL = Duration.ofMillis(250);

    private static final Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);
    private static final String SUBJECT = "settings";
    private static final int PROBLEMS_MAX = 5;

    private final SettingsReload reload;
    private final LiveSettings live;
    private final AlertSource refused;

    /** @param refused of files with mistakes */
    SettingsWatch(SettingsReload reload, LiveSettings live, AlertSource refused) {
        this.reload = reload;
        this.live = live;
        this.refused = refused;
    }

    /** Reads the files if they have changed. Names of settings are logged, values never: some are secrets. */
    void check() {
        switch (reload.read()) {
            case SettingsReload.Reading.Unchanged() -> {
                // Most of the time.
            }
            case SettingsReload.Reading.Read(var settings, List<String> applied, List<String> needRestart) -> {
                live.apply(settings);
                refused.settle(SUBJECT);
                SECURITY.info("settings_reloaded applied={} need_restart={}", names(applied), names(needRestart));
            }
            case SettingsReload.Reading.Refused(List<String> problems) -> {
                SECURITY.warn("settings_refused problems={}", problems.size());
                refused.raise(
                        SUBJECT,
                        ".env or gateway.yaml is not used, the settings before it stay: "
                                + String.join(" ", problems.subList(0, Math.min(PROBLEMS_MAX, problems.size())))
                                + (problems.size() > PROBLEMS_MAX
                                        ? " And " + (problems.size() - PROBLEMS_MAX) + " more."
                                        : "")
                                + " Correct it; ./kis config shows what it finds.");
            }
        }
    }

    private static String names(List<String> names) {
        return names.isEmpty() ? "none" : String.join(",", names);
    }
}
