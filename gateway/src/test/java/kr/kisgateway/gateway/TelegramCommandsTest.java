package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Commands to a bot of a whole gateway, by a Bot API on this machine. */
@Tag("slow")
class TelegramCommandsTest {
    private static final long CHAT = -1001;
    private static final long USER = 42;

    @TempDir
    Path folder;

    private TelegramBot bot;
    private GatewayFixture gateway;

    @BeforeEach
    void start() throws IOException {
        bot = new TelegramBot();
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        bot.close();
    }

    private void rules(String language, String commands) throws IOException {
        Files.writeString(
                folder.resolve("alerts.yaml"), """
                language: %s
                channels:
                  phone: {type: telegram, url: %s, token: "%s", chat: "-1001", commands: %s}
                routes: []
                """.formatted(language, bot.base(), TelegramBot.TOKEN, commands));
    }

    private void startGateway() {
        gateway = GatewayFixture.start(folder, "--alerts-inner-addresses=true", "--simulator-clock=open-fixed");
        gateway.awaitReady();
    }

    private void say(long chat, long user, String text) {
        bot.message(chat, user, text, Instant.now().getEpochSecond() + 1);
    }

    /** Sends a command and waits for the answer to it. */
    private String command(String text) {
        int before = bot.sent().size();
        say(CHAT, USER, text);
        Await.until("an answer to " + text, () -> bot.sent().size() > before);
        assertThat(bot.sent().getLast().chat()).isEqualTo("-1001");
        return bot.sent().getLast().text();
    }

    private boolean isKilled() {
        return gateway.json("/v1/risk/kill-switch").path("on").asBoolean();
    }

    private List<JsonNode> audit(String principal) {
        return gateway.tree(gateway.operate("GET", "/v1/audit?source=chat&principal=" + principal, ""))
                .path("rows")
                .valueStream()
                .toList();
    }

    @Test
    void queries_are_answered_in_the_language_of_the_file_and_are_rows_of_the_audit() throws Exception {
        rules("ko", "{chats: [-1001], users: [42]}");
        startGateway();
        assertThat(command("/status")).contains("환경 sim", "주문 가능", "미체결 주문 0", "진행 중인 경보 없음");
        assertThat(gateway.buy("k1").statusCode()).isEqualTo(200);
        Await.until(
                "it is filled",
                () -> gateway.json("/v1/metrics/order").path("filled").asInt() == 1);
        assertThat(command("/positions")).contains("A1 005930 삼성전자 1주");
        long price = gateway.json("/v1/quotes/005930").path("price").asLong() * 8 / 10 / 1_000 * 1_000;
        var placed = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":3,\"price\":" + price + "}",
                "Idempotency-Key",
                "k2");
        Await.until(
                "it rests",
                () -> !gateway.json("/v1/orders?status=SENT").path("orders").isEmpty());
        assertThat(command("/orders@kis_bot"))
                .contains(
                        "A1 005930 BUY 0/3 @",
                        gateway.tree(placed).path("order_id").asString());
        assertThat(command("/help")).contains("/status 상태").doesNotContain("/kill");
        assertThat(command("/kill")).contains("꺼져 있습니다");
        Await.until("rows of the audit", () -> audit("telegram:phone:42").size() == 5);
        var first = audit("telegram:phone:42").getLast();
        assertThat(first.path("call").asString()).isEqualTo("telegram /status");
        assertThat(first.path("source").asString()).isEqualTo("chat");
        assertThat(first.path("result").asString()).isEqualTo("OK");
        assertThat(first.path("parameters").asString()).contains("channel=phone", "chat=-1001");
    }

    @Test
    void the_kill_switch_is_set_by_a_code_and_recorded_with_who_set_it() throws Exception {
        rules("en", "{chats: [-1001], users: [42], changes: true}");
        startGateway();
        String asked = command("/kill prices are wrong");
        assertThat(asked).contains("send within 60 s");
        assertThat(isKilled()).isFalse();
        assertThat(command("/confirm 12")).isEqualTo("The code is wrong.");
        assertThat(isKilled()).isFalse();
        assertThat(command(asked.lines().toList().getLast())).contains("The kill switch is on");
        var state = gateway.json("/v1/risk/kill-switch");
        assertThat(state.path("on").asBoolean()).isTrue();
        assertThat(state.path("reason").asString()).isEqualTo("prices are wrong");
        assertThat(state.path("by").asString()).isEqualTo("telegram:phone:42");
        assertThat(command("/status")).contains("kill switch: prices are wrong", "KILL_SWITCH", "[P1] kill_switch_on");
        Await.until(
                "a row of the audit",
                () -> audit("telegram:phone:42").stream()
                        .anyMatch(row -> row.path("call").asString().equals("telegram /confirm")
                                && row.path("result").asString().equals("OK")));
    }

    @Test
    void strangers_get_no_answer_and_make_one_alert() throws Exception {
        rules("en", "{chats: [-1001], users: [42], changes: true}");
        startGateway();
        say(CHAT, 43, "/status");
        say(-2002, USER, "/kill");
        say(43, 43, "/positions");
        Await.until("the alert", () -> gateway.alert("chat_sender_refused").isPresent());
        assertThat(gateway.alert("chat_sender_refused")
                        .orElseThrow()
                        .path("subject")
                        .asString())
                .isEqualTo("phone");
        assertThat(command("/help")).as("the allowed user is answered").contains("/status");
        assertThat(bot.sent()).as("no other is").hasSize(1);
        assertThat(gateway.alerts("chat_sender_refused")).hasSize(1);
        assertThat(audit("telegram:phone:43")).isEmpty();
    }

    @Test
    void messages_of_before_the_start_and_repeated_ones_do_nothing() throws Exception {
        bot.message(CHAT, USER, "/status", Instant.now().minusSeconds(30).getEpochSecond());
        rules("en", "{chats: [-1001], users: [42], changes: true}");
        startGateway();
        bot.forgetOffsets(true);
        String asked = command("/kill once");
        assertThat(bot.sent()).as("no answer to the old message").hasSize(1);
        say(CHAT, USER, asked.lines().toList().getLast());
        Await.until("the kill switch is on", this::isKilled);
        gateway.operate("POST", "/v1/risk/kill-switch", "{\"on\":false}");
        int polls = bot.polls();
        Await.until("the messages were returned again", () -> bot.polls() > polls + 2);
        assertThat(isKilled()).isFalse();
        assertThat(bot.sent()).hasSize(2);

        gateway.close();
        startGateway();
        int later = bot.polls();
        Await.until("and after a restart, too", () -> bot.polls() > later + 2);
        assertThat(isKilled()).isFalse();
        assertThat(bot.sent()).hasSize(2);
    }

    @Test
    void a_bot_that_cannot_be_read_is_an_alert_until_it_can_and_changed_rules_apply() throws Exception {
        rules("en", "{chats: [-1001], users: [42]}");
        startGateway();
        bot.answer(409);
        Await.until("the alert", () -> gateway.alert("chat_commands_failed").isPresent());
        assertThat(gateway.alert("chat_commands_failed")
                        .orElseThrow()
                        .path("message")
                        .asString())
                .contains("Telegram answered 409")
                .doesNotContain(TelegramBot.TOKEN);
        bot.answer(200);
        Await.until(
                "it is settled",
                () -> gateway.alert("chat_commands_failed")
                        .filter(it -> it.path("settled_at").isString())
                        .isPresent());
        assertThat(command("/status")).contains("environment sim");
        rules("ko", "{chats: [-1001], users: [43]}");
        Await.until("the new rules apply", () -> {
            say(CHAT, 43, "/help");
            awaitPolls();
            return bot.sent().getLast().text().contains("상태");
        });
        int sent = bot.sent().size();
        say(CHAT, USER, "/help");
        awaitPolls();
        assertThat(bot.sent()).as("the former user is a stranger").hasSize(sent);
    }

    /** The gateway has answered what was sent before. */
    private void awaitPolls() {
        int polls = bot.polls();
        Await.until("it asks for the next messages", () -> bot.polls() > polls + 2);
    }
}
