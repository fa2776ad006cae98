package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A stop whose price is reached while the gateway is away: it is held, or placed if the settings say so. */
@Tag("slow")
class StrategyAbsenceTest {
    private static final String SYMBOL = "005930";
    private static final long STEP = 1_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private KisSimulator simulator;
    private Path folder;
    private GatewayProcess process;

    @BeforeEach
    void start(@TempDir Path temporary) {
        folder = temporary;
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withRates(5_000, 5_000)
                .withSynchronous("OFF"));
    }

    @AfterEach
    void stop() throws Exception {
        process.kill();
        simulator.close();
        http.close();
    }

    @Test
    void a_stop_that_was_reached_in_an_absence_is_held_with_an_alert_until_it_is_released() throws Exception {
        String id = fallDuringAnAbsence(Map.of());
        Await.until("it is held", () -> status(id).equals("HELD"));
        assertThat(process.get("/v1/alerts").toString())
                .contains("parent_order_held")
                .contains("\"P1\"")
                .contains(id);
        assertThat(process.get("/v1/parents/" + id).at("/legs/1/order_id").isNull())
                .isTrue();

        var released = release(id);

        assertThat(released.statusCode()).as(released.body()).isEqualTo(200);
        Await.until("it has ended", () -> status(id).equals("COMPLETED"));
        var again = release(id);
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(again.headers().firstValue("Idempotent-Replay")).contains("true");
        assertThat(process.get("/v1/parents/" + id).at("/legs/1/status").asString())
                .isEqualTo("FILLED");
        JsonNode events = process.get("/v1/parents/" + id + "/events");
        assertThat(events.valueStream().map(event -> event.path("type").asString()))
                .containsSubsequence("Held", "Triggered", "ChildStarted", "ChildEnded", "Ended");
        assertThat(events.toString()).contains("\"by\":\"local\"");
    }

    private HttpResponse<String> release(String id) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(process.post("/v1/parents/" + id + "/release", "{}"), (_, _) -> true)
                        .header("Idempotency-Key", "release")
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void the_settings_let_it_be_placed_at_once() throws Exception {
        String id = fallDuringAnAbsence(Map.of("PARENT_MISSED_TRIGGER", "place"));
        Await.until("it has ended", () -> status(id).equals("COMPLETED"));
        assertThat(process.get("/v1/parents/" + id).at("/legs/1/status").asString())
                .isEqualTo("FILLED");
        assertThat(process.get("/v1/alerts").toString()).doesNotContain("parent_order_held");
    }

    /** A bracket whose price falls below its stop while no gateway runs, and stays there. */
    private String fallDuringAnAbsence(Map<String, String> settings) throws Exception {
        process = new GatewayProcess(http, folder, simulator.restBase(), settings);
        long price = process.get("/v1/quotes/" + SYMBOL).path("price").asLong() / STEP * STEP;
        String body = "{\"kind\":\"BRACKET\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"" + SYMBOL
                + "\",\"side\":\"BUY\",\"qty\":3},\"stop\":{\"price\":" + (price - 4 * STEP) + "}}";
        var answer = http.send(
                HttpRequest.newBuilder(process.post("/v1/parents", body), (_, _) -> true)
                        .header("Idempotency-Key", "absence")
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = FaceClient.tree(answer).path("parent_id").asString();
        Await.until(
                "the entry is filled",
                () -> process.get("/v1/parents/" + id)
                        .at("/legs/0/status")
                        .asString()
                        .equals("FILLED"));
        process.kill();
        move(price - 10 * STEP);
        process.start();
        return id;
    }

    private String status(String id) throws IOException, InterruptedException {
        return process.get("/v1/parents/" + id).path("status").asString("");
    }

    private void move(long to) throws IOException, InterruptedException {
        var answer = http.send(
                HttpRequest.newBuilder(simulator.restBase().resolve("/simulator/market"))
                        .POST(BodyPublishers.ofString("{\"move\":\"" + SYMBOL + "\",\"to\":" + to + "}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
