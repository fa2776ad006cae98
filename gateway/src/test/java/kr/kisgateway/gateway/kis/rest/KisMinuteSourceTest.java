package kr.kisgateway.gateway.kis.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.TokenStore;
import kr.kisgateway.gateway.bar.LiveBar;
import kr.kisgateway.gateway.bar.MinuteSource.Minute;
import kr.kisgateway.gateway.history.BarSource;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Minutes that correct live bars after a gap, requested from the simulator three minutes past the close of a Friday. */
@Requirement("I-01")
@Tag("slow")
class KisMinuteSourceTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
    private static final Symbol SAMSUNG = new Symbol("005930");

    private final Duration ahead = Duration.between(Instant.now(), Instant.parse("2026-11-20T06:33:00Z"));
    private final InstantSource clock = () -> Instant.now().plus(ahead);

    @TempDir
    Path folder;

    private KisSimulator simulator;
    private KisClient kis;

    @BeforeEach
    void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("sim.db"))
                .withTime(new KrxCalendar(), clock)
                .withRates(100_000, 100_000)
                .withSynchronous("OFF"));
        var credentials = new Credentials(
                Secret.of("PSMINUTES00000000000000000000000000A"),
                Secret.of("s".repeat(180)),
                new AccountNumber("12345678", "01"),
                Optional.empty());
        var config = KisConfig.live(
                        credentials,
                        TokenStore.in(folder.resolve("token"), Secret.of("k".repeat(32))),
                        new Limits(1_000, 1_000, 41, 1_000),
                        7)
                .withAddresses(simulator.restBase(), simulator.wsBase());
        kis = KisClient.open(config, clock, clock, new KisListener() {});
        kis.start();
    }

    @AfterEach
    void stop() {
        kis.close();
        simulator.close();
    }

    @Test
    @Requirement(value = "I-01", clause = "bars")
    void the_minutes_of_a_gap_equal_those_of_the_days_chart_each_with_its_own_turnover() {
        var all = day();
        // More than the thirty minutes that one page has.
        var from = at("10:05");
        var to = at("11:20");

        var gapMinutes = new KisMinuteSource(kis).minutes(SAMSUNG, from, to).orElseThrow();

        var expected = all.stream()
                .filter(minute -> LiveBar.minute(minute.at()) >= from && LiveBar.minute(minute.at()) <= to)
                .toList();
        assertThat(expected).hasSizeGreaterThan(60);
        assertThat(gapMinutes).hasSameSizeAs(expected);
        for (int i = 0; i < gapMinutes.size(); i++) {
            var is = gapMinutes.get(i);
            var expectedMinute = expected.get(i);
            int before = all.indexOf(expectedMinute) - 1;
            assertThat(is)
                    .isEqualTo(new Minute(
                            LiveBar.minute(expectedMinute.at()),
                            expectedMinute.open(),
                            expectedMinute.high(),
                            expectedMinute.low(),
                            expectedMinute.close(),
                            expectedMinute.volume(),
                            expectedMinute.dayTurnover() - all.get(before).dayTurnover()));
        }
    }

    @Test
    void a_minute_without_trades_is_omitted() {
        // Between the regular session and the closing auction nothing trades.
        var gapMinutes = new KisMinuteSource(kis)
                .minutes(SAMSUNG, at("15:21"), at("15:29"))
                .orElseThrow();

        assertThat(gapMinutes).isEmpty();
    }

    @Test
    void without_an_answer_the_minutes_are_unknown_and_not_empty() {
        simulator.close();

        assertThat(new KisMinuteSource(kis).minutes(SAMSUNG, at("10:05"), at("10:06")))
                .isEmpty();
    }

    private List<BarSource.Minute> day() {
        return new KisBars(kis)
                .requestMinutes(
                        SAMSUNG,
                        TODAY.atStartOfDay(),
                        TODAY.atTime(LocalTime.MAX),
                        new RequestContext("test", clock.instant().plusSeconds(30)))
                .orElseThrow();
    }

    private static long at(String time) {
        return LiveBar.minute(TODAY.atTime(LocalTime.parse(time)));
    }
}
