package kr.kisgateway.gateway.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import kr.kisgateway.client.settings.Form;
import kr.kisgateway.client.settings.Origin;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingGroup;
import kr.kisgateway.client.settings.SettingValues;
import kr.kisgateway.client.settings.SettingsPage;
import kr.kisgateway.client.settings.Target;

/**
 * What holds and where it came from; shows no secret.
 *
 * @param environment the environment that these settings mean
 * @param rows one for each setting of the table, in its order
 * @param further what {@code gateway.yaml} has beside them: app keys and finer limits
 * @param problems sentences about what stops the start
 * @param warnings sentences about what has no effect or is capped
 */
public record ConfigReport(
        KisEnvironment environment,
        List<Row> rows,
        List<String> further,
        List<String> problems,
        List<String> warnings) {
    /**
     * @param value masked; empty when nothing is set and there is no default
     * @param origin where it came from
     */
    public record Row(Setting setting, Optional<String> value, Origin origin) {}

    public ConfigReport {
        rows = List.copyOf(rows);
        further = List.copyOf(further);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    static ConfigReport of(
            SettingValues values, Target target, Settings settings, List<String> problems, List<String> warnings) {
        var further = new ArrayList<String>();
        addNames(
                further,
                "kis.app-keys",
                settings.kis().furtherKeys().stream().map(Settings.AppKey::id).toList());
        var layers = settings.risk().layers();
        addNames(further, "risk.accounts", layers.accounts().keySet());
        addNames(further, "risk.strategies", layers.strategies().keySet());
        addNames(further, "risk.keys", layers.keys().keySet());
        return new ConfigReport(
                settings.environment(),
                Arrays.stream(Setting.values())
                        .map(setting -> row(setting, values, target))
                        .toList(),
                further,
                problems,
                warnings);
    }

    /** The page of all settings, their defaults, units and meanings, in Markdown. */
    public static String document() {
        return SettingsPage.markdown();
    }

    /** What a terminal shows: chapters with name, value and origin. */
    public List<String> lines(boolean all) {
        var shown = rows.stream()
                .filter(row -> all || row.origin() != Origin.DEFAULT || row.setting() == Setting.KIS_ENV)
                .toList();
        int names = shown.stream()
                .mapToInt(row -> row.setting().name().length())
                .max()
                .orElse(0);
        int values = shown.stream().mapToInt(row -> value(row).length()).max().orElse(0);
        var lines = new ArrayList<String>();
        for (var group : SettingGroup.values()) {
            var members =
                    shown.stream().filter(row -> row.setting().group() == group).toList();
            if (!members.isEmpty()) {
                lines.add(group.english() + " (" + group.korean() + ")");
                members.forEach(row -> lines.add("  " + padded(row.setting().name(), names) + "  "
                        + padded(value(row), values) + "  " + row.origin().word()));
            }
        }
        further.forEach(line -> lines.add("gateway.yaml  " + line));
        if (!all) {
            lines.add("Everything else has its default; --all shows it. (나머지는 기본값입니다. --all 로 모두 볼 수 있습니다.)");
        }
        return List.copyOf(lines);
    }

    /** What is not set says so; the environment is the one that the other settings mean. */
    private String value(Row row) {
        return row.setting() == Setting.KIS_ENV && row.value().isEmpty()
                ? environment.word()
                : row.value().orElse("-");
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static void addNames(List<String> further, String member, Collection<String> names) {
        if (!names.isEmpty()) {
            further.add(member + ": " + String.join(", ", new TreeSet<>(names)));
        }
    }

    /** An empty text falls back on the default, but of symbols, where it means none of them. */
    private static Row row(Setting setting, SettingValues values, Target target) {
        var given = values.given(setting).filter(it -> !it.text().isBlank() || setting.form() == Form.SYMBOLS);
        return given.map(it -> new Row(
                        setting, Optional.of(setting.form().masked(it.text().strip())), it.origin()))
                .orElseGet(() -> new Row(setting, setting.fallback(target), Origin.DEFAULT));
    }
}
