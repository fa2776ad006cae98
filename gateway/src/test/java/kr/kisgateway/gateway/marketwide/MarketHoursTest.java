package kr.kisgateway.gateway.marketwide;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.gateway.marketwide.MarketHours.State;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.OpenCalendar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarketHoursTest {
    private final MarketHours hours = new MarketHours(Markets.standard(), new KrxCalendar(), NyseDays.load());

    /** In Seoul. The 19th of November 2026 is an examination day: an hour later. The 20th is a Friday. */
    @ParameterizedTest
    @CsvSource({
        "KRX, 2026-11-20T08:00, CLOSED, 2026-11-20T09:00, 2026-11-20T15:30, 2026-11-20T08:30, PRE_OPEN_AUCTION",
        "KRX, 2026-11-20T08:45, PRE_OPEN_AUCTION, 2026-11-20T09:00, 2026-11-20T15:30, 2026-11-20T09:00, REGULAR",
        "KRX, 2026-11-20T10:00, REGULAR, 2026-11-20T09:00, 2026-11-20T15:30, 2026-11-20T15:20, CLOSING_AUCTION",
        "KRX, 2026-11-20T15:25, CLOSING_AUCTION, 2026-11-20T09:00, 2026-11-20T15:30, 2026-11-20T15:30, AFTER_HOURS",
        "KRX, 2026-11-20T15:35, AFTER_HOURS, 2026-11-23T09:00, 2026-11-23T15:30, 2026-11-20T16:00, AFTER_MARKET",
        "KRX, 2026-11-20T17:00, AFTER_MARKET, 2026-11-23T09:00, 2026-11-23T15:30, 2026-11-20T20:00, CLOSED",
        "KRX, 2026-11-20T21:00, CLOSED, 2026-11-23T09:00, 2026-11-23T15:30, 2026-11-23T08:30, PRE_OPEN_AUCTION",
        "KRX, 2026-11-19T09:30, PRE_OPEN_AUCTION, 2026-11-19T10:00, 2026-11-19T16:30, 2026-11-19T10:00, REGULAR",
        "KRX, 2026-05-20T17:05, AFTER_HOURS_SINGLE_PRICE, 2026-05-21T09:00, 2026-05-21T15:30, 2026-05-20T18:00, CLOSED",
        "NXT, 2026-11-20T08:10, PRE_MARKET, 2026-11-20T09:00:30, 2026-11-20T15:20, 2026-11-20T08:50, BREAK",
        "NXT, 2026-11-20T10:00, REGULAR, 2026-11-20T09:00:30, 2026-11-20T15:20, 2026-11-20T15:20, BREAK",
        "NXT, 2026-11-20T16:00, AFTER_MARKET, 2026-11-23T09:00:30, 2026-11-23T15:20, 2026-11-20T20:00, CLOSED",
        "NASD, 2026-11-20T12:00, DAY_MARKET, 2026-11-20T23:30, 2026-11-21T06:00, 2026-11-20T18:00, PRE",
        "NASD, 2026-11-20T23:45, REGULAR, 2026-11-20T23:30, 2026-11-21T06:00, 2026-11-21T06:00, AFTER",
        "NYSE, 2026-11-21T12:00, CLOSED, 2026-11-23T23:30, 2026-11-24T06:00, 2026-11-23T10:00, DAY_MARKET",
    })
    void each_market_reports_its_state_its_hours_and_its_next_state(
            String market, String now, String session, String opens, String closes, String next, String nextSession) {
        var state = state(hours, market, seoul(now));
        assertThat(state.session()).isEqualTo(session);
        assertThat(state.opensAt()).hasValue(seoul(opens));
        assertThat(state.closesAt()).hasValue(seoul(closes));
        assertThat(state.nextAt()).hasValue(seoul(next));
        assertThat(state.nextSession()).hasValue(nextSession);
    }

    @Test
    void holidays_are_named_separately_for_each_country() {
        var christmas = seoul("2026-12-25T12:00");
        var krx = state(hours, "KRX", christmas);
        assertThat(krx.tradingDay()).isFalse();
        assertThat(krx.session()).isEqualTo("CLOSED");
        assertThat(krx.holiday().orElseThrow()).containsIgnoringCase("christmas");
        assertThat(state(hours, "NXT", christmas).holiday()).isEqualTo(krx.holiday());
        // Thanksgiving, the 26th of November; Korea trades.
        var thanksgiving = seoul("2026-11-26T12:00");
        assertThat(state(hours, "KRX", thanksgiving).holiday()).isEmpty();
        assertThat(state(hours, "KRX", thanksgiving).session()).isEqualTo("REGULAR");
        var nyse = state(hours, "NYSE", thanksgiving);
        assertThat(nyse.holiday().orElseThrow()).containsIgnoringCase("thanksgiving");
        assertThat(nyse.date()).isEqualTo(LocalDate.of(2026, 11, 26));
        assertThat(nyse.tradingDay()).isFalse();
    }

    @Test
    void hours_without_an_end_report_none() {
        var open = state(
                new MarketHours(Markets.standard(), new OpenCalendar(), NyseDays.load()),
                "KRX",
                seoul("2026-11-21T03:00"));
        assertThat(open.session()).isEqualTo("REGULAR");
        assertThat(open.opensAt()).isEmpty();
        assertThat(open.nextAt()).isEmpty();
        assertThat(open.holiday()).isEqualTo(Optional.empty());
    }

    private static State state(MarketHours hours, String market, Instant at) {
        return hours.at(at).stream()
                .filter(it -> it.market().equals(market))
                .findFirst()
                .orElseThrow();
    }

    private static Instant seoul(String text) {
        return Instant.parse((text.length() == 16 ? text + ":00" : text) + "+09:00");
    }
}
