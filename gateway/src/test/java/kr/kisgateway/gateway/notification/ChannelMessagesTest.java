package kr.kisgateway.gateway.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.notification.AlertRules.Language;
import kr.kisgateway.gateway.notification.Notification.About;
import kr.kisgateway.gateway.notification.Notification.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Messages in the protocol of each receiver, and the addresses they may go to. */
class ChannelMessagesTest {
    private static final Instant AT = Instant.parse("2026-11-20T01:02:03Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Notification notification(Kind kind, String message, boolean maybeSent) {
        var about = new About("feed_down", "K1", "P1", message, AT, Optional.of("ord_1"));
        return new Notification(7, "any", kind, about, AT, 0, maybeSent);
    }

    private static Message.Http message(Channel channel, Instant now, Notification... notifications) {
        return (Message.Http) new ChannelMessages(new MessageText(Language.EN), "kis-gateway/sim")
                .of(channel, List.of(notifications), now);
    }

    private static JsonNode body(Message.Http message) {
        return JSON.readTree(message.body());
    }

    @Test
    void text_of_others_makes_no_mention_and_no_line_at_slack() {
        var slack = new Channel.Slack(Secret.of("https://hooks.example/x"));
        var text = body(message(slack, AT, notification(Kind.RAISED, "<!channel> & \r\n[P1] RAISED forged", false)))
                .path("text")
                .asString();
        assertThat(text)
                .startsWith("[P1] RAISED feed_down (11-20 10:02:03 KST)")
                .contains("&lt;!channel&gt; &amp;");
        assertThat(text.lines()).hasSize(2);
    }

    @Test
    void discord_makes_no_mention_and_gets_no_text_that_it_refuses() {
        var discord = new Channel.Discord(Secret.of("https://discord.example/x"));
        var many = IntStream.range(0, 10)
                .mapToObj(_ -> notification(Kind.RAISED, "@everyone " + "x".repeat(400), false))
                .toArray(Notification[]::new);
        var body = body(message(discord, AT, many));
        assertThat(body.path("content").asString()).hasSize(2_000);
        assertThat(body.at("/allowed_mentions/parse").isArray()).isTrue();
        assertThat(body.at("/allowed_mentions/parse")).isEmpty();
    }

    @Test
    void a_bot_sends_to_its_chat() {
        var telegram =
                new Channel.Telegram(URI.create("https://api.example"), Secret.of("1:abc"), "-100", Optional.empty());
        var message = message(telegram, AT, notification(Kind.RESOLVED, "text", false));
        assertThat(message.uri()).hasToString("https://api.example/bot1:abc/sendMessage");
        assertThat(body(message).path("chat_id").asString()).isEqualTo("-100");
        assertThat(body(message).path("text").asString()).startsWith("[P1] RESOLVED feed_down");
    }

    @Test
    void pagerduty_opens_and_resolves_one_incident() {
        var page = new Channel.PagerDuty(URI.create("https://events.example"), Secret.of("routing"));
        var opened = body(message(page, AT, notification(Kind.RAISED, "text", false)));
        var resolved = body(message(page, AT, notification(Kind.RESOLVED_BY_RESTART, "text", false)));
        assertThat(opened.path("event_action").asString()).isEqualTo("trigger");
        assertThat(opened.at("/payload/severity").asString()).isEqualTo("critical");
        assertThat(opened.at("/payload/timestamp").asString()).isEqualTo("2026-11-20T01:02:03Z");
        assertThat(resolved.path("event_action").asString()).isEqualTo("resolve");
        assertThat(resolved.path("dedup_key")).isEqualTo(opened.path("dedup_key"));
        assertThat(resolved.path("payload").isMissingNode()).isTrue();
    }

    @Test
    void a_webhook_is_signed_over_time_and_body() throws Exception {
        var webhook = new Channel.Webhook(Secret.of("https://in.example/alerts"), Secret.of("shared"));
        var message = message(webhook, AT.plusSeconds(90), notification(Kind.RAISED, "text", true));
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("shared".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        long seconds = AT.plusSeconds(90).getEpochSecond();
        mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
        assertThat(message.headers().get(ChannelMessages.SIGNATURE))
                .isEqualTo("t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(message.body())));
        var body = body(message);
        assertThat(body.path("late").booleanValue()).isTrue();
        assertThat(body.path("maybe_sent").booleanValue()).isTrue();
        assertThat(body.path("id").asString()).isEqualTo("kis-gateway/sim:7");
        assertThat(body.path("order_id").asString()).isEqualTo("ord_1");
    }

    @Test
    void what_is_no_alert_has_a_title_and_its_own_lines() {
        var about = new About("daily_summary", "A1", "", "orders 3\nfills 2\u0007", AT, Optional.empty());
        var summary = new Notification(7, "any", Kind.DAILY_SUMMARY, about, AT, 0, false);
        assertThat(new MessageText(Language.EN).of(summary, AT.plusSeconds(90)).lines())
                .containsExactly("DAILY SUMMARY (11-20 10:02:03 KST) · sent late", "orders 3", "fills 2 ");
        assertThat(new MessageText(Language.KO).of(summary, AT)).startsWith("일일 요약 (");
    }

    @Test
    void korean_text_has_the_meaning_in_korean() {
        var text = new MessageText(Language.KO).of(notification(Kind.RAISED, "text", true), AT.plusSeconds(61));
        assertThat(text)
                .isEqualTo("[P1] 발생 feed_down (11-20 10:02:03 KST) · 늦게 보냄 · 이미 받으셨을 수 있음\n"
                        + "장중에 웹소켓이 30초 동안 끊겨 있습니다.\ntext");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "192.0.0.8",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1"
            })
    void an_address_inside_the_network_is_recognized(String address) throws UnknownHostException {
        assertThat(OuterAddresses.isInner(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "192.1.0.1", "2606:4700::1111"})
    void an_address_outside_is_not(String address) throws UnknownHostException {
        assertThat(OuterAddresses.isInner(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://127.0.0.1:1/x", "https://localhost:1/x", "https://[::1]:1/x", "https://2130706433:1/x"})
    void nothing_is_sent_to_an_address_inside_the_network_unless_that_is_allowed(String uri) {
        var message = new Message.Http(URI.create(uri), java.util.Map.of(), new byte[0]);
        try (var http = new OutgoingHttp(false, Runnable::run)) {
            assertThat(http.send(message)).isInstanceOfSatisfying(Delivery.Failed.class, failed -> {
                assertThat(failed.reason()).contains("inside the network");
                assertThat(failed.maybeDelivered()).isFalse();
                assertThat(failed.retryAfter()).isEqualTo(Optional.<Duration>empty());
            });
        }
    }

    @Test
    void plain_http_is_refused_unless_it_is_allowed() {
        var message = new Message.Http(URI.create("http://example.com/x"), java.util.Map.of(), new byte[0]);
        try (var http = new OutgoingHttp(false, Runnable::run)) {
            assertThat(http.send(message))
                    .isInstanceOfSatisfying(
                            Delivery.Failed.class,
                            failed -> assertThat(failed.reason()).contains("https://"));
        }
    }
}
