package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Watchlists over a real gateway that requires keys. */
@Tag("slow")
class WatchlistsTest {
    @TempDir
    private Path folder;

    private KeyedGateway gateway;

    @BeforeEach
    void start() {
        gateway = new KeyedGateway(folder);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private HttpResponse<String> save(String name, String body, String key) throws Exception {
        return gateway.send("PUT", "/v1/watchlists/" + name, body, key);
    }

    private JsonNode lists(String key) throws Exception {
        return gateway.json(gateway.get("/v1/watchlists", key)).path("watchlists");
    }

    @Test
    void each_key_has_its_own_which_survive_a_restart_and_end_when_they_are_deleted() throws Exception {
        String other = gateway.key("other", "quote");
        assertThat(save("tech", "{\"symbols\":[\"000660\",\"005930\",\"AAPL.NASD\"]}", gateway.admin)
                        .statusCode())
                .isEqualTo(200);
        assertThat(save("tech", "{\"symbols\":[\"005930\"]}", other).statusCode())
                .isEqualTo(200);

        gateway.restart();
        assertThat(lists(gateway.admin).path(0).path("symbols").toString())
                .isEqualTo("[\"000660\",\"005930\",\"AAPL.NASD\"]");
        assertThat(lists(other).path(0).path("symbols").toString()).isEqualTo("[\"005930\"]");

        assertThat(save("tech", "{\"symbols\":[]}", other).statusCode()).isEqualTo(200);
        assertThat(gateway.send("DELETE", "/v1/watchlists/tech", "", gateway.admin)
                        .statusCode())
                .isEqualTo(200);
        assertThat(lists(gateway.admin).size()).isZero();
        assertThat(gateway.send("DELETE", "/v1/watchlists/tech", "", gateway.admin)
                        .body())
                .contains("WATCHLIST_NOT_FOUND");
        gateway.restart();
        assertThat(lists(other).path(0).path("symbols").size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a        | {\"symbols\":[\"999999\"]}             | SYMBOL_NOT_FOUND",
                "a        | {\"symbols\":[\"../x\"]}               | SYMBOL_NOT_FOUND",
                "a        | {\"symbols\":[\"005930\",\"005930\"]}  | INVALID_FIELD",
                "a        | {\"symbols\":\"005930\"}               | INVALID_FIELD",
                "a        | {\"symbols\":[5930]}                   | INVALID_FIELD",
                "a        | {\"names\":[]}                         | UNKNOWN_FIELD",
                "a        | [\"005930\"]                           | MALFORMED_JSON",
                "%20a     | {\"symbols\":[]}                       | INVALID_FIELD",
                "a%0Ab    | {\"symbols\":[]}                       | INVALID_FIELD",
                "%E2%80%AEx | {\"symbols\":[]}                     | INVALID_FIELD",
            })
    void what_is_no_watchlist_is_refused_and_changes_nothing(String name, String body, String code) throws Exception {
        var answer = save(name, body, gateway.admin);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
        assertThat(gateway.json(answer).path("code").asString("")).isEqualTo(code);
        assertThat(lists(gateway.admin).size()).isZero();
    }

    @Test
    void a_caller_has_fifty_of_five_hundred_symbols_and_another_key_still_has_its_own() throws Exception {
        var many = IntStream.range(0, 501)
                .mapToObj(i -> "\"%06d\"".formatted(i))
                .collect(Collectors.joining(",", "{\"symbols\":[", "]}"));
        assertThat(save("many", many, gateway.admin).body()).contains("at most 500 entries");
        for (int i = 0; i < 50; i++) {
            String name = "list" + i;
            // Twenty changes a second.
            KeyedGateway.until(
                    () -> save(name, "{\"symbols\":[]}", gateway.admin).statusCode() == 200);
        }
        KeyedGateway.until(
                () -> save("one-more", "{\"symbols\":[]}", gateway.admin).body().contains("at most 50 watchlists"));
        KeyedGateway.until(
                () -> save("list0", "{\"symbols\":[\"005930\"]}", gateway.admin).statusCode() == 200);
        assertThat(save("first", "{\"symbols\":[]}", gateway.key("other", "quote"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_caller_changes_twenty_a_second_and_another_is_not_held_up() throws Exception {
        String other = gateway.key("other", "quote");
        var refused = new java.util.ArrayList<HttpResponse<String>>();
        Callable<HttpResponse<String>> change = () -> save("busy", "{\"symbols\":[]}", gateway.admin);
        KeyedGateway.until(() -> {
            try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var answer : callers.invokeAll(Collections.nCopies(40, change))) {
                    if (answer.get().statusCode() == 429) {
                        refused.add(answer.get());
                    }
                }
            }
            return !refused.isEmpty();
        });
        assertThat(refused.getFirst().headers().firstValue("Retry-After")).contains("1");
        assertThat(save("calm", "{\"symbols\":[]}", other).statusCode()).isEqualTo(200);
    }

    @Test
    void a_damaged_file_ends_the_start_with_what_to_do() throws Exception {
        save("tech", "{\"symbols\":[\"005930\"]}", gateway.admin);
        Path file;
        try (var files = Files.walk(folder)) {
            file = files.filter(it -> it.endsWith("watchlists.json"))
                    .findFirst()
                    .orElseThrow();
        }
        var content = Files.readString(file);
        Files.writeString(file, content.substring(0, content.length() - 3));
        assertThatThrownBy(gateway::restart)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("watchlists.json cannot be read")
                .hasMessageContaining("move it away");
        Files.writeString(file, content);
        gateway.restart();
        assertThat(lists(gateway.admin).size()).isEqualTo(1);
    }
}
