package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Operators acknowledge and silence alerts of a whole gateway, what is left goes on to further channels, and channels are tested. */
@Tag("slow")
class AlertOperationsTest {
    private static final String ON = "{\"on\":true,\"reason\":\"a test\"}";
    private static final String OFF = "{\"on\":false}";
    private static final String RULES = """
            language: en
            dedupe: 0s
            channels:
              team: {type: slack, url: BASE/team}
              page: {type: pagerduty, url: BASE, routing-key: routing}
              boss: {type: webhook, url: BASE/boss, key: shared}
            routes:
              - {events: [kill_switch_on], to: [team, page], escalate: {after: 10m, to: [boss]}}
            """;

    @TempDir
    Path folder;

    private AlertReceiver receiver;
    private GatewayFixture gateway;

    @BeforeEach
    void start() throws IOException {
        receiver = new AlertReceiver();
        Files.writeString(
                folder.resolve("alerts.yaml"),
                RULES.replace("BASE", receiver.base().toString()));
        startGateway();
        gateway.awaitReady();
    }

    private void startGateway() {
        gateway = GatewayFixture.start(folder, "--alerts-inner-addresses=true");
    }

    @AfterEach
    void stop() {
        gateway.close();
        receiver.close();
    }

    private JsonNode operate(int status, String method, String path, String body) {
        var answer = gateway.operate(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        gateway.contract().check(method, path.replaceAll("/[0-9]+$", "/{id}"), answer);
        return gateway.tree(answer);
    }

    private void killSwitch(String body) {
        operate(200, "POST", "/v1/risk/kill-switch", body);
    }

    private String subject() {
        return gateway.alert("kill_switch_on").orElseThrow().path("subject").asString();
    }

    private JsonNode acknowledge(int status, String note) {
        return operate(
                status,
                "POST",
                "/v1/alerts/ack",
                "{\"event\":\"kill_switch_on\",\"subject\":\"gateway\",\"note\":\"" + note + "\"}");
    }

    private long actions(String action) {
        return receiver.of("/v2/enqueue").stream()
                .filter(it -> it.body().path("event_action").asString().equals(action))
                .count();
    }

    @Test
    void what_is_not_acknowledged_goes_to_the_next_channel_and_so_does_its_end() {
        killSwitch(ON);
        Await.until("the team has it", () -> receiver.of("/team").size() == 1);
        assertThat(receiver.of("/boss")).isEmpty();
        gateway.jump(Duration.ofMinutes(10));
        Await.until("the next channel has it", () -> receiver.of("/boss").size() == 1);
        assertThat(receiver.of("/boss").getFirst().body().path("kind").asString())
                .isEqualTo("escalated");
        killSwitch(OFF);
        Await.until("and its end", () -> receiver.of("/boss").size() == 2);
        assertThat(receiver.of("/boss").getLast().body().path("kind").asString())
                .isEqualTo("resolved");
    }

    @Test
    void an_acknowledged_alert_is_marked_and_not_escalated_also_after_a_restart() {
        assertThat(acknowledge(404, "nothing persists").path("code").asString()).isEqualTo("ALERT_NOT_FOUND");
        killSwitch(ON);
        Await.until("the team has it", () -> receiver.of("/team").size() == 1);
        assertThat(subject()).isEqualTo("gateway");
        assertThat(acknowledge(200, "on it").path("by").asString()).isEqualTo("local");
        assertThat(acknowledge(200, "again").path("note").asString())
                .as("the first one stays")
                .isEqualTo("on it");
        Await.until("the pager has it", () -> actions("acknowledge") == 1);
        assertThat(gateway.alert("kill_switch_on")
                        .orElseThrow()
                        .at("/acknowledged/note")
                        .asString())
                .isEqualTo("on it");
        gateway.contract().check("GET", "/v1/alerts", gateway.get("/v1/alerts"));

        gateway.close();
        startGateway();
        Await.until(
                "the alert is raised again",
                () -> gateway.alert("kill_switch_on").isPresent());
        assertThat(gateway.alert("kill_switch_on")
                        .orElseThrow()
                        .at("/acknowledged/by")
                        .asString())
                .isEqualTo("local");
        gateway.jump(Duration.ofMinutes(30));
        killSwitch(OFF);
        Await.until("its end", () -> actions("resolve") == 1);
        Await.until("its end at the team", () -> receiver.of("/team").size() == 2);
        assertThat(receiver.of("/boss")).isEmpty();
        assertThat(gateway.alert("kill_switch_on")
                        .orElseThrow()
                        .path("acknowledged")
                        .isNull())
                .isTrue();
    }

    private JsonNode silence(int status, String more) {
        return operate(status, "POST", "/v1/alerts/silences", "{\"event\":\"kill_switch_on\"" + more + "}");
    }

    private static String until(Duration ahead) {
        return ",\"reason\":\"planned\",\"until\":\"" + Instant.now().plus(ahead) + "\"";
    }

    @Test
    void a_silenced_alert_is_in_the_list_and_sent_when_the_silence_ends_if_it_persists() {
        long id = silence(200, until(Duration.ofHours(8))).path("id").asLong();
        killSwitch(ON);
        Await.until(
                "it is in the list as silenced",
                () -> gateway.alert("kill_switch_on")
                        .filter(it -> it.path("silenced").asBoolean())
                        .isPresent());
        killSwitch(OFF);
        killSwitch(ON);
        gateway.close();
        startGateway();
        assertThat(operate(200, "GET", "/v1/alerts/silences", "").path("silences"))
                .singleElement()
                .satisfies(it -> assertThat(it.path("reason").asString()).isEqualTo("planned"));
        Await.until(
                "the alert is raised again",
                () -> gateway.alert("kill_switch_on").isPresent());
        assertThat(operate(200, "DELETE", "/v1/alerts/silences/" + id, "")
                        .path("id")
                        .asLong())
                .isEqualTo(id);
        Await.until("it is sent now", () -> receiver.of("/team").size() == 1);
        assertThat(receiver.of("/team").getFirst().body().path("text").asString())
                .contains("RAISED kill_switch_on");
        assertThat(operate(404, "DELETE", "/v1/alerts/silences/" + id, "")
                        .path("code")
                        .asString())
                .isEqualTo("SILENCE_NOT_FOUND");
    }

    @Test
    void a_silence_has_an_end_a_reason_and_an_event_that_exists() {
        assertThat(silence(400, until(Duration.ofDays(8))).path("message").asString())
                .contains("until")
                .contains("at most 7 days");
        assertThat(silence(400, until(Duration.ofMinutes(-1))).path("message").asString())
                .contains("until");
        assertThat(silence(400, ",\"reason\":\"x\",\"until\":\"tomorrow\"")
                        .path("message")
                        .asString())
                .contains("until");
        assertThat(silence(400, ",\"until\":\"" + Instant.now().plusSeconds(60) + "\"")
                        .path("code")
                        .asString())
                .isEqualTo("MISSING_FIELD");
        assertThat(operate(400, "POST", "/v1/alerts/silences", "{\"event\":\"all\"" + until(Duration.ofHours(1)) + "}")
                        .path("message")
                        .asString())
                .contains("event");
        assertThat(operate(200, "GET", "/v1/alerts/silences", "").path("silences"))
                .isEmpty();
    }

    @Test
    void decisions_about_alerts_need_an_operator_and_are_in_the_audit() {
        killSwitch(ON);
        for (String path : new String[] {"/v1/alerts/ack", "/v1/alerts/silences", "/v1/alerts/test"}) {
            assertThat(gateway.send("POST", path, "{}").statusCode()).as(path).isEqualTo(400);
            assertThat(gateway.tree(gateway.send("POST", path, "{}"))
                            .path("code")
                            .asString())
                    .isEqualTo("OPERATOR_TOKEN_REQUIRED");
        }
        acknowledge(200, "on it");
        Await.until("a row of the audit", () -> {
            var rows = gateway.tree(gateway.operate("GET", "/v1/audit?text=alerts/ack", ""))
                    .path("rows");
            return rows.valueStream()
                    .anyMatch(row -> row.path("result").asString().equals("OK")
                            && row.path("parameters").asString().contains("kill_switch_on"));
        });
    }

    @Test
    void a_channel_is_tested_and_the_answer_says_whether_it_works() {
        var works = operate(200, "POST", "/v1/alerts/test", "{\"channel\":\"team\"}");
        assertThat(works.path("delivered").asBoolean()).isTrue();
        assertThat(works.path("type").asString()).isEqualTo("slack");
        assertThat(receiver.of("/team"))
                .singleElement()
                .satisfies(it -> assertThat(it.body().path("text").asString())
                        .contains("TEST test", "a test of the channel team, requested by local"));
        operate(200, "POST", "/v1/alerts/test", "{\"channel\":\"page\"}");
        assertThat(actions("trigger")).isOne();
        assertThat(actions("resolve")).isOne();

        receiver.answer(403);
        var refused = operate(200, "POST", "/v1/alerts/test", "{\"channel\":\"boss\"}");
        assertThat(refused.path("delivered").asBoolean()).isFalse();
        assertThat(refused.path("reason").asString()).isEqualTo("the receiver answered 403");
        assertThat(operate(404, "POST", "/v1/alerts/test", "{\"channel\":\"none\"}")
                        .path("message")
                        .asString())
                .contains("boss, page, team");
        assertThat(gateway.alert("channel_failed")).isEmpty();
    }
}
