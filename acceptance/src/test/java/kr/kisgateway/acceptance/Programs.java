package kr.kisgateway.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayStream;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;
import tools.jackson.databind.JsonNode;

/** The packaged programs, each in a folder of its own with free ports. */
final class Programs {
    static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    static final Duration SHORT_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    /** Always open, also at midnight in Seoul: a test may run at any hour. */
    private static final String CLOCK = "open-fixed";

    private Programs() {}

    /** A gateway's launch with everything inside {@code folder}. */
    static Launch gateway(Path folder) {
        return StartCache.with(coldGateway(folder)).withEnvironment("SIMULATOR_PORT", "0");
    }

    /** The same launch as on a first start, which loads every class from its jar. */
    static Launch coldGateway(Path folder) {
        return Launch.gateway(Launch.projectHome(), folder)
                .withEnvironment("GATEWAY_PORT", "0")
                .withEnvironment("SIMULATOR_CLOCK", CLOCK)
                .withEnvironment("ORDER_DISPATCH_BY_MARKET", "60s") // a busy machine sends later
                .withEnvironment("GATEWAY_CONFIG_DIR", folder.resolve("config").toString())
                .withEnvironment("GATEWAY_DATA_DIR", folder.resolve("data").toString());
    }

    /** The same, connected to a simulator that runs already. */
    static Launch gateway(Path folder, Simulator simulator) {
        return StartCache.with(coldGateway(folder)).withEnvironment("SIMULATOR_URL", simulator.url());
    }

    /** A simulator of its own, with everything inside {@code folder}; always open unless {@code arguments} say otherwise. */
    static Simulator simulator(Path folder, String... arguments) {
        var launch = StartCache.with(Launch.simulator(Launch.projectHome(), folder))
                .withEnvironment("SIMULATOR_CLOCK", CLOCK)
                .withArguments("--data-dir", folder.resolve("broker").toString())
                .withArguments(arguments);
        return new Simulator(LocalProgram.start(launch, START_TIMEOUT));
    }

    /** The text of a key that {@code ./kis keys} creates for the gateway in {@code folder}, whether that runs or not. */
    static String key(Path folder, String... arguments) {
        return printed(folder, line -> line.startsWith("kgw_") && !line.contains(" "), arguments);
    }

    /** The JSON of a virtual app key that {@code ./kis keys … --json} creates. */
    static String keyJson(Path folder, String... arguments) {
        return printed(folder, line -> line.startsWith("{") && line.contains("\"appkey\""), arguments);
    }

    private static String printed(Path folder, Predicate<String> wanted, String... arguments) {
        var launch =
                commandOn(folder).withArguments("keys").withArguments(arguments).withArguments("--new-folder");
        try (var command = LocalProgram.startWithoutWaiting(launch)) {
            var code = command.awaitExit(START_TIMEOUT);
            return command.output().stream()
                    .filter(wanted)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no key, exit " + code + ": " + command.output()));
        }
    }

    /** Runs a command of the gateway's program on its data, to its end. */
    static void command(Path folder, String... arguments) {
        try (var command = LocalProgram.startWithoutWaiting(commandOn(folder).withArguments(arguments))) {
            var code = command.awaitExit(START_TIMEOUT);
            if (code.orElse(-1) != 0) throw new AssertionError("exit " + code + ": " + command.output());
        }
    }

    private static Launch commandOn(Path folder) {
        return StartCache.with(Launch.of(Launch.projectHome(), "gateway", "kr.kisgateway.gateway.Main", folder))
                .withEnvironment("GATEWAY_DATA_DIR", folder.resolve("data").toString());
    }

    /** Generous: on a busy machine a correct program can take its time. */
    private static GatewayClient clientOf(int port) {
        return GatewayClient.at(URI.create("http://127.0.0.1:" + port), CALL_TIMEOUT);
    }

    /** A running gateway and a client of it. */
    record Running(LocalProgram program, GatewayClient client) implements AutoCloseable {
        /** Starts a gateway that answers, ready or not. */
        static Running startUnready(Launch launch) {
            var program = LocalProgram.start(launch, START_TIMEOUT);
            return new Running(program, clientOf(program.gatewayPort()));
        }

        static Running start(Launch launch) {
            var running = startUnready(launch);
            try {
                return running.ready();
            } catch (AssertionError | RuntimeException e) {
                running.close(); // no program outlives a test, least of all a failed one
                throw e;
            }
        }

        /** Waits until the gateway can trade. */
        Running ready() {
            try {
                Eventually.await(
                        "the gateway to be ready", START_TIMEOUT, () -> client.get("/health/ready"), Answer::ok);
                return this;
            } catch (AssertionError e) {
                var lines = log().lines().toList();
                var end = lines.subList(Math.max(0, lines.size() - 40), lines.size());
                throw new AssertionError(e.getMessage() + "\n" + String.join("\n", end), e);
            }
        }

        JsonNode get(String path) {
            var answer = client.get(path);
            if (!answer.ok()) throw new AssertionError("GET " + path + " was answered " + answer);
            return answer.body();
        }

        /**
         * The {@code member} of all pages.
         *
         * @param path with a query
         */
        List<JsonNode> pages(String path, String member) {
            var all = new ArrayList<JsonNode>();
            for (var next = path; !next.isEmpty(); ) {
                var page = get(next);
                page.path(member).forEach(all::add);
                next = page.path("next_cursor").isNull()
                        ? ""
                        : path + "&cursor=" + page.path("next_cursor").asString();
            }
            return all;
        }

        Answer place(String key, String symbol, String side, long qty, Optional<Long> price) {
            return client.post("/v1/orders", Programs.order(symbol, side, qty, price), key);
        }

        /** Places an order and returns its id. */
        String placed(String key, String symbol, String side, long qty, Optional<Long> price) {
            var answer = place(key, symbol, side, qty, price);
            if (!answer.ok()) throw new AssertionError("the order was answered " + answer);
            return answer.body().path("order_id").asString();
        }

        JsonNode order(String id) {
            return get("/v1/orders/" + id);
        }

        JsonNode awaitStatus(String id, String... expected) {
            return Eventually.await(
                    "order " + id + " to be " + String.join(" or ", expected),
                    SHORT_TIMEOUT,
                    () -> order(id),
                    order -> List.of(expected).contains(order.path("status").asString()));
        }

        JsonNode await(String path, String what, Predicate<JsonNode> expected) {
            return Eventually.await(what, SHORT_TIMEOUT, () -> get(path), expected);
        }

        GatewayStream stream() {
            var stream = client.stream();
            stream.await("the hello", m -> m.path("op").asString("").equals("hello"), SHORT_TIMEOUT);
            return stream;
        }

        /** The gateway's log file so far. */
        String log() {
            return read(program.dataDirectory().resolve("log/gateway.log"));
        }

        void awaitLog(String part) {
            Eventually.await("\"" + part + "\" in the log", SHORT_TIMEOUT, this::log, log -> log.contains(part));
        }

        @Override
        public void close() {
            program.close();
            client.close();
        }
    }

    /** A running simulator and its control calls. */
    record Simulator(LocalProgram program, GatewayClient client) implements AutoCloseable {
        Simulator(LocalProgram program) {
            this(program, clientOf(program.simulatorPort()));
        }

        String url() {
            return "http://127.0.0.1:" + program.simulatorPort();
        }

        JsonNode state() {
            return client.get("/simulator/state").body();
        }

        /** How many tokens it was asked for, of all app keys. */
        int tokens() {
            return state().path("calls").path("/oauth2/tokenP").asInt();
        }

        void fault(String json) {
            switchFaults(client, json);
        }

        @Override
        public void close() {
            program.close();
            client.close();
        }
    }

    /** Switches faults of the simulator that {@code client} is connected to. */
    static void switchFaults(GatewayClient client, String json) {
        var answer = client.post("/simulator/faults", json);
        if (!answer.ok()) throw new AssertionError("the simulator refused " + json + ": " + answer);
    }

    static String order(String symbol, String side, long qty, Optional<Long> price) {
        return "{\"account_id\":\"A1\",\"symbol\":\"" + symbol + "\",\"side\":\"" + side + "\",\"qty\":" + qty
                + price.map(p -> ",\"order_type\":\"LIMIT\",\"price\":" + p).orElse("") + "}";
    }

    /** The same key always requests the same order; a price far below the market, so that the account's cash lasts. */
    static String restingOrder(String key) {
        int number = Math.floorMod(key.hashCode(), 40);
        return order("003490", "BUY", 1 + number % 5, Optional.of(19_000L + 50 * number));
    }

    static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
