package kr.kisgateway.gateway.interruption;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement("A-07")
@Requirement("P-13")
class StockStatusMonitorTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Symbol HYNIX = new Symbol("000660");
    private static final Symbol ECOPRO = new Symbol("247540");
    private static final Symbol UNLISTED = new Symbol("999999");
    private static final Map<Symbol, Board> LISTED =
            Map.of(SAMSUNG, Board.KOSPI, HYNIX, Board.KOSPI, ECOPRO, Board.KOSDAQ);

    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");
    private final List<String> effects = new ArrayList<>();
    private final StockStatusMonitor interruptions = new StockStatusMonitor(
            symbol -> Optional.ofNullable(LISTED.get(symbol)),
            market -> LISTED.keySet().stream()
                    .filter(symbol -> LISTED.get(symbol) == market)
                    .sorted()
                    .toList(),
            Runnable::run,
            new KrxCalendar(),
            clock);

    StockStatusMonitorTest() {
        interruptions.addListener(new StatusChangeListener() {
            @Override
            public void answersInvalidated(List<Symbol> symbols) {
                effects.add("outdated " + symbols);
            }

            @Override
            public void statusChanged(Symbol symbol) {
                effects.add("changed " + symbol);
            }

            @Override
            public void breakerChanged(Board market, boolean on, String code) {
                effects.add(market + (on ? " on " : " off ") + code);
            }

            @Override
            public void breakerUnknown(Board market) {
                effects.add(market + " unknown");
            }
        });
    }

    @Test
    void a_changed_status_record_invalidates_cached_answers_and_a_repeated_one_does_not() {
        receiveStatus(SAMSUNG, false, true, "");
        assertThat(effects).containsExactly("outdated [005930]", "changed 005930");
        receiveStatus(SAMSUNG, false, true, "");
        assertThat(effects).hasSize(2);
        assertThat(interruptions.lastStatus(SAMSUNG).orElseThrow().status().interrupted())
                .isTrue();
        receiveStatus(SAMSUNG, false, false, "");
        receiveStatus(SAMSUNG, true, false, "164");
        receiveStatus(SAMSUNG, true, false, "XYZ");
        assertThat(BoundMeters.of(interruptions::bindTo).value("interruption.changes"))
                .isEqualTo(4);
        assertThat(interruptions.lastStatus(HYNIX)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"110", "112", "121", "129", "130", "139", "140", "149", "150", "159", "187", "388", "BF9"})
    void opening_closing_side_car_and_unknown_operations_concern_the_stock_alone(String code) {
        receiveStatus(SAMSUNG, false, false, code);
        assertThat(effects).containsExactly("outdated [005930]", "changed 005930");
    }

    @ParameterizedTest
    @CsvSource({"174, 175", "184, 185", "AF8, AF1"})
    void a_circuit_breaker_invalidates_its_market_once_however_many_stocks_report_it(String on, String off) {
        receiveStatus(SAMSUNG, true, false, on);
        assertThat(effects)
                .containsExactly("outdated [005930]", "changed 005930", "KOSPI on " + on, "outdated [000660, 005930]");
        effects.clear();
        receiveStatus(HYNIX, true, false, on);
        assertThat(effects).containsExactly("outdated [000660]", "changed 000660");
        assertThat(interruptions.breakers()).containsExactly(Board.KOSPI);
        effects.clear();

        receiveStatus(SAMSUNG, false, false, off);
        assertThat(effects).endsWith("KOSPI off " + off, "outdated [000660, 005930]");
        assertThat(interruptions.breakers()).isEmpty();
    }

    @Test
    void two_alternating_statuses_of_a_market_invalidate_twice_and_not_with_each_stock() {
        receiveStatus(SAMSUNG, true, false, "174");
        receiveStatus(SAMSUNG, true, false, "184");
        effects.clear();
        receiveStatus(HYNIX, true, false, "174");
        receiveStatus(HYNIX, true, false, "184");
        assertThat(effects)
                .containsExactly("outdated [000660]", "changed 000660", "outdated [000660]", "changed 000660");
    }

    @Test
    void a_pause_invalidates_the_market_and_reports_no_circuit_breaker() {
        receiveStatus(ECOPRO, true, false, "164");
        assertThat(effects).contains("outdated [247540]").doesNotContain("KOSDAQ on 164");
        assertThat(interruptions.breakers()).isEmpty();
        receiveStatus(UNLISTED, true, false, "174");
        assertThat(interruptions.breakers()).as("of an unknown market").isEmpty();
    }

    @Test
    void a_status_is_retained_only_while_its_registration_lasts() {
        receiveStatus(SAMSUNG, true, false, "174");
        receiveStatus(HYNIX, false, false, "");
        receiveStatus(ECOPRO, true, false, "174");
        effects.clear();

        interruptions.released(HYNIX);
        assertThat(effects).as("it traded").isEmpty();
        interruptions.released(SAMSUNG);
        assertThat(effects).containsExactly("outdated [005930]", "changed 005930", "KOSPI unknown");
        assertThat(interruptions.lastStatus(SAMSUNG)).isEmpty();
        assertThat(interruptions.breakers()).containsExactly(Board.KOSDAQ);

        clock.advance(Duration.ofDays(3));
        assertThat(interruptions.breakers()).as("of another day").isEmpty();
    }

    @Test
    void a_possibly_missed_status_counts_as_a_change() {
        interruptions.missed(SAMSUNG);
        assertThat(effects).containsExactly("outdated [005930]");
        receiveStatus(SAMSUNG, false, true, "");
        effects.clear();
        interruptions.missed(SAMSUNG);
        assertThat(effects).containsExactly("outdated [005930]", "changed 005930");
    }

    private void receiveStatus(Symbol symbol, boolean halted, boolean interrupted, String operation) {
        interruptions.observed(new StockStatus(
                symbol, halted, interrupted, halted ? Designation.HALTED : Designation.NORMAL, operation));
    }
}
