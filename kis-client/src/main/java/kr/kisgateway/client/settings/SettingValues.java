package kr.kisgateway.client.settings;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The explicit values with their origins; a later one replaces an earlier one. */
public final class SettingValues {
    /**
     * @param text the value as set, possibly empty
     * @param origin its origin
     */
    public record SettingValue(String text, Origin origin) {}

    private final Map<Setting, SettingValue> explicit = new EnumMap<>(Setting.class);

    /** The variables of a process; names of no setting are left out. */
    public static SettingValues of(Map<String, String> variables, Origin origin) {
        var values = new SettingValues();
        for (Setting setting : Setting.values()) {
            Optional.ofNullable(variables.get(setting.name())).ifPresent(text -> values.put(setting, text, origin));
        }
        return values;
    }

    /** Sets a value in place of any before it. */
    public void put(Setting setting, String text, Origin origin) {
        explicit.put(setting, new SettingValue(text, origin));
    }

    /** The value of {@code setting}, an empty text too. */
    public Optional<SettingValue> explicit(Setting setting) {
        return Optional.ofNullable(explicit.get(setting));
    }

    /** The value, when it is not empty, without blanks around it. */
    public Optional<String> text(Setting setting) {
        return explicit(setting).map(it -> it.text().strip()).filter(text -> !text.isEmpty());
    }

    /** All explicit values. */
    public Map<Setting, SettingValue> all() {
        return Map.copyOf(explicit);
    }
}
