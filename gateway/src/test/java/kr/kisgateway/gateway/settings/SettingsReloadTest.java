package kr.kisgateway.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.client.settings.Form;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.Target;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsReload.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a running gateway reads of changed files. */
class SettingsReloadTest {
    private static final Reading UNCHANGED = new Reading.Unchanged();

    @TempDir
    private Path folder;

    private Settings load(Map<String, String> environment, String... arguments) {
        var loaded = SettingsLoader.load(
                List.of(arguments),
                environment,
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return switch (loaded) {
            case SettingsResult.Loaded(Settings settings) -> settings;
            case SettingsResult.Problems(List<String> sentences) -> throw new AssertionError(sentences);
        };
    }

    private void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What is read of files that have changed and do not change any more. */
    private static Reading afterChange(SettingsReload reload) {
        assertThat(reload.read()).as("the first look at changed files").isEqualTo(UNCHANGED);
        var reading = reload.read();
        assertThat(reload.read()).as("they are read once").isEqualTo(UNCHANGED);
        return reading;
    }

    private static Stream<Setting> reloadable() {
        return Stream.of(Setting.values()).filter(Setting::isReloadable);
    }

    @ParameterizedTest
    @MethodSource("reloadable")
    void every_setting_that_is_marked_as_reloadable_is_one_of_those_that_apply_at_once(Setting setting) {
        var settings = load(Map.of());
        assertThat(setting.form()).as("this test knows flags only").isEqualTo(Form.FLAG);
        String other = setting.fallback(Target.SIM).equals(java.util.Optional.of("true")) ? "false" : "true";
        write(".env", setting + "=" + other + "\n");
        assertThat(afterChange(settings.reload())).isInstanceOfSatisfying(Reading.Read.class, read -> {
            assertThat(read.live()).isNotEqualTo(settings.live());
            assertThat(read.applied()).containsExactly(setting.name());
            assertThat(read.needRestart()).isEmpty();
        });
    }

    @Test
    void files_that_did_not_change_are_not_read() {
        write(".env", "AEGIS_API_V31=false\n");
        var reload = load(Map.of()).reload();
        assertThat(reload.read()).isEqualTo(UNCHANGED);
        assertThat(reload.read()).isEqualTo(UNCHANGED);
    }

    @Test
    void what_holds_after_a_change_is_what_applies_at_once_and_the_rest_waits_for_a_restart() {
        write(".env", "GATEWAY_PORT=9001\n");
        var reload = load(Map.of()).reload();
        write(".env", "GATEWAY_PORT=9002\nAEGIS_API_V31=false\n");
        afterChange(reload);
        var effective = reload.effective().orElseThrow();
        assertThat(effective.needRestart()).containsExactly("GATEWAY_PORT");
        assertThat(effective.report().rows())
                .filteredOn(row -> row.setting() == Setting.GATEWAY_PORT || row.setting() == Setting.AEGIS_API_V31)
                .extracting(row -> row.value().orElseThrow())
                .containsExactlyInAnyOrder("9001", "false");
        write(".env", "GATEWAY_PORT=none of these\n");
        afterChange(reload);
        assertThat(reload.effective()).as("a refused file changes nothing").contains(effective);
    }

    @Test
    void a_file_is_read_when_it_was_the_same_twice() {
        var reload = load(Map.of()).reload();
        for (int i = 0; i < 5; i++) {
            write(".env", "#" + "x".repeat(i) + "\nAEGIS_API_V31=false\n");
            assertThat(reload.read()).as("while it is being written").isEqualTo(UNCHANGED);
        }
        assertThat(reload.read()).isInstanceOf(Reading.Read.class);
    }

    @Test
    void a_change_of_any_other_setting_is_named_until_it_is_taken_back() {
        write("gateway.yaml", "quote:\n  stale-after: 7s\n");
        var settings = load(Map.of());
        write("gateway.yaml", "quote:\n  stale-after: 8s\nrisk:\n  accounts:\n    A1: {max-qty: 5}\n");
        write(".env", "KIS_WS_SYMBOLS=\nAEGIS_API_V31=false\n");
        var changed = new Reading.Read(
                new Settings.Live(false),
                List.of("AEGIS_API_V31"),
                List.of("KIS_WS_SYMBOLS", "QUOTE_STALE_AFTER", "risk.accounts"));
        assertThat(afterChange(settings.reload())).isEqualTo(changed);

        write(".env", "AEGIS_API_V31=false\n");
        assertThat(afterChange(settings.reload()))
                .isEqualTo(new Reading.Read(
                        new Settings.Live(false), List.of(), List.of("QUOTE_STALE_AFTER", "risk.accounts")));

        write("gateway.yaml", "quote:\n  stale-after: 7s\n");
        assertThat(afterChange(settings.reload()))
                .isEqualTo(new Reading.Read(new Settings.Live(false), List.of(), List.of()));
    }

    @Test
    void the_order_of_the_sources_stays() throws IOException {
        write("gateway.yaml", "aegis:\n  api-v31: false\n");
        var settings = load(Map.of());
        assertThat(settings.live()).isEqualTo(new Settings.Live(false));
        write(".env", "AEGIS_API_V31=true\n");
        assertThat(afterChange(settings.reload()))
                .isEqualTo(new Reading.Read(new Settings.Live(true), List.of("AEGIS_API_V31"), List.of()));
        Files.delete(folder.resolve(".env"));
        assertThat(afterChange(settings.reload()))
                .isEqualTo(new Reading.Read(new Settings.Live(false), List.of("AEGIS_API_V31"), List.of()));

        var byEnvironment = load(Map.of("AEGIS_API_V31", "true"));
        var byCommandLine = load(Map.of(), "--aegis-api-v31=true");
        write("gateway.yaml", "# The same value in a changed file.\naegis:\n  api-v31: false\n");
        for (var stronger : List.of(byEnvironment, byCommandLine)) {
            assertThat(afterChange(stronger.reload()))
                    .isEqualTo(new Reading.Read(new Settings.Live(true), List.of(), List.of()));
        }
    }

    @Test
    void files_with_mistakes_are_refused_and_the_next_valid_ones_are_compared_with_those_before() {
        var settings = load(Map.of());
        write(".env", "AEGIS_API_V31=perhaps\n");
        assertThat(afterChange(settings.reload()))
                .isInstanceOfSatisfying(
                        Reading.Refused.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .contains("AEGIS_API_V31"));
        write("gateway.yaml", "quote: [\n");
        write(".env", "AEGIS_API_V31=false\n");
        assertThat(afterChange(settings.reload())).isInstanceOf(Reading.Refused.class);
        write("gateway.yaml", "");
        assertThat(afterChange(settings.reload()))
                .isEqualTo(new Reading.Read(new Settings.Live(false), List.of("AEGIS_API_V31"), List.of()));
    }

    @Test
    void listeners_receive_changes_alone() {
        var live = new LiveSettings(new Settings.Live(true));
        var received = new ArrayList<Settings.Live>();
        live.onChange(received::add);
        live.apply(new Settings.Live(true));
        live.apply(new Settings.Live(false));
        live.apply(new Settings.Live(false));
        assertThat(received).containsExactly(new Settings.Live(false));
        assertThat(live.current()).isEqualTo(new Settings.Live(false));
    }
}
