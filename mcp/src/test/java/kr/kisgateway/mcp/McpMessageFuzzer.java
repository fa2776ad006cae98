package kr.kisgateway.mcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import kr.kisgateway.api.json.ApiJson;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Any message of an agent has an answer in JSON with the id of the message; none is a failure of the gateway. */
public final class McpMessageFuzzer {
    private static final String CONTRACT = contract();
    private static final Set<Integer> STATUSES = Set.of(200, 202, 400, 404);
    private static final ApiPort.Reply REPLY = new ApiPort.Reply(200, "{\"symbol\":\"005930\",\"price\":70000}");
    private static final McpServer SERVER = new McpServer(
            "1.2.3",
            EnumSet.allOf(Toolset.class),
            "secret",
            () -> Instant.parse("2026-11-24T01:00:00Z"),
            new Random(1),
            failure -> {
                throw new IllegalStateException("not expected", failure);
            });

    private McpMessageFuzzer() {}

    private static String contract() {
        try (var yaml = McpMessageFuzzer.class.getResourceAsStream("/openapi.yaml")) {
            return new YAMLMapper().readTree(yaml).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Called by Jazzer; the first line has the headers of version or session, method and name, the rest is the message. */
    public static void fuzzerTestOneInput(byte[] input) {
        String[] parts = new String(input, StandardCharsets.UTF_8).split("\n", 2);
        if (parts.length < 2) {
            return;
        }
        List<String> headers = List.of(parts[0].split("\t", -1));
        var answer = SERVER.answer(parts[1], name -> header(headers, name), new Agent());
        answer.body().ifPresent(ApiJson::tree);
        answer.question().ifPresent(question -> {
            ApiJson.tree(question.message());
            question.abandon().run();
        });
        if (!STATUSES.contains(answer.status())) {
            throw new IllegalStateException("status " + answer.status());
        }
    }

    private static Optional<String> header(List<String> headers, String name) {
        int index = switch (name) {
            case "Mcp-Method" -> 1;
            case "Mcp-Name" -> 2;
            default -> 0;
        };
        return headers.stream().skip(index).findFirst().filter(value -> !value.isEmpty());
    }

    private static final class Agent implements ApiPort {
        @Override
        public String caller() {
            return "agent";
        }

        @Override
        public boolean mayCall(String method, String path) {
            return true;
        }

        @Override
        public Reply send(Request request) {
            if (request.path().equals("/openapi.json")) {
                return new Reply(200, CONTRACT);
            }
            if (!request.path().startsWith("/") || request.path().chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new IllegalStateException("no path: " + request.path());
            }
            request.body().ifPresent(ApiJson::tree);
            return REPLY;
        }
    }
}
