package kr.kisgateway.client.settings;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of settings against the programs that read them and the page generated from it. */
@Requirement("P-07")
class SettingTableTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern NAMED = Pattern.compile("(?:Setting\\.|\")([A-Z][A-Z0-9_]*)\\b");
    /** Of every program, not settings of this one. */
    private static final Set<String> OF_TERMINALS = Set.of("NO_COLOR", "TERM");

    private static final Pattern OF_A_COMMAND = Pattern.compile("variable\\(\"([A-Z_]+)\"\\)");

    @Test
    void the_page_of_settings_matches_the_table() throws IOException {
        assertThat(Files.readString(ROOT.resolve("docs/SETTINGS.md")))
                .as("docs/SETTINGS.md; ./kis config --document > docs/SETTINGS.md writes it")
                .isEqualTo(SettingsPage.markdown());
    }

    @ParameterizedTest
    @EnumSource
    void every_setting_is_explained_in_english_and_korean_and_its_default_can_be_read(Setting setting) {
        assertThat(setting.english()).endsWith(".").doesNotContain("|");
        assertThat(setting.korean()).matches("(?s).*[가-힣].*").endsWith(".").doesNotContain("|");
        var problems = new java.util.ArrayList<String>();
        for (Target target : Target.values()) {
            var forms = new SettingForms(new SettingValues(), target, problems);
            setting.fallback(target).ifPresent(_ -> {
                switch (setting.form()) {
                    case DURATION -> assertThat(forms.duration(setting)).isPositive();
                    case PORT -> assertThat(forms.port(setting)).isPositive();
                    case BYTES -> assertThat(forms.bytes(setting)).isPositive();
                    case DAYS -> forms.days(setting);
                    case TIME_OF_DAY -> forms.timeOfDay(setting, true);
                    case FLAG ->
                        assertThat(forms.effective(setting).flatMap(SettingForms::flag))
                                .isPresent();
                    default -> assertThat(forms.effective(setting)).isPresent();
                }
            });
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void every_setting_is_read_by_the_programs_that_the_table_names() {
        Set<String> sdk = namesIn(sources("kis-client/src/main/java"));
        Set<String> gateway = namesIn(sources("kis-client/src/main/java/kr/kisgateway/client/settings"));
        gateway.addAll(namesIn(sources("gateway/src/main/java")));
        String cli = sources("cli/src/main/java");
        String launcher = read(ROOT.resolve("kis"))
                + read(ROOT.resolve("scripts/jdk.sh"))
                + read(ROOT.resolve("scripts/train.sh"))
                + read(ROOT.resolve("scripts/kis-develop"));
        assertThat(Setting.values())
                .allSatisfy(setting -> assertThat(setting.readers())
                        .allSatisfy(reader -> assertThat(
                                        switch (reader) {
                                            case SDK -> sdk.contains(setting.name());
                                            // Limits are read in a loop over the names of the rules.
                                            case GATEWAY, SIMULATOR ->
                                                gateway.contains(setting.name())
                                                        || setting.group() == SettingGroup.RISK;
                                            case CLI -> cli.contains('"' + setting.name() + '"');
                                            case LAUNCHER -> launcher.contains("${" + setting + "-");
                                        })
                                .as("%s is read by the %s", setting, reader.label())
                                .isTrue()));
    }

    @Test
    void every_variable_that_a_command_reads_is_in_the_table() {
        List<String> read = OF_A_COMMAND
                .matcher(sources("cli/src/main/java"))
                .results()
                .map(match -> match.group(1))
                .filter(name -> !OF_TERMINALS.contains(name))
                .distinct()
                .toList();
        assertThat(read)
                .contains("GATEWAY_CA")
                .allSatisfy(name -> assertThat(Setting.of(name))
                        .as(name)
                        .hasValueSatisfying(
                                setting -> assertThat(setting.readers()).contains(Reader.CLI)));
    }

    @Test
    void a_misspelt_setting_is_detected_and_variables_of_other_programs_are_ignored() {
        assertThat(Setting.isMisspelt("GATEWAY_PROT")).isTrue();
        assertThat(Setting.isMisspelt("GATEWAY_CA")).isFalse();
        assertThat(Setting.isMisspelt("TOKEN_OF_SOMETHING")).isFalse();
        assertThat(Setting.of("quote.stale-after")).contains(Setting.QUOTE_STALE_AFTER);
        assertThat(Setting.QUOTE_STALE_AFTER.yamlName()).isEqualTo("quote.stale-after");
        assertThat(Arrays.stream(Setting.values()).map(Setting::yamlName)).doesNotHaveDuplicates();
    }

    /** The constants of {@link Setting} and the quoted names in {@code sources}, collected in one pass. */
    private static Set<String> namesIn(String sources) {
        return NAMED.matcher(sources).results().map(match -> match.group(1)).collect(toCollection(HashSet::new));
    }

    /** Without the table itself. */
    private static String sources(String folder) {
        try (var files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith(Path.of("settings", "Setting.java")))
                    .sorted()
                    .map(SettingTableTest::read)
                    .collect(joining());
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }
}
