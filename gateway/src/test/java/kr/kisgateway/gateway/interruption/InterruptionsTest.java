package kr.kisgateway.gateway.interruption;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.quote.Clock;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement("A-07")
@Requirement("P-13")
class InterruptionsTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Symbol HYNIX = new Symbol("000660");
    private static final Symbol ECOPRO = new Symbol("247540");
    private static final Symbol UNLISTED = new Symbol("999999");
    private static final Map<Symbol, Market> LISTED =
            Map.of(SAMSUNG, Market.KOSPI, HYNIX, Market.KOSPI, ECOPRO, Market.KOSDAQ);

    private final Clock clock = new Clock("2026-11-20T02:00:00Z");
    private final List<String> follows = new ArrayList<>();
    private final Interruptions interruptions = new Interruptions(
            symbol -> Optional.ofNullable(LISTED.get(symbol)),
            market -> LISTED.keySet().stream()
                    .filter(symbol -> LISTED.get(symbol) == market)
                    .sorted()
                    .toList(),
            Runnable::run,
            new KrxCalendar(),
            clock);

    InterruptionsTest() {
        interruptions.listen(new Consequences() {
            @Override
            public void outdated(List<Symbol> symbols) {
                follows.add("outdated " + symbols);
            }

            @Override
            public void changed(Symbol symbol) {
                follows.add("changed " + symbol);
            }

            @Override
            public void breaker(Market market, boolean on, String code) {
                follows.add(market + (on ? " on " : " off ") + code);
            }

            @Override
            public void breakerUnknown(Market market) {
                follows.add(market + " unknown");
            }
        });
    }

    @Test
    void a_record_that_says_something_new_ends_what_was_asked_and_one_that_says_the_same_again_does_not() {
        told(SAMSUNG, false, true, "");
        assertThat(follows).containsExactly("outdated [005930]", "changed 005930");
        told(SAMSUNG, false, true, "");
        assertThat(follows).hasSize(2);
        assertThat(interruptions.last(SAMSUNG).orElseThrow().status().interrupted())
                .isTrue();
        told(SAMSUNG, false, false, "");
        told(SAMSUNG, true, false, "164");
        told(SAMSUNG, true, false, "XYZ");
        assertThat(interruptions.changes()).isEqualTo(4);
        assertThat(interruptions.last(HYNIX)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"110", "112", "121", "129", "130", "139", "140", "149", "150", "159", "187", "388", "BF9"})
    void opening_closing_side_cars_and_what_nobody_has_described_are_about_the_stock_alone(String code) {
        told(SAMSUNG, false, false, code);
        assertThat(follows).containsExactly("outdated [005930]", "changed 005930");
    }

    @ParameterizedTest
    @CsvSource({"174, 175", "184, 185", "AF8, AF1"})
    void a_circuit_breaker_ends_what_was_asked_of_its_market_once_however_many_stocks_tell_of_it(
            String on, String off) {
        told(SAMSUNG, true, false, on);
        assertThat(follows)
                .containsExactly("outdated [005930]", "changed 005930", "KOSPI on " + on, "outdated [000660, 005930]");
        follows.clear();
        told(HYNIX, true, false, on);
        assertThat(follows).containsExactly("outdated [000660]", "changed 000660");
        assertThat(interruptions.breakers()).containsExactly(Market.KOSPI);
        follows.clear();

        told(SAMSUNG, false, false, off);
        assertThat(follows).endsWith("KOSPI off " + off, "outdated [000660, 005930]");
        assertThat(interruptions.breakers()).isEmpty();
    }

    @Test
    void two_words_about_a_market_that_come_by_turns_end_what_was_asked_twice_and_not_with_each_stock() {
        told(SAMSUNG, true, false, "174");
        told(SAMSUNG, true, false, "184");
        follows.clear();
        told(HYNIX, true, false, "174");
        told(HYNIX, true, false, "184");
        assertThat(follows)
                .containsExactly("outdated [000660]", "changed 000660", "outdated [000660]", "changed 000660");
    }

    @Test
    void a_pause_ends_what_was_asked_of_the_market_and_says_nothing_of_a_circuit_breaker() {
        told(ECOPRO, true, false, "164");
        assertThat(follows).contains("outdated [247540]").doesNotContain("KOSDAQ on 164");
        assertThat(interruptions.breakers()).isEmpty();
        told(UNLISTED, true, false, "174");
        assertThat(interruptions.breakers()).as("of no market that is known").isEmpty();
    }

    @Test
    void nothing_is_remembered_longer_than_somebody_tells_of_it() {
        told(SAMSUNG, true, false, "174");
        told(HYNIX, false, false, "");
        told(ECOPRO, true, false, "174");
        follows.clear();

        interruptions.released(HYNIX);
        assertThat(follows).as("it traded").isEmpty();
        interruptions.released(SAMSUNG);
        assertThat(follows).containsExactly("outdated [005930]", "changed 005930", "KOSPI unknown");
        assertThat(interruptions.last(SAMSUNG)).isEmpty();
        assertThat(interruptions.breakers()).containsExactly(Market.KOSDAQ);

        clock.advance(Duration.ofDays(3));
        assertThat(interruptions.breakers()).as("of another day").isEmpty();
    }

    @Test
    void what_may_have_been_missed_counts_as_a_change() {
        interruptions.missed(SAMSUNG);
        assertThat(follows).containsExactly("outdated [005930]");
        told(SAMSUNG, false, true, "");
        follows.clear();
        interruptions.missed(SAMSUNG);
        assertThat(follows).containsExactly("outdated [005930]", "changed 005930");
    }

    private void told(Symbol symbol, boolean halted, boolean interrupted, String operation) {
        interruptions.told(
                new StockStatus(symbol, halted, interrupted, halted ? Standing.HALTED : Standing.NORMAL, operation));
    }
}
