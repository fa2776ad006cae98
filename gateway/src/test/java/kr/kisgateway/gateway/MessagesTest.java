package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.TradingCalendar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Messages of a whole gateway that are no alerts, at a receiver on this machine. */
@Tag("slow")
class MessagesTest {
    private static final String CHANNELS = """
            language: en
            channels: {desk: {type: webhook, url: %s/desk, key: shared}}
            routes: []
            """;

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

    private void rules(String messages) throws IOException {
        Files.writeString(folder.resolve("alerts.yaml"), CHANNELS.formatted(receiver.base()) + messages);
    }

    private void start(Duration ahead, String clock) {
        gateway = GatewayFixture.start(
                folder,
                Optional.empty(),
                ahead,
                Map.of("ALERTS_INNER_ADDRESSES", "true"),
                List.of("--simulator-seed=7", "--simulator-clock=" + clock));
    }

    /** Starts at noon of a day, which it stays. */
    private void startAtNoon() {
        var now = ZonedDateTime.now(TradingCalendar.SEOUL);
        start(Duration.between(now, now.plusDays(1).with(LocalTime.NOON)), "open-fixed");
        gateway.awaitReady();
    }

    private List<JsonNode> received(String kind) {
        return receiver.of("/desk").stream()
                .map(AlertReceiver.Received::body)
                .filter(it -> it.path("kind").asString().equals(kind))
                .toList();
    }

    private String place(String key, String side, int qty) {
        var placed = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"" + side + "\",\"qty\":" + qty + "}",
                "Idempotency-Key",
                key);
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        String id = gateway.tree(placed).path("order_id").asString();
        Await.until(
                "it is filled",
                () -> gateway.json("/v1/orders/" + id).path("status").asString().equals("FILLED"));
        return id;
    }

    private static String text(JsonNode message) {
        return message.path("message").asString();
    }

    /** The shares of which the messages about an order speak. */
    private long reported(String order) {
        return received("fill").stream()
                .filter(it -> it.path("order_id").asString().equals(order))
                .mapToLong(it -> Long.parseLong(
                        text(it).split(" BUY ")[1].split(" @ ")[0].replace(",", "")))
                .sum();
    }

    @Test
    void fills_are_sent_once_each_with_the_sum_of_an_order_and_after_a_restart_only_the_new_ones() throws Exception {
        rules("messages: {fills: [desk]}");
        startAtNoon();
        Await.until("fills are sent from now on", () -> {
            place("k" + System.nanoTime(), "BUY", 1);
            return !received("fill").isEmpty();
        });
        String large = place("large", "BUY", 1_500);
        Await.until("all shares are reported", () -> reported(large) == 1_500);
        var last = received("fill").getLast();
        assertThat(text(last)).startsWith("A1 005930 삼성전자 BUY ").contains(" KRW (1,500/1,500)");
        assertThat(last.path("text").asString()).startsWith("FILL (");
        gateway.close();
        startAtNoon();
        String small = place("small", "BUY", 1);
        Await.until("the next is reported", () -> reported(small) == 1);
        assertThat(reported(large)).as("not again").isEqualTo(1_500);
        assertThat(receiver.of("/desk").stream().map(it -> it.body().path("id").asString()))
                .doesNotHaveDuplicates();
    }

    @Test
    void fills_of_the_time_before_they_were_requested_are_not_sent() throws Exception {
        rules("");
        startAtNoon();
        String before = place("before", "BUY", 1);
        rules("messages: {fills: [desk]}");
        Await.until("fills are sent from now on", () -> {
            place("k" + System.nanoTime(), "BUY", 1);
            return !received("fill").isEmpty();
        });
        rules("messages: {fills: []}");
        Await.until("fills are no longer sent", () -> {
            int sent = received("fill").size();
            String order = place("k" + System.nanoTime(), "BUY", 1);
            return reported(order) == 0 && received("fill").size() == sent;
        });
        assertThat(reported(before)).isZero();
    }

    @Test
    void a_day_is_summarised_once_with_what_happened_on_it() throws Exception {
        rules("messages: {fills: [desk], daily-summary: {at: \"12:30\", to: [desk]}}");
        startAtNoon();
        place("k1", "BUY", 3);
        place("k2", "SELL", 2);
        gateway.fault("{\"refuse_orders\":{\"on\":\"orders\",\"count\":1}}");
        gateway.buy("k3");
        gateway.operate("POST", "/v1/risk/kill-switch", "{\"on\":true,\"reason\":\"a test\"}");
        Await.until(
                "the alert is counted", () -> gateway.alert("kill_switch_on").isPresent());
        assertThat(received("daily_summary")).isEmpty();
        gateway.jump(Duration.ofMinutes(31));
        Await.until("the summary", () -> received("daily_summary").size() == 1);
        var summary = received("daily_summary").getFirst();
        assertThat(text(summary).lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("A1 \\d{4}-\\d\\d-\\d\\d \\(since \\d{4}-\\d\\d-\\d\\d 12:30\\)"),
                        line -> assertThat(line).isEqualTo("orders 3"),
                        line -> assertThat(line).matches("fills \\d, 5 shares"),
                        line -> assertThat(line)
                                .matches("KRW bought [\\d,]+ · sold [\\d,]+ · realised \\(estimated\\) -[\\d,]+"),
                        line -> assertThat(line).isEqualTo("open 0 · unknown 0"),
                        line -> assertThat(line).matches("alerts of the day P1 1 · P2 \\d · P3 \\d"));

        gateway.operate("POST", "/v1/risk/kill-switch", "{\"on\":false}");
        gateway.close();
        startAtNoon();
        gateway.jump(Duration.ofMinutes(45));
        gateway.awaitReady();
        String later = place("later", "BUY", 1);
        Await.until("a fill after the restart", () -> reported(later) == 1);
        assertThat(received("daily_summary")).as("not again").hasSize(1);
    }

    @Test
    void a_day_without_trading_has_no_summary() throws Exception {
        rules("messages: {daily-summary: {at: \"15:40\", to: [desk]}}");
        var now = ZonedDateTime.now(TradingCalendar.SEOUL);
        var saturday = now.with(TemporalAdjusters.next(DayOfWeek.SATURDAY)).with(LocalTime.of(15, 39, 50));
        var calendar = new KrxCalendar();
        while (!calendar.isTradingDay(saturday.minusDays(1).toLocalDate())
                || !calendar.isTradingDay(saturday.plusDays(2).toLocalDate())) {
            saturday = saturday.plusWeeks(1);
        }
        start(Duration.between(now, saturday), "real");
        gateway.jump(Duration.ofHours(1));
        gateway.json("/v1/session/status");
        gateway.jump(Duration.ofHours(23));
        Await.until("it runs on Sunday", () -> gateway.get("/v1/session/status").statusCode() == 200);
        gateway.jump(Duration.ofHours(24).plusMinutes(1));
        Await.until("the summary of Monday", () -> !received("daily_summary").isEmpty());
        assertThat(text(received("daily_summary").getFirst()))
                .as("the first summary")
                .startsWith("A1 " + saturday.plusDays(2).toLocalDate() + " (since "
                        + saturday.minusDays(1).toLocalDate() + " 15:40)");
    }
}
