package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.Programs.SHORT_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A gateway records what KIS sends; replayed to another gateway, the recording gives its clients the same messages. */
@Tag("slow")
class RecordReplayTest {
    private static final String SYMBOL = "005930";
    private static final String ACCOUNT = "51230001";
    private static final String HTS_ID = "recorded1";
    private static final String APP_KEY = "PSRECORD00000000000000000000000000001";

    @TempDir
    Path folder;

    /** What a client of a gateway received: pushed trades by the day's volume after them, and the outcomes of its orders. */
    private record Observation(TreeMap<Long, List<String>> trades, List<String> executions, List<String> outcomes) {}

    @Test
    void a_recorded_day_replayed_to_another_gateway_produces_the_same_events() throws Exception {
        Path recording = folder.resolve("day.rec");
        Observation first;
        try (Simulator simulator = Programs.simulator(createFolder("kis"), "--ticks", "30")) {
            var launch = withIdentity(Programs.gateway(createFolder("first"), simulator), ACCOUNT, HTS_ID)
                    .withEnvironment("KIS_RECORD_TO", recording.toString());
            try (Running gateway = Running.start(launch)) {
                first = trade(gateway, 160);
            }
        }
        String text = Files.readString(recording);
        assertThat(text).doesNotContain(ACCOUNT, HTS_ID, APP_KEY, "s".repeat(180));

        Observation second;
        var replay = new Simulator(kr.kisgateway.programs.LocalProgram.start(
                Launch.simulator(Launch.projectHome(), createFolder("replay"))
                        .withArguments("--replay", recording.toString()),
                Programs.START_TIMEOUT));
        try (replay;
                Running gateway = Running.start(
                        // The placeholders of account and HTS id in a recording.
                        withIdentity(Programs.gateway(createFolder("second"), replay), "90000001", "REPLAY01"))) {
            second = trade(gateway, 100); // a recording ends
        }

        assertThat(second.outcomes()).isEqualTo(first.outcomes());
        assertThat(second.executions()).isEqualTo(first.executions());
        long from = Math.max(first.trades().firstKey(), second.trades().firstKey());
        long to = Math.min(first.trades().lastKey(), second.trades().lastKey());
        Map<Long, List<String>> common = first.trades().subMap(from, true, to, true);
        assertThat(common).as("trades received from both").hasSizeGreaterThan(40);
        assertThat(second.trades().subMap(from, true, to, true)).isEqualTo(common);
    }

    @Test
    void an_existing_recording_is_not_overwritten() throws Exception {
        Path recording = Files.writeString(createFolder("there").resolve("day.rec"), "precious");
        var launch = Programs.gateway(createFolder("refused")).withEnvironment("KIS_RECORD_TO", recording.toString());

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Running.startUnready(launch)))
                .hasStackTraceContaining("is there already");
        assertThat(recording).hasContent("precious");
    }

    private Path createFolder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private static Launch withIdentity(Launch launch, String cano, String htsId) {
        return launch.withEnvironment("KIS_ENV", "sim")
                .withEnvironment("KIS_APP_KEY", APP_KEY)
                .withEnvironment("KIS_APP_SECRET", "s".repeat(180))
                .withEnvironment("KIS_CANO", cano)
                .withEnvironment("KIS_ACNT_PRDT_CD", "01")
                .withEnvironment("KIS_HTS_ID", htsId)
                // Lists are replayed in the order in which they were requested: a request by the clock may be ahead of
                // the recorded day.
                .withEnvironment("ORDER_RECONCILE_EVERY", "60s");
    }

    /** The same day at every gateway: a client subscribes, buys, and cancels another order. */
    private static Observation trade(Running gateway, int messages) {
        try (var stream = gateway.stream()) {
            stream.send("{\"op\":\"subscribe\",\"channels\":[\"trades\",\"executions\"],\"symbols\":[\"" + SYMBOL
                    + "\"],\"id\":\"1\"}");
            Eventually.await("trades", SHORT_TIMEOUT, stream::arrived, n -> n > 20);
            String bought = gateway.placed("buy", SYMBOL, "BUY", 3, Optional.empty());
            JsonNode filled = gateway.awaitStatus(bought, "FILLED");
            String resting = gateway.placed("rest", SYMBOL, "BUY", 2, Optional.of(150_000L));
            gateway.awaitStatus(resting, "SENT");
            gateway.client().post("/v1/orders/" + resting + "/cancel", "{}", "cancel");
            JsonNode cancelled = gateway.awaitStatus(resting, "CANCELED");
            Eventually.await(messages + " messages", SHORT_TIMEOUT, stream::arrived, n -> n > messages);

            var trades = new TreeMap<Long, List<String>>();
            var executions = new ArrayList<String>();
            for (JsonNode message : stream.unclaimed()) {
                switch (message.path("ch").asString("")) {
                    case "trades" -> {
                        // Between the snapshot, which may be a polled price, and the first pushed trade some are
                        // missing.
                        if (!message.has("snapshot") && !message.has("gap")) {
                            trades.computeIfAbsent(message.path("v").asLong(), v -> new ArrayList<>())
                                    .add(message.path("p") + " x " + message.path("q") + ' ' + message.path("side"));
                        }
                    }
                    case "executions" ->
                        executions.add(message.path("kind").asString() + ' '
                                + message.path("qty").asLong() + " at "
                                + message.path("price").asString());
                    default -> {}
                }
            }
            return new Observation(trades, executions, List.of(outcome(filled), outcome(cancelled)));
        }
    }

    private static String outcome(JsonNode order) {
        return order.path("status").asString() + ' ' + order.path("filled_qty").asLong() + " at "
                + order.path("avg_price").asString("-") + ", numbers " + order.path("kis_order_nos");
    }
}
