package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KoreanHoursTest {
    private static final VenueHours HOURS = VenueHours.of(new KrxCalendar());

    private static Instant kst(String local) {
        return LocalDateTime.parse(local).atZone(TradingCalendar.SEOUL).toInstant();
    }

    /** The day's phases by walking from each end to the next. */
    private static List<String> day(String date, Function<Instant, PhaseWindow> track) {
        List<String> phases = new ArrayList<>();
        Instant end = kst(LocalDate.parse(date).plusDays(1) + "T00:00");
        for (Instant at = kst(date + "T00:00"); at.isBefore(end); ) {
            PhaseWindow window = track.apply(at);
            assertThat(window.from()).isEqualTo(at);
            phases.add(at.atZone(TradingCalendar.SEOUL).toLocalTime() + " " + window.phase());
            at = window.until();
        }
        return phases;
    }

    private static List<String> krx(String date) {
        return day(date, at -> HOURS.bookPhase(Venue.KRX, at));
    }

    private static List<String> nxt(String date) {
        return day(date, at -> HOURS.bookPhase(Venue.NXT, at));
    }

    private static List<String> closePrice(String date) {
        return day(date, HOURS::closePricePhase);
    }

    @Test
    void a_day_of_krx_since_september_2026_ends_with_the_after_market() {
        assertThat(krx("2026-11-20"))
                .containsExactly(
                        "00:00 CLOSED",
                        "08:30 OPENING_AUCTION",
                        "09:00 REGULAR",
                        "15:20 CLOSING_AUCTION",
                        "15:30 CLOSED",
                        "16:00 AFTER_MARKET",
                        "20:00 CLOSED");
    }

    @Test
    void until_then_auctions_of_ten_minutes_follow_the_close() {
        assertThat(krx("2026-09-11"))
                .containsExactly(
                        "00:00 CLOSED",
                        "08:30 OPENING_AUCTION",
                        "09:00 REGULAR",
                        "15:20 CLOSING_AUCTION",
                        "15:30 CLOSED",
                        "16:00 SINGLE_PRICE",
                        "16:10 SINGLE_PRICE",
                        "16:20 SINGLE_PRICE",
                        "16:30 SINGLE_PRICE",
                        "16:40 SINGLE_PRICE",
                        "16:50 SINGLE_PRICE",
                        "17:00 SINGLE_PRICE",
                        "17:10 SINGLE_PRICE",
                        "17:20 SINGLE_PRICE",
                        "17:30 SINGLE_PRICE",
                        "17:40 SINGLE_PRICE",
                        "17:50 SINGLE_PRICE",
                        "18:00 CLOSED");
    }

    @Test
    void trading_at_the_close_runs_beside_the_book() {
        assertThat(closePrice("2026-11-20"))
                .containsExactly(
                        "00:00 CLOSED",
                        "08:30 PREVIOUS_CLOSE",
                        "08:40 CLOSED",
                        "15:30 CLOSE_PRICE_INTAKE",
                        "15:40 CLOSE_PRICE",
                        "16:00 CLOSED");
    }

    @Test
    @Requirement(value = "G-07", clause = "calendar")
    void a_day_of_nxt_has_three_sessions_with_breaks_between_them() {
        assertThat(nxt("2026-11-20"))
                .containsExactly(
                        "00:00 CLOSED",
                        "08:00 PRE_MARKET",
                        "08:50 BREAK",
                        "09:00:30 REGULAR",
                        "15:20 BREAK",
                        "15:30 AFTER_INTAKE",
                        "15:40 AFTER_MARKET",
                        "20:00 CLOSED");
        assertThat(nxt("2025-02-28")).containsExactly("00:00 CLOSED");
    }

    @Test
    void on_the_examination_day_everything_but_the_last_end_is_an_hour_later() {
        assertThat(krx("2026-11-19"))
                .containsExactly(
                        "00:00 CLOSED",
                        "09:30 OPENING_AUCTION",
                        "10:00 REGULAR",
                        "16:20 CLOSING_AUCTION",
                        "16:30 CLOSED",
                        "17:00 AFTER_MARKET",
                        "20:00 CLOSED");
        assertThat(nxt("2026-11-19")).contains("10:00:30 REGULAR", "16:40 AFTER_MARKET", "20:00 CLOSED");
        assertThat(closePrice("2026-11-19")).contains("16:30 CLOSE_PRICE_INTAKE", "17:00 CLOSED");
    }

    @Test
    void the_first_trading_day_of_a_year_opens_late_and_closes_as_always() {
        assertThat(krx("2026-01-02")).contains("09:30 OPENING_AUCTION", "10:00 REGULAR", "15:20 CLOSING_AUCTION");
    }

    @Test
    void nothing_happens_on_a_holiday() {
        assertThat(krx("2026-12-25")).containsExactly("00:00 CLOSED");
        assertThat(nxt("2026-11-22")).containsExactly("00:00 CLOSED");
    }

    @Property
    void the_regular_session_is_where_the_calendar_has_it(@ForAll @IntRange(max = 60 * 24 * 60) int minute) {
        KrxCalendar calendar = new KrxCalendar();
        Instant at = kst("2026-08-24T00:00").plusSeconds(60L * minute);

        Phase phase = HOURS.bookPhase(Venue.KRX, at).phase();

        assertThat(phase == Phase.REGULAR).isEqualTo(calendar.session(at) == Session.REGULAR);
        assertThat(phase == Phase.OPENING_AUCTION).isEqualTo(calendar.session(at) == Session.PRE_OPEN_AUCTION);
        assertThat(phase == Phase.CLOSING_AUCTION).isEqualTo(calendar.session(at) == Session.CLOSING_AUCTION);
        assertThat(phase == Phase.AFTER_MARKET).isEqualTo(calendar.session(at) == Session.AFTER_MARKET);
    }

    @Test
    void with_an_open_calendar_both_venues_trade_continuously_all_day() {
        VenueHours open = VenueHours.of(new OpenCalendar());
        assertThat(open.bookPhase(Venue.KRX, kst("2026-11-22T03:00")).phase()).isEqualTo(Phase.REGULAR);
        assertThat(open.bookPhase(Venue.NXT, kst("2026-11-22T03:00")).phase()).isEqualTo(Phase.REGULAR);
        assertThat(open.closePricePhase(kst("2026-11-20T15:45")).phase()).isEqualTo(Phase.CLOSED);
        assertThat(open.bookPhase(Venue.KRX, kst("2026-11-22T00:00:30")).phase())
                .isEqualTo(Phase.CLOSED);
        assertThat(open.hasDefinedEnd()).isFalse();
        assertThat(HOURS.hasDefinedEnd()).isTrue();
    }

    @Test
    void sor_is_no_venue() {
        assertThatThrownBy(() -> HOURS.bookPhase(Venue.SOR, kst("2026-11-20T10:00")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nxt_lists_seven_hundred_stocks_and_no_etf_or_konex() {
        NxtListing nxt = NxtListing.load();
        Instruments listing = Instruments.load();
        List<Instrument> nxtStocks = listing.all().stream()
                .filter(instrument -> nxt.contains(instrument.symbol()))
                .toList();

        assertThat(nxt.size()).isEqualTo(700);
        assertThat(nxtStocks)
                .hasSize(700)
                .allMatch(instrument -> instrument.product() == Product.STOCK)
                .noneMatch(instrument -> instrument.board() == Board.KONEX);
        assertThat(nxt.contains(new Symbol("005930"))).isTrue();
        assertThat(nxt.contains(new Symbol("069500"))).isFalse();
    }
}
