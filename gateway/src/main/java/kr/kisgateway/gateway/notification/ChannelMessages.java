package kr.kisgateway.gateway.notification;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The message that delivers notifications to a channel, in the protocol of its receiver. */
final class ChannelMessages {
    /** Header of a webhook: {@code t=} seconds since 1970 and {@code v1=} the HMAC-SHA256 of {@code t.body}, in hex. */
    static final String SIGNATURE = "X-KIS-Gateway-Signature";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEST = "test";
    private static final String TRIGGER = "trigger";
    private static final int SUMMARY_MAX = 1_000;
    private static final int SUBJECT_MAX = 200;

    private final MessageText text;
    private final String source;

    /** @param source names the gateway where messages of several arrive */
    ChannelMessages(MessageText text, String source) {
        this.text = text;
        this.source = source;
    }

    /** @param notifications one, for a channel that does not group */
    Message of(Channel channel, List<Notification> notifications, Instant now) {
        return switch (channel) {
            case Channel.Slack slack ->
                json(slack.url().reveal(), JSON.createObjectNode().put("text", slackText(slack, notifications, now)));
            case Channel.Discord discord -> {
                var body = JSON.createObjectNode().put("content", cut(text.of(notifications, now), discord.textMax()));
                body.putObject("allowed_mentions").putArray("parse");
                yield json(discord.url().reveal(), body);
            }
            case Channel.Telegram telegram ->
                json(
                        telegram.base() + "/bot" + telegram.token().reveal() + "/sendMessage",
                        JSON.createObjectNode()
                                .put("chat_id", telegram.chat())
                                .put("text", cut(text.of(notifications, now), telegram.textMax()))
                                .put("disable_web_page_preview", true));
            case Channel.Email email -> mail(email, notifications, now);
            case Channel.PagerDuty pagerDuty -> pagerDuty(pagerDuty, notifications.getFirst(), now);
            case Channel.Webhook webhook -> webhook(webhook, notifications.getFirst(), now);
        };
    }

    /**
     * What tests a channel: one message, and for a service that opens incidents the end of it, too.
     *
     * @param by name of the API key of the operator
     */
    List<Message> test(String name, Channel channel, String by, Instant now) {
        var about = new Notification.About(
                TEST, name, "P3", "a test of the channel " + name + ", requested by " + by, now, Optional.empty());
        var begin = new Notification(0, name, Notification.Kind.TEST, about, now, 0, false);
        var end = new Notification(0, name, Notification.Kind.RESOLVED, about, now, 0, false);
        return channel instanceof Channel.PagerDuty
                ? List.of(of(channel, List.of(begin), now), of(channel, List.of(end), now))
                : List.of(of(channel, List.of(begin), now));
    }

    /** Slack reads {@code <…>} as links and mentions. */
    private String slackText(Channel.Slack slack, List<Notification> notifications, Instant now) {
        return cut(text.of(notifications, now), slack.textMax())
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }

    /** The subject is that of the first notification, and how many there are besides. */
    private Message mail(Channel.Email channel, List<Notification> notifications, Instant now) {
        String first =
                text.of(notifications.getFirst(), now).lines().findFirst().orElse("");
        String more = notifications.size() > 1 ? " +" + (notifications.size() - 1) : "";
        String id = "alert." + source.replaceAll("[^A-Za-z0-9]", "-") + '.' + channel.name() + '.'
                + notifications.getFirst().id() + '.' + notifications.getLast().id();
        return new Message.Mail(
                channel,
                id,
                cut(MessageText.oneLine(first), SUBJECT_MAX) + more + " · " + source,
                text.of(notifications, now),
                now);
    }

    private Message pagerDuty(Channel.PagerDuty channel, Notification notification, Instant now) {
        var about = notification.about();
        boolean triggers = action(notification.kind()).equals(TRIGGER);
        var body = JSON.createObjectNode()
                .put("routing_key", channel.routingKey().reveal())
                .put("event_action", action(notification.kind()))
                .put("dedup_key", source + ':' + about.key());
        if (triggers) {
            var payload = body.putObject("payload")
                    .put("summary", cut(text.of(notification, now).replace('\n', ' '), SUMMARY_MAX))
                    .put("source", source)
                    .put("severity", severity(about.level()))
                    .put("timestamp", about.at().toString())
                    .put("class", about.event());
            payload.putObject("custom_details").put("subject", about.subject()).put("message", about.message());
        }
        return json(channel.base() + "/v2/enqueue", body);
    }

    private static String action(Notification.Kind kind) {
        return switch (kind) {
            case RAISED, ESCALATED, TEST, FILL, DAILY_SUMMARY -> TRIGGER;
            case ACKNOWLEDGED -> "acknowledge";
            case RESOLVED, RESOLVED_BY_RESTART -> "resolve";
        };
    }

    private static String severity(String level) {
        return switch (level) {
            case "P1" -> "critical";
            case "P2" -> "error";
            default -> "info";
        };
    }

    private Message webhook(Channel.Webhook channel, Notification notification, Instant now) {
        var about = notification.about();
        var body = JSON.createObjectNode()
                .put("id", source + ':' + notification.id())
                .put("kind", notification.kind().name().toLowerCase(Locale.ROOT))
                .put("source", source)
                .put("level", about.level())
                .put("event", about.event())
                .put("subject", about.subject())
                .put("message", about.message())
                .put("text", text.of(notification, now))
                .put("at", about.at().toString())
                .put("late", text.isLate(notification, now))
                .put("maybe_sent", notification.maybeSent())
                .put("repeats", notification.repeats());
        about.orderId().ifPresent(id -> body.put("order_id", id));
        byte[] bytes = JSON.writeValueAsBytes(body);
        long seconds = now.getEpochSecond();
        return new Message.Http(
                URI.create(channel.url().reveal()),
                Map.of(SIGNATURE, "t=" + seconds + ",v1=" + hmac(channel.key().reveal(), seconds, bytes)),
                bytes);
    }

    private static String hmac(String key, long seconds, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static Message json(String uri, ObjectNode body) {
        return new Message.Http(URI.create(uri), Map.of(), JSON.writeValueAsBytes(body));
    }

    private static String cut(String text, int max) {
        return text.length() > max ? text.substring(0, max - 1) + "…" : text;
    }
}
