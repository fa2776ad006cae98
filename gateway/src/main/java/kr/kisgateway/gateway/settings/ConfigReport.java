package kr.kisgateway.gateway.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import kr.kisgateway.client.settings.Form;
import kr.kisgateway.client.settings.Origin;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingGroup;
import kr.kisgateway.client.settings.SettingValues;
import kr.kisgateway.client.settings.SettingsPage;
import kr.kisgateway.client.settings.Target;

/**
 * The effective settings and their origins; contains no secret.
 *
 * @param environment the environment that these settings select; empty when they select none without a contradiction
 * @param rows one for each setting of the table, in its order
 * @param further further entries of {@code gateway.yaml}: app keys and finer limits
 * @param problems sentences about what prevents the start
 * @param warnings sentences about settings without effect and capped values
 */
public record ConfigReport(
        Optional<KisEnvironment> environment,
        List<Row> rows,
        List<String> further,
        List<String> problems,
        List<String> warnings) {
    /**
     * @param value masked; empty when unset without a default
     * @param origin source of the value
     */
    public record Row(Setting setting, Optional<String> value, Origin origin) {}

    public ConfigReport {
        rows = List.copyOf(rows);
        further = List.copyOf(further);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    static ConfigReport of(
            SettingValues values,
            Settings settings,
            boolean environmentValid,
            List<String> problems,
            List<String> warnings) {
        var target = settings.environment().target();
        var further = new ArrayList<String>();
        addNames(
                further,
                "kis.app-keys",
                settings.kis().furtherKeys().stream().map(Settings.AppKey::id).toList());
        addNames(
                further,
                "kis.accounts",
                settings.kis().furtherAccounts().stream()
                        .map(Settings.FurtherAccount::alias)
                        .toList());
        var layers = settings.risk().layers();
        addNames(further, "risk.accounts", layers.accounts().keySet());
        addNames(further, "risk.strategies", layers.strategies().keySet());
        addNames(further, "risk.keys", layers.keys().keySet());
        return new ConfigReport(
                Optional.of(settings.environment()).filter(_ -> environmentValid),
                Arrays.stream(Setting.values())
                        .map(setting -> row(setting, values, target))
                        .toList(),
                further,
                problems,
                warnings);
    }

    /** These settings with those of {@code later} that a running gateway applies: what holds after the files were read again. */
    ConfigReport withReloaded(ConfigReport later) {
        return new ConfigReport(
                environment,
                IntStream.range(0, rows.size())
                        .mapToObj(index -> (rows.get(index).setting().isReloadable() ? later : this).rows.get(index))
                        .toList(),
                further,
                problems,
                warnings);
    }

    /** The page of all settings, their defaults, units and meanings, in Markdown. */
    public static String document() {
        return SettingsPage.markdown();
    }

    /** The group's settings with a configured value; with {@code all} also those at their default. */
    public List<Row> rows(SettingGroup group, boolean all) {
        return rows.stream()
                .filter(row -> row.setting().group() == group)
                .filter(row -> all || row.origin() != Origin.DEFAULT || row.setting() == Setting.KIS_ENV)
                .toList();
    }

    /** The displayed value, {@code -} when unset. */
    public String value(Row row) {
        return effective(row).orElse("-");
    }

    /** The value, masked; the environment is the one that the other settings select. */
    Optional<String> effective(Row row) {
        return row.value()
                .or(() -> environment
                        .filter(_ -> row.setting() == Setting.KIS_ENV)
                        .map(KisEnvironment::wireName));
    }

    private static void addNames(List<String> further, String member, Collection<String> names) {
        if (!names.isEmpty()) {
            further.add(member + ": " + String.join(", ", new TreeSet<>(names)));
        }
    }

    /** An empty text falls back to the default, except for symbols, where it means none. */
    private static Row row(Setting setting, SettingValues values, Target target) {
        var configured =
                values.explicit(setting).filter(entry -> !entry.text().isBlank() || setting.form() == Form.SYMBOLS);
        return configured
                .map(entry -> new Row(
                        setting, Optional.of(setting.form().mask(entry.text().strip())), entry.origin()))
                .orElseGet(() -> new Row(setting, setting.fallback(target), Origin.DEFAULT));
    }
}
