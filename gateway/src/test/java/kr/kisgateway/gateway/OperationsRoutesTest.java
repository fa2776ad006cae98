package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.TradingCalendar;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What operators see of a running gateway: its settings, its callers, its gaps, and the simulator that it plays days at. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class OperationsRoutesTest {
    private static final KrxCalendar KRX = new KrxCalendar();

    private GatewayFixture gateway;

    @BeforeAll
    void start(@TempDir Path folder) {
        gateway = GatewayFixture.start(folder, "--simulator-clock=open-fixed");
        gateway.awaitReady();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void the_settings_in_force_have_their_origins_and_no_secret() {
        var answer = gateway.operate("GET", "/v1/ops/settings", "");
        gateway.contract().check("GET", "/v1/ops/settings", answer);
        assertThat(answer.body()).doesNotContain(GatewayFixture.TOKEN);
        var token = setting(gateway.tree(answer), "GATEWAY_OPERATOR_TOKEN");
        assertThat(token.path("value").asString()).startsWith("***");
        assertThat(token.path("origin").asString()).isEqualTo("environment");
        assertThat(setting(gateway.tree(answer), "SIMULATOR_CLOCK")
                        .path("value")
                        .asString())
                .isEqualTo("open-fixed");
        assertThat(setting(gateway.tree(answer), "SIMULATOR_CLOCK")
                        .path("origin")
                        .asString())
                .isEqualTo("command line");
        assertThat(setting(gateway.tree(answer), "GATEWAY_KEY_RATE")
                        .path("origin")
                        .asString())
                .isEqualTo("default");
    }

    private static JsonNode setting(JsonNode settings, String name) {
        return settings.path("settings")
                .valueStream()
                .filter(it -> it.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void calls_refusals_and_calls_to_kis_are_counted_by_caller() {
        var before = local();
        gateway.get("/v1/quotes/nothing");
        gateway.get("/v1/bars/005930?period=D&limit=1");
        var answer = gateway.operate("GET", "/v1/ops/clients", "");
        gateway.contract().check("GET", "/v1/ops/clients", answer);
        var after = local();
        assertThat(after.path("calls").asLong())
                .isGreaterThanOrEqualTo(before.path("calls").asLong() + 3);
        assertThat(after.path("refused").asLong())
                .isEqualTo(before.path("refused").asLong() + 1);
        assertThat(after.path("kis_calls").asLong())
                .isGreaterThan(before.path("kis_calls").asLong());
    }

    private JsonNode local() {
        gateway.get("/v1/session/status");
        return gateway.tree(gateway.operate("GET", "/v1/ops/clients", ""))
                .path("clients")
                .valueStream()
                .filter(it -> it.path("name").asString().equals("local"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_cut_of_the_socket_is_a_gap_with_its_registrations() {
        Await.until(
                "trades are pushed",
                () -> gateway.json("/v1/quotes/005930")
                        .path("source")
                        .asString()
                        .equals("kis-ws"));
        gateway.fault("{\"drop_sockets\":true}");
        Await.until("the gap is listed", () -> {
            var answer = gateway.operate("GET", "/v1/session/gaps", "");
            gateway.contract().check("GET", "/v1/session/gaps", answer);
            var newest = gateway.tree(answer).path("gaps").path(0);
            return newest.path("cause").asString("").equals("RECONNECT")
                    && !newest.path("registrations").isEmpty()
                    && newest.path("from")
                                    .asString()
                                    .compareTo(newest.path("to").asString())
                            <= 0;
        });
    }

    @Test
    void a_replay_is_begun_changed_and_ended_and_its_mistakes_leave_it_as_it_is() {
        var past = LocalDate.now(TradingCalendar.SEOUL).minusDays(1);
        while (!KRX.isTradingDay(past)) past = past.minusDays(1);
        var day = past.toString();
        var begun = simulator(
                "{\"replay\":{\"day\":\"" + day + "\",\"symbols\":[\"005930\",\"000660\"],\"playing\":false}}", 200);
        assertThat(begun.at("/replay/state").asString()).isEqualTo("PAUSED");
        assertThat(begun.at("/replay/symbols").size()).isEqualTo(2);
        assertThat(simulator("{\"replay\":{\"at\":\"10:30\",\"speed\":600}}", 200)
                        .at("/replay/at")
                        .asString())
                .isEqualTo("10:30:00");
        for (var mistake : new String[] {
            "{\"replay\":{\"day\":\"yesterday\",\"symbols\":[\"005930\"]}}",
            "{\"replay\":{\"day\":\"" + day + "\",\"symbols\":[]}}",
            "{\"replay\":{\"day\":\"" + day + "\",\"symbols\":[\"999998\"]}}",
            "{\"replay\":{\"day\":\"2001-01-01\",\"symbols\":[\"005930\"]}}",
            "{\"replay\":{\"speed\":601}}",
            "{\"replay\":{\"speed\":0}}",
            "{\"replay\":{\"at\":\"25:00\"}}",
            "{\"replay\":{}}",
            "{\"replay\":{\"end\":false}}",
            "{\"scenario\":\"nothing\"}",
            "{\"scenario\":\"slow-broker\",\"clear_verdict\":true}",
            "{}",
            "{\"market\":{\"moves\":{\"005930\":200000,\"nothing\":1}}}"
        }) {
            assertThat(simulator(mistake, 400).path("code").asString())
                    .as(mistake)
                    .isNotEmpty();
        }
        var kept = gateway.tree(gateway.operate("GET", "/v1/simulator", ""));
        assertThat(kept.at("/replay/at").asString()).isEqualTo("10:30:00");
        assertThat(kept.at("/replay/speed").asLong()).isEqualTo(600);
        assertThat(kept.at("/scenarios").size()).isEqualTo(7);
        assertThat(simulator("{\"replay\":{\"end\":true}}", 200).path("replay").isNull())
                .isTrue();
        assertThat(simulator("{\"replay\":{\"playing\":true}}", 400)
                        .path("message")
                        .asString())
                .contains("no day is played");
    }

    private JsonNode simulator(String body, int status) {
        var answer = gateway.operate("POST", "/v1/simulator", body);
        assertThat(answer.statusCode()).as(body + " " + answer.body()).isEqualTo(status);
        gateway.contract().check("POST", "/v1/simulator", answer);
        return gateway.tree(answer);
    }
}
