package kr.kisgateway.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
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
                var lines = new BoundedLines(process.in(), McpRelay.LINE_BYTES_MAX)) {
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                relay.accept(line.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Kis.DONE;
    }
}
