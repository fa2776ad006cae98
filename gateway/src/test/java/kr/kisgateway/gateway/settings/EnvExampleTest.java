package kr.kisgateway.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.kis.KisDefaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that users copy to {@code .env}. */
class EnvExampleTest {
    private static final Path EXAMPLE = Path.of("../.env.example");

    @TempDir
    Path folder;

    @Test
    void the_unchanged_example_starts_the_gateway_with_its_simulator() throws IOException {
        Files.copy(EXAMPLE, folder.resolve(".env"));
        var settings = ((SettingsResult.Loaded) load()).settings();
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.environment()).isEqualTo(KisEnvironment.SIM);
    }

    @Test
    void each_name_in_it_is_a_setting_and_each_example_value_is_valid() throws IOException {
        var example = Files.readString(EXAMPLE).lines().toList();
        var documented = Files.readString(Path.of("../docs/SETTINGS.md"));
        var names = example.stream().filter(line -> line.matches("#[A-Z_]+=.*")).toList();
        assertThat(names).hasSizeGreaterThan(10);
        for (var line : names) {
            var name = line.substring(1, line.indexOf('='));
            assertThat(documented).as(name).contains("`" + name + "`");
            if (!line.endsWith("=")) {
                Files.writeString(folder.resolve(".env"), "KIS_ENV=sim\n" + line.substring(1) + "\n");
                assertThat(load())
                        .as(line)
                        .isInstanceOfSatisfying(
                                SettingsResult.Loaded.class,
                                loaded ->
                                        assertThat(loaded.settings().warnings()).isEmpty());
            }
        }
    }

    private SettingsResult load() {
        return SettingsLoader.load(
                List.of(), Map.of(), folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
    }
}
