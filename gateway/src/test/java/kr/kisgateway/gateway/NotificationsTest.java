package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Alerts of a gateway that reach receivers on this machine, each in its own protocol. */
@Tag("slow")
class NotificationsTest {
    private static final List<String> PATHS =
            List.of("/slack", "/discord", "/bot12345:abcdefghij/sendMessage", "/v2/enqueue", "/desk");

    @TempDir
    Path folder;

    private AlertReceiver receiver;
    private GatewayFixture gateway;

    @BeforeEach
    void receive() throws IOException {
        receiver = new AlertReceiver();
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        receiver.close();
    }

    private void rules(String text) throws IOException {
        Files.writeString(
                folder.resolve("alerts.yaml"),
                text.replace("BASE", receiver.base().toString()));
    }

    private void start() {
        gateway = GatewayFixture.start(folder, "--alerts-inner-addresses=true");
        gateway.awaitReady();
    }

    private void killSwitch(boolean on) {
        assertThat(gateway.operate("POST", "/v1/risk/kill-switch", "{\"on\":" + on + ",\"reason\":\"a test\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    private static final String ALL = """
            language: en
            dedupe: 0s
            channels:
              team: {type: slack, url: BASE/slack}
              chat: {type: discord, url: BASE/discord}
              phone: {type: telegram, url: BASE, token: "12345:abcdefghij", chat: "-100"}
              page: {type: pagerduty, url: BASE, routing-key: routing}
              desk: {type: webhook, url: BASE/desk, key: shared}
            routes:
              - {events: [kill_switch_on], to: [team, chat, phone, page, desk]}
            """;

    private static String text(AlertReceiver.Received received) {
        JsonNode body = received.body();
        return body.path("text").asString("")
                + body.path("content").asString("")
                + body.path("event_action").asString("")
                + body.path("kind").asString("");
    }

    @Test
    @Requirement("A-13")
    void an_alert_and_its_end_reach_every_channel_once_in_its_own_protocol() throws Exception {
        rules(ALL);
        start();
        killSwitch(true);
        PATHS.forEach(path ->
                Await.until("an alert at " + path, () -> receiver.of(path).size() == 1));
        killSwitch(false);
        PATHS.forEach(path ->
                Await.until("its end at " + path, () -> receiver.of(path).size() == 2));
        assertThat(receiver.of("/slack").stream().map(NotificationsTest::text))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .contains("RAISED kill_switch_on")
                                .contains("a test"),
                        second -> assertThat(second).contains("RESOLVED kill_switch_on"));
        assertThat(receiver.of("/discord").stream().map(NotificationsTest::text))
                .satisfiesExactly(
                        first -> assertThat(first).contains("RAISED"),
                        second -> assertThat(second).contains("RESOLVED"));
        assertThat(receiver.of("/v2/enqueue").stream()
                        .map(it -> it.body().path("event_action").asString()))
                .containsExactly("trigger", "resolve");
        assertThat(receiver.of("/desk"))
                .allSatisfy(it -> assertThat(it.signature()).startsWith("t="));
        assertThat(receiver.of("/desk").stream().map(it -> it.body().path("id").asString()))
                .doesNotHaveDuplicates();
        assertThat(receiver.of("/bot12345:abcdefghij/sendMessage"))
                .allSatisfy(
                        it -> assertThat(it.body().path("chat_id").asString()).isEqualTo("-100"));
    }

    @Test
    @Requirement(value = "A-13", clause = "rules")
    void without_routes_an_alert_goes_to_the_channel_of_its_category() throws Exception {
        rules("""
            channels:
              trading-alerts: {type: slack, url: BASE/trading}
              system-health: {type: slack, url: BASE/system}
              risk-notification: {type: slack, url: BASE/risk}
            """);
        start();
        rules("channels: {team: {type: pigeon}}");
        Await.until(
                "a system alert",
                () -> receiver.of("/system").stream().anyMatch(it -> text(it).contains("alert_rules_refused")));
        killSwitch(true);
        Await.until(
                "a risk alert",
                () -> receiver.of("/risk").stream().anyMatch(it -> text(it).contains("kill_switch_on")));
        gateway.fault("{\"server_errors_after\":{\"on\":\"orders\",\"count\":1}}");
        killSwitch(false);
        gateway.buy("k1");
        Await.until(
                "a trading alert",
                () -> receiver.of("/trading").stream().anyMatch(it -> text(it).contains("request_in_doubt")));
        assertThat(receiver.of("/system")).noneMatch(it -> text(it).contains("kill_switch_on"));
    }

    @Test
    @Requirement("A-13")
    void changed_rules_apply_without_a_restart_and_mistakes_leave_the_former_ones() throws Exception {
        rules(ALL);
        start();
        rules("channels: {team: {type: pigeon}}");
        Await.until(
                "the mistake is an alert",
                () -> gateway.alert("alert_rules_refused").isPresent());
        assertThat(gateway.alert("alert_rules_refused")
                        .orElseThrow()
                        .path("message")
                        .asString())
                .contains("channels.team.type");
        killSwitch(true);
        Await.until("the former rules apply", () -> receiver.of("/slack").size() == 1);
        killSwitch(false);
        Await.until("its end", () -> receiver.of("/slack").size() == 2);

        rules("""
                channels: {other: {type: slack, url: BASE/other}}
                routes: [{events: [kill_switch_on], to: [other]}]
                """);
        Await.until(
                "the mistake is over",
                () -> !gateway.alert("alert_rules_refused")
                        .orElseThrow()
                        .path("settled_at")
                        .isNull());
        killSwitch(true);
        Await.until("the new rules apply", () -> receiver.of("/other").size() == 1);
        assertThat(text(receiver.of("/other").getFirst()))
                .contains("발생 kill_switch_on")
                .contains("긴급 정지가 켜졌습니다.");
        assertThat(receiver.of("/slack")).hasSize(2);
    }

    @Test
    void a_start_with_mistakes_in_the_rules_is_refused_with_their_place() throws Exception {
        rules("channels: {team: {type: slack, url: secret:MISSING}}");
        assertThatThrownBy(this::start)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("channels.team.url: refers to a secret that is not stored");
    }

    @Test
    void a_channel_that_refuses_gets_everything_in_order_later_and_the_others_learn_of_it() throws Exception {
        rules(ALL + "  - {events: [channel_failed], to: [team, page]}\n");
        start();
        receiver.answer(503);
        killSwitch(true);
        killSwitch(false);
        Await.until("three attempts", () -> receiver.of("/desk").size() >= 3);
        receiver.answer(200);
        Await.until("both arrived", () -> receiver.accepted("/desk").size() == 2);
        assertThat(receiver.accepted("/desk").stream()
                        .map(it -> it.body().path("kind").asString()))
                .containsExactly("raised", "resolved");
        assertThat(receiver.accepted("/desk").stream()
                        .map(it -> it.body().path("maybe_sent").booleanValue()))
                .as("a refusal is certain")
                .containsExactly(false, false);
        Await.until(
                "the failure of the others is an alert",
                () -> receiver.accepted("/slack").stream().anyMatch(it -> text(it).contains("channel_failed")));
    }

    @Test
    void without_a_file_nothing_is_sent() {
        start();
        killSwitch(true);
        killSwitch(false);
        Await.until(
                "the end is an alert", () -> gateway.alert("kill_switch_off").isPresent());
        assertThat(receiver.of("/slack")).isEmpty();
    }
}
