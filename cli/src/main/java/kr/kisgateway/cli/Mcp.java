package kr.kisgateway.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import picocli.CommandLine.Command;

@Command(
        description =
                "Connects an agent's program to the gateway: the Model Context Protocol on stdin and stdout. The agent's"
                        + " program starts it (docs/AGENTS.md).%n"
                        + "에이전트 프로그램을 게이트웨이에 연결합니다(MCP, 표준 입출력).")
final class Mcp extends GatewayCommand {
    /** A tool may wait for the call budget, and for KIS. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    Mcp(Kis kis) {
        super(kis);
    }

    @Override
    Duration limit() {
        return LIMIT;
    }

    @Override
    Set<String> withoutOptions() {
        return Set.of("--json", "--csv", "--quiet", "--watch");
    }

    @Override
    int run(GatewayConnection gateway) {
        var process = kis.process();
        try (var relay = new McpRelay(gateway, process.out());
                var lines = new BufferedReader(new InputStreamReader(process.in(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    relay.accept(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Kis.DONE;
    }
}
