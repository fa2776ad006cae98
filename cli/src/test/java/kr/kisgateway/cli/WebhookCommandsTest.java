package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code webhook} against a real gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookCommandsTest {
    private static final String DEFINITION = """
            {"name":"%s","key":"bot","id":"{/id}","time":"{/time}",
             "order":{"account_id":"A1","symbol":"{/ticker}","side":"{/action}","qty":"1","order_type":"MARKET"},
             "values":{"side":{"buy":"BUY"}}}""";

    private Path folder;
    private RunningGateway gateway;
    private Shell shell;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        gateway = RunningGateway.start(temporary, List.of("--webhooks=true"));
        try (var http = HttpClient.newHttpClient()) {
            var made = http.send(
                    HttpRequest.newBuilder(gateway.baseUri().resolve("/v1/keys"))
                            .header("Content-Type", "application/json")
                            .header("X-Operator-Token", RunningGateway.TOKEN)
                            .POST(BodyPublishers.ofString("{\"name\":\"bot\",\"role\":\"trade\"}"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        }
        shell = Shell.with(
                Map.of("GATEWAY_URL", gateway.baseUri().toString(), "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN),
                temporary);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private void write(String file, String text) throws Exception {
        Files.writeString(folder.resolve(file), text);
    }

    @Test
    void a_webhook_is_created_listed_tested_and_deleted() throws Exception {
        write("tv.json", DEFINITION.formatted("tv"));
        var made = shell.run("webhook", "create", "tv.json");
        assertThat(made.code()).as(made.toString()).isZero();
        String secret = made.out()
                .lines()
                .filter(line -> line.startsWith("kwh_"))
                .findFirst()
                .orElseThrow();
        assertThat(made.out()).contains(gateway.baseUri() + "/v1/webhooks/tv/" + secret, "비밀값");

        var listed = shell.run("webhook", "list");
        assertThat(listed.out()).contains("tv", "bot", "VALID").doesNotContain(secret.substring(4), "off");

        write(
                "alert.json",
                "{\"ticker\":\"KRX:005930\",\"action\":\"buy\",\"id\":\"1\",\"time\":\"" + Instant.now() + "\"}");
        var trial = shell.run("webhook", "test", "tv", "alert.json");
        assertThat(trial.code()).as(trial.toString()).isZero();
        assertThat(trial.out())
                .contains("symbol = 005930", "side = BUY", "ordered nothing", "Idempotency-Key = webhook-tv-");
        assertThat(shell.run("orders", "list", "--json").out()).contains("\"orders\":[]");

        write(
                "odd.json",
                "{\"ticker\":\"KRX:005930\",\"action\":\"hold\",\"id\":\"1\",\"time\":\"" + Instant.now() + "\"}");
        var refused = shell.run("webhook", "test", "tv", "odd.json");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains("INVALID_FIELD", "side is none of buy");

        assertThat(shell.run("webhook", "delete", "tv").out()).contains("tv is deleted");
        var gone = shell.run("webhook", "delete", "tv");
        assertThat(gone.code()).isEqualTo(1);
        assertThat(gone.err()).contains("./kis webhook list");
    }

    @Test
    void a_bad_template_is_refused_with_its_place() throws Exception {
        write("bad.json", DEFINITION.formatted("bad").replace("{/ticker}", "{{ticker}}"));
        var refused = shell.run("webhook", "create", "bad.json");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("order.symbol", "position 2");
    }

    @Test
    void a_missing_file_is_a_usage_error() {
        var missing = shell.run("webhook", "create", "none.json");
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("There is no file", "docs/WEBHOOKS.md");
    }
}
