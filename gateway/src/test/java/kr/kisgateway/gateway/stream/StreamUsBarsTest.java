package kr.kisgateway.gateway.stream;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import kr.kisgateway.gateway.bar.LiveBar;
import kr.kisgateway.gateway.bar.MinuteSource.Minute;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Bars of a US stock on the stream, over a clock that the test moves. */
@Requirement("P-13")
class StreamUsBarsTest {
    private static final int FRIDAY = 20261120;

    private final StreamRig rig = new StreamRig(new StreamSettings(20, 10, 4, 64, 64 * 1024, Duration.ofSeconds(20)));

    @BeforeEach
    void begin() {
        rig.hub.register(new RouteTable(), new ThreadTaskRunner());
    }

    @AfterEach
    void end() {
        rig.hub.close();
    }

    /** Sets the clock, which only goes forward. */
    private void setTime(String instant) {
        rig.clock.advance(Duration.between(rig.clock.instant(), Instant.parse(instant)));
    }

    @Test
    void a_bar_is_in_dollars_starts_by_new_york_time_and_is_final_when_its_period_ends() {
        setTime("2026-11-20T15:00:05Z");
        var client = rig.listening(StreamRig.APPLE, "bars:1m");
        rig.tick("187.3400", FRIDAY, 100005, 10, 10, PushFeed.FREE);
        var first = client.next();
        assertThat(first.get("ts").longValue())
                .isEqualTo(Instant.parse("2026-11-20T15:00:00Z").getEpochSecond());
        rig.tick("187.2950", FRIDAY, 100006, 5, 15, PushFeed.FREE);
        var second = client.next();
        assertThat(ohlcv(second)).isEqualTo("187.34 187.34 187.295 187.295 15");
        assertThat(second.get("turnover").decimalValue()).isEqualByComparingTo("2809.875");
        assertThat(second.get("complete").booleanValue()).isTrue();
        assertThat(second.get("final").booleanValue()).isFalse();

        setTime("2026-11-20T15:01:03Z");
        rig.hub.sessionChanged();
        assertThat(client.next().get("final").booleanValue()).isTrue();
    }

    @Test
    void summer_time_shifts_bars_with_new_york_time() {
        for (var day : List.of("2027-03-12T15:00:00Z", "2027-03-15T14:00:00Z")) {
            setTime(day);
            var date = Integer.parseInt(day.substring(0, 10).replace("-", ""));
            var client = rig.listening(StreamRig.APPLE, "bars:60m");
            rig.tick("187.34", date, 100000, 10, 10, PushFeed.FREE);
            JsonNode bar;
            do {
                bar = client.next();
            } while (bar.path("snapshot").asBoolean(false) || bar.get("final").booleanValue());
            assertThat(bar.get("ts").longValue())
                    .as(day)
                    .isEqualTo(Instant.parse(day).getEpochSecond());
        }
    }

    @Test
    void a_later_subscriber_begins_with_the_current_bar() {
        setTime("2026-11-20T15:00:05Z");
        rig.listening(StreamRig.APPLE, "bars:5m");
        rig.tick("187.34", FRIDAY, 100005, 10, 10, PushFeed.PAID);
        var snapshot = rig.listening(StreamRig.APPLE, "bars:5m").next();
        assertThat(snapshot.get("snapshot").booleanValue()).isTrue();
        assertThat(ohlcv(snapshot)).isEqualTo("187.34 187.34 187.34 187.34 10");
    }

    @Test
    void day_market_trades_make_no_bars_and_leave_no_gap() {
        setTime("2026-11-20T08:59:00Z"); // 17:59 in Seoul
        var client = rig.listening(StreamRig.APPLE, "bars:1m", "trades");
        rig.tick("186.00", FRIDAY, 35900, 100, 100, PushFeed.DAY_MARKET);
        assertThat(client.next().get("ch").stringValue()).isEqualTo("trades");

        setTime("2026-11-20T09:00:10Z");
        rig.tick("187.00", FRIDAY, 40010, 10, 10, PushFeed.FREE);
        assertThat(client.next().get("ch").stringValue()).isEqualTo("trades");
        var bar = client.next();
        assertThat(bar.get("ch").stringValue()).isEqualTo("bars:1m");
        assertThat(ohlcv(bar)).isEqualTo("187 187 187 187 10");
        assertThat(bar.get("complete").booleanValue()).isTrue();
    }

    @Test
    void delayed_trades_belong_to_their_own_minutes_which_close_equally_late() {
        setTime("2026-11-20T15:15:05Z");
        var client = rig.listening(StreamRig.APPLE, "bars:1m");
        // The clock ticks before the delay of the trades is measured.
        rig.hub.sessionChanged();
        rig.tick("187.00", FRIDAY, 100005, 10, 10, PushFeed.FREE);
        var open = client.next();
        assertThat(open.get("ts").longValue())
                .isEqualTo(Instant.parse("2026-11-20T15:00:00Z").getEpochSecond());
        assertThat(open.get("final").booleanValue()).isFalse();

        setTime("2026-11-20T15:15:45Z");
        rig.tick("188.00", FRIDAY, 100045, 5, 15, PushFeed.FREE);
        var more = client.next();
        assertThat(more.get("final").booleanValue())
                .as("fifteen minutes ago it was not over")
                .isFalse();
        assertThat(ohlcv(more)).isEqualTo("187 188 187 188 15");

        setTime("2026-11-20T15:16:03Z");
        rig.hub.sessionChanged();
        var last = client.next();
        assertThat(last.get("final").booleanValue()).isTrue();
        assertThat(last.has("corrected")).isFalse();
        assertThat(ohlcv(last)).isEqualTo("187 188 187 188 15");
    }

    @Test
    void a_bar_with_missing_trades_is_corrected_once_kis_has_the_complete_minute() {
        var requests = new CopyOnWriteArrayList<String>();
        var ten = LiveBar.minute(LocalDateTime.parse("2026-11-20T10:00"));
        rig.minutes = (symbol, from, to) -> {
            requests.add(symbol.code() + " " + LiveBar.time(from) + " " + LiveBar.time(to));
            // At first KIS counts fewer shares than were received.
            return Optional.of(List.of(
                    requests.size() == 1
                            ? new Minute(ten, 1_870_000, 1_875_000, 1_870_000, 1_875_000, 15, 28_000_000)
                            : new Minute(ten, 1_870_000, 1_890_000, 1_865_000, 1_875_000, 50, 93_600_000)));
        };
        setTime("2026-11-20T15:00:05Z");
        var client = rig.listening(StreamRig.APPLE, "bars:1m");
        rig.tick("187.00", FRIDAY, 100005, 10, 10, PushFeed.FREE);
        client.next();
        rig.tick("187.50", FRIDAY, 100006, 10, 50, PushFeed.FREE);
        assertThat(client.next().get("complete").booleanValue()).isFalse();

        setTime("2026-11-20T15:01:06Z");
        rig.hub.sessionChanged();
        var last = client.next();
        assertThat(last.get("final").booleanValue()).isTrue();
        assertThat(last.get("complete").booleanValue()).isFalse();
        until("the minutes are requested", () -> !requests.isEmpty());

        // The first request may not have ended when the second is due.
        setTime("2026-11-20T15:01:30Z");
        until("they are requested again", () -> {
            rig.hub.sessionChanged();
            return requests.size() >= 2;
        });
        var corrected = client.next();
        assertThat(corrected.get("corrected").booleanValue()).isTrue();
        assertThat(corrected.get("complete").booleanValue()).isTrue();
        assertThat(ohlcv(corrected)).isEqualTo("187 189 186.5 187.5 50");
        assertThat(corrected.get("turnover").decimalValue()).isEqualByComparingTo("9360");
        assertThat(requests)
                .containsExactly(
                        "AAPL.NASD 2026-11-20T10:00 2026-11-20T10:00", "AAPL.NASD 2026-11-20T10:00 2026-11-20T10:00");
    }

    private static String ohlcv(JsonNode bar) {
        return bar.get("open") + " " + bar.get("high") + " " + bar.get("low") + " " + bar.get("close") + " "
                + bar.get("volume");
    }
}
