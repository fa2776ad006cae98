package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class SharedHistoryStartTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path root;

    private Gateway start(Path home, Path history) {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"),
                Map.of("HISTORY_URL", history.toString()),
                home,
                home.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    @ParameterizedTest
    @CsvSource({"missing, does not exist", "data, lie in one another", "data/sim/below, lie in one another"})
    void a_folder_that_cannot_hold_the_history_refuses_the_start_in_one_sentence(String name, String reason) {
        assertThatThrownBy(() -> start(root, root.resolve(name)).close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("HISTORY_URL")
                .hasMessageContaining(reason);
        assertThat(root.resolve("data/sim/journal.db")).doesNotExist();
    }

    @Test
    void a_second_gateway_on_the_same_folder_trades_and_refuses_backfills_until_the_first_has_ended() throws Exception {
        Path storage = Files.createDirectory(root.resolve("storage"));
        try (var first = start(root, storage)) {
            assertThat(backfill(first).statusCode()).isEqualTo(202);
            try (var second = start(Files.createDirectory(root.resolve("second")), storage)) {
                var refused = backfill(second);
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
                assertThat(refused.body()).contains("HISTORY_UNAVAILABLE", "Another gateway still writes");
            }
        }
        assertThat(storage.resolve("sim/writer.lock")).exists();
        assertThat(root.resolve("data/sim/history")).doesNotExist();
    }

    private HttpResponse<String> backfill(Gateway gateway) throws Exception {
        return client.send(
                HttpRequest.newBuilder(gateway.baseUri().resolve("/v1/history/backfill"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(
                                "{\"symbols\":[\"005930\"],\"period\":\"D\",\"from\":\"2026-10-01\","
                                        + "\"to\":\"2026-10-30\"}"))
                        .build(),
                BodyHandlers.ofString());
    }
}
