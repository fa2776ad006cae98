package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.wire.NoticeKey;

/** An input of the broker. */
public sealed interface Input {
    /**
     * A REST call. Header names are lower case, query names as they came.
     *
     * @param id names the call in {@link Effect.Reply}
     * @param entropy fresh random text of the shell, from which tokens and keys are made
     */
    record Rest(
            long id,
            String method,
            String path,
            Map<String, String> headers,
            Map<String, String> query,
            Body body,
            String entropy)
            implements Input {
        private static final Pattern NEXT_KEY = Pattern.compile("CTX_AREA_NK[0-9]*", Pattern.CASE_INSENSITIVE);

        /** The TR id; empty without one. */
        String trId() {
            return headers.getOrDefault("tr_id", "");
        }

        /** Without the header the continuation keys select the page: programs in use send them alone, and are served. */
        boolean isFirstPage() {
            String header = headers.get("tr_cont");
            return header == null
                    ? query.entrySet().stream()
                            .filter(param -> NEXT_KEY.matcher(param.getKey()).matches())
                            .allMatch(param -> param.getValue().isBlank())
                    : !header.strip().equals("N");
        }

        /** This request to another path. */
        Rest withPath(String newPath) {
            return new Rest(id, method, newPath, headers, query, body, entropy);
        }

        /** Without headers and body, which hold keys, secrets and account numbers. */
        @Override
        public String toString() {
            return "Rest[" + id + " " + method + " " + path + "]";
        }
    }

    /** The body of a call, parsed before it reaches the core's thread. */
    sealed interface Body {
        /** No body. */
        record None() implements Body {}

        /** A flat JSON object of strings, with its original text. */
        record Fields(Map<String, String> values, String text) implements Body {
            /** Names only: values may be secrets. */
            @Override
            public String toString() {
                return "Fields" + values.keySet();
            }
        }

        /** Any other text: not a flat JSON object of strings without repeated names. */
        record Unreadable() implements Body {}
    }

    /** A WebSocket was opened; {@code key} is this session's, for its notices. */
    record SocketOpened(long session, NoticeKey key) implements Input {}

    /** A text frame of a client, {@code message} being its JSON if it is one. */
    record SocketText(long session, String text, Optional<SocketMessage> message) implements Input {}

    /** A pong frame of a client. */
    record SocketPong(long session) implements Input {}

    /** The WebSocket is closed, by either side. */
    record SocketClosed(long session) implements Input {}

    /** Time has passed. */
    record Tick() implements Input {}

    /** Starts a scenario at {@code start}, beside the faults that are on. */
    record Play(Scenario scenario, Instant start) implements Input {}

    /** Starts a scenario at this instant and answers once it has started. */
    record PlayNow(long id, Scenario scenario) implements Input {}

    /** Faults to switch; a name with its value: a number ({@code Long}), a boolean, or the fields of a rule as a map. */
    record SwitchFaults(long id, Map<String, Object> values) implements Input {}

    /** Reads the verdict on the clients; {@code reset} clears the counts after that. */
    record ReadVerdict(long id, boolean reset) implements Input {}

    /** Halts, resumes or interrupts trading: what, and of which stock or in which stage. */
    record OperateMarket(long id, Map<String, Object> command) implements Input {}

    /** Reads what the broker has received, for tests. */
    record ReadState(long id, Map<String, Object> shell) implements Input {}
}
