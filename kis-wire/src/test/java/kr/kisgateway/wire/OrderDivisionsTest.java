package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderDivisionsTest {
    private static final LocalDate LAST_OLD_DAY = LocalDate.of(2026, 9, 13);
    private static final LocalDate FIRST_NEW_DAY = LocalDate.of(2026, 9, 14);
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);

    private static final OrderKind NXT_PRE_LIMIT =
            new OrderKind(OrderType.LIMIT, OrderSession.NXT_PRE, TimeInForce.DAY);

    /** Not static: each test reads the table. */
    private final OrderDivisions divisions = OrderDivisions.load();

    @Test
    void every_place_of_the_table_is_a_division() {
        long places = Resources.text("order-divisions.tsv")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .flatMap(line -> List.of(line.split("\t", -1)[9].split(" ")).stream())
                .count();

        assertThat(divisions.all()).hasSize((int) places).hasSizeGreaterThan(60);
        assertThat(divisions.all())
                .extracting(OrderDivision::code)
                .startsWith("00")
                .endsWith("47");
    }

    @Test
    void a_division_on_one_venue_has_the_phases_that_accept_it() {
        assertThat(divisions.of("00").getFirst())
                .isEqualTo(new OrderDivision(
                        "00",
                        "지정가",
                        OrderKind.LIMIT,
                        Venue.KRX,
                        Set.of(Phase.OPENING_AUCTION, Phase.REGULAR, Phase.CLOSING_AUCTION),
                        Optional.of(Phase.CLOSING_AUCTION),
                        true,
                        false,
                        LocalDate.MIN,
                        LocalDate.MAX));
        assertThat(divisions.of("45"))
                .containsExactly(new OrderDivision(
                        "45",
                        "애프터마켓 최유리 IOC",
                        new OrderKind(OrderType.BEST, OrderSession.AFTER_MARKET, TimeInForce.IOC),
                        Venue.KRX,
                        Set.of(Phase.AFTER_MARKET),
                        Optional.of(Phase.AFTER_MARKET),
                        false,
                        true,
                        FIRST_NEW_DAY,
                        LocalDate.MAX));
        assertThat(divisions.of("07").getFirst().to()).isEqualTo(LAST_OLD_DAY);
    }

    @Test
    void a_routed_division_has_no_phases_of_its_own() {
        assertThat(divisions.find("00", Venue.SOR)).hasValueSatisfying(routed -> {
            assertThat(routed.kind()).isEqualTo(OrderKind.LIMIT);
            assertThat(routed.accepted()).isEmpty();
            assertThat(routed.last()).isEmpty();
        });
    }

    @Test
    void an_unknown_code_has_no_place() {
        assertThat(divisions.of("99")).isEmpty();
        assertThat(divisions.find("99", Venue.KRX)).isEmpty();
    }

    @Test
    void only_the_venues_that_the_sources_leave_open_are_unsure() {
        assertThat(divisions.isUnsure("27", Venue.SOR)).isTrue();
        assertThat(divisions.isUnsure("47", Venue.SOR)).isTrue();
        assertThat(divisions.isUnsure("27", Venue.NXT)).isFalse();
        assertThat(divisions.isUnsure("00", Venue.SOR)).isFalse();
    }

    @Test
    void a_code_is_what_it_is_on_its_venue_or_else_on_the_first() {
        assertThat(divisions.find("03", Venue.KRX).orElseThrow().venue()).isEqualTo(Venue.KRX);
        assertThat(divisions.find("03", Venue.NXT).orElseThrow().venue()).isEqualTo(Venue.NXT);
        assertThat(divisions.find("03", Venue.SOR).orElseThrow().venue()).isEqualTo(Venue.SOR);
        assertThat(divisions.find("05", Venue.NXT).orElseThrow().venue()).isEqualTo(Venue.KRX);
    }

    @ParameterizedTest
    @CsvSource({"LIMIT, DAY, KRX, 00", "MARKET, DAY, SOR, 01", "BEST, IOC, NXT, 15", "MID, FOK, KRX, 24"})
    void an_order_of_a_kind_has_the_code_of_its_venue(OrderType type, TimeInForce time, Venue venue, String code) {
        OrderKind kind = new OrderKind(type, OrderSession.REGULAR, time);
        assertThat(divisions.find(kind, venue, TODAY)).hasValueSatisfying(found -> {
            assertThat(found.code()).isEqualTo(code);
            assertThat(found.venue()).isEqualTo(venue);
            assertThat(found.kind()).isEqualTo(kind);
        });
    }

    @Test
    void a_kind_that_the_venue_does_not_have_has_no_division() {
        assertThat(divisions.find(OrderKind.MARKET, Venue.NXT, TODAY)).isEmpty();
        assertThat(divisions.find(OrderKind.LIMIT, Venue.NASD, TODAY)).isEmpty();
    }

    @Test
    void the_code_of_a_kind_is_that_of_the_day() {
        assertThat(divisions
                        .find(NXT_PRE_LIMIT, Venue.NXT, LAST_OLD_DAY)
                        .orElseThrow()
                        .code())
                .isEqualTo("00");
        assertThat(divisions
                        .find(NXT_PRE_LIMIT, Venue.NXT, FIRST_NEW_DAY)
                        .orElseThrow()
                        .code())
                .isEqualTo("27");
    }

    @Test
    void a_division_exists_from_its_first_day_to_its_last() {
        OrderDivision later = divisions.of("41").getFirst();
        assertThat(later.isValidOn(LAST_OLD_DAY)).isFalse();
        assertThat(later.isValidOn(FIRST_NEW_DAY)).isTrue();
        OrderDivision earlier = divisions.of("07").getFirst();
        assertThat(earlier.isValidOn(LAST_OLD_DAY)).isTrue();
        assertThat(earlier.isValidOn(FIRST_NEW_DAY)).isFalse();
    }

    @Test
    void the_nearest_have_the_type_then_the_time_in_force_then_the_venue_then_the_session() {
        OrderKind mid = OrderKind.regular(OrderType.MID);

        assertThat(divisions.nearest(mid, Venue.NXT, TODAY, false, 12))
                .extracting(OrderDivisionsTest::place)
                .containsExactly(
                        "21 NXT REGULAR",
                        "21 NXT NXT_AFTER",
                        "21 KRX REGULAR",
                        "23 NXT REGULAR",
                        "24 NXT REGULAR",
                        "23 NXT NXT_AFTER",
                        "23 NXT NXT_PRE",
                        "24 NXT NXT_AFTER",
                        "24 NXT NXT_PRE",
                        "23 KRX REGULAR",
                        "24 KRX REGULAR",
                        "00 NXT REGULAR");
    }

    @Test
    void the_nearest_of_paper_trading_are_those_that_paper_has() {
        assertThat(divisions.nearest(OrderKind.LIMIT, Venue.NXT, TODAY, true, 100))
                .extracting(OrderDivisionsTest::place)
                .containsExactly(
                        "00 KRX REGULAR", "01 KRX REGULAR", "02 KRX REGULAR", "03 KRX REGULAR", "04 KRX REGULAR");
    }

    @Test
    void the_nearest_exist_on_the_day() {
        assertThat(divisions.nearest(NXT_PRE_LIMIT, Venue.NXT, LAST_OLD_DAY, false, 1))
                .extracting(OrderDivision::code)
                .containsExactly("00");
        assertThat(divisions.nearest(NXT_PRE_LIMIT, Venue.NXT, TODAY, false, 1))
                .extracting(OrderDivision::code)
                .containsExactly("27");
        assertThat(divisions.nearest(NXT_PRE_LIMIT, Venue.NXT, TODAY, false, 1_000))
                .noneMatch(it -> it.code().equals("07"));
    }

    private static String place(OrderDivision division) {
        return division.code() + " " + division.venue() + " " + division.kind().session();
    }
}
