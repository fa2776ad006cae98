package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands of the README, as a reader pastes them into a shell. */
@Tag("slow")
class ReadmeTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern ORDER_ID = Pattern.compile("ord_[0-9A-Z]{26}");
    private static final List<String> QUICK_CHECK = List.of(
            "/v1/session/status",
            "/v1/session/live-readiness",
            "/v1/quotes/005930",
            "/v1/orders",
            "/cancel",
            "/v1/metrics/quote",
            "/v1/metrics/order");

    /** @param command the text after the prompt, its continued lines included */
    private record DocumentedCommand(String command, String answer) {}

    @TempDir
    Path folder;

    @Test
    @Requirement(value = "G-19", clause = "readme")
    @Requirement(value = "G-19", clause = "runs")
    void each_command_of_the_quick_start_answers_with_the_documented_fields() throws Exception {
        var walk = documentedCommands("README.md");
        for (var call : QUICK_CHECK) {
            assertThat(walk)
                    .as("the quick check")
                    .anyMatch(documented -> documented.command().contains(call));
        }
        try (var gateway = Running.start(Programs.gateway(folder))) {
            var filled = "";
            for (var documented : walk) {
                var command = documented
                        .command()
                        .replace(
                                "127.0.0.1:8890",
                                "127.0.0.1:" + gateway.program().gatewayPort());
                if (command.contains("/cancel")) {
                    var resting = gateway.placed("resting", "005930", "BUY", 1, Optional.of(150_000L));
                    gateway.awaitStatus(resting, "SENT");
                    command = ORDER_ID.matcher(command).replaceAll(resting);
                } else {
                    command = ORDER_ID.matcher(command).replaceAll(filled);
                }
                var answer = JSON.readTree(shell(command));
                assertThat(fields(answer))
                        .as(command + " answers " + answer)
                        .containsAll(fields(JSON.readTree(documented.answer())));
                if (command.contains("-X POST") && answer.has("order_id") && filled.isEmpty()) {
                    filled = answer.path("order_id").asString();
                    gateway.awaitStatus(filled, "FILLED");
                }
            }
        }
    }

    /** Names of all fields, those of the first row of a list for a list. */
    private static List<String> fields(JsonNode node) {
        var names = new ArrayList<String>();
        if (node.isArray()) {
            return node.isEmpty() ? names : fields(node.get(0));
        }
        node.propertyStream().forEach(field -> {
            names.add(field.getKey());
            if (field.getValue().isObject()) {
                fields(field.getValue()).forEach(inner -> names.add(field.getKey() + "." + inner));
            }
        });
        return names.stream().sorted().toList();
    }

    private static List<DocumentedCommand> documentedCommands(String page) throws IOException {
        var lines = Files.readAllLines(Launch.projectHome().resolve(page));
        var documented = new ArrayList<DocumentedCommand>();
        for (var at = 0; at < lines.size(); at++) {
            if (!lines.get(at).startsWith("$ curl")) {
                continue;
            }
            var command = new StringBuilder(lines.get(at).substring(2));
            while (command.charAt(command.length() - 1) == '\\') {
                at++;
                command.append('\n').append(lines.get(at));
            }
            documented.add(new DocumentedCommand(command.toString(), lines.get(at + 1)));
        }
        return documented;
    }

    private static String shell(String command) throws Exception {
        var process = new ProcessBuilder("bash", "-c", command.replaceFirst("curl", "curl -sS --max-time 20"))
                .redirectErrorStream(true)
                .start();
        var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(command + ": " + answer).isZero();
        return answer;
    }
}
