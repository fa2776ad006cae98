package kr.kisgateway.client.settings;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The values that were given, each with the place where it was found; a later one replaces an earlier one. */
public final class SettingValues {
    /**
     * @param text as it was given, possibly empty
     * @param origin where
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

    /** Takes a value in place of any before it. */
    public void put(Setting setting, String text, Origin origin) {
        explicit.put(setting, new SettingValue(text, origin));
    }

    /** What was given for {@code setting}, an empty text too. */
    public Optional<SettingValue> explicit(Setting setting) {
        return Optional.ofNullable(explicit.get(setting));
    }

    /** The value, when it is set to something, without blanks around it. */
    public Optional<String> text(Setting setting) {
        return explicit(setting).map(it -> it.text().strip()).filter(text -> !text.isEmpty());
    }

    /** Everything that was given. */
    public Map<Setting, SettingValue> all() {
        return Map.copyOf(explicit);
    }
}
