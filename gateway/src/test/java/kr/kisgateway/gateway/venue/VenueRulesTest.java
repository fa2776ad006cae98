package kr.kisgateway.gateway.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.venue.Routing.Reason;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Each rule alone, their order, and what they have in common. */
class VenueRulesTest {
    private static final VenueRule.Halted HALTED = new VenueRule.Halted();
    private static final VenueRule.Refused REFUSED = new VenueRule.Refused(List.of("8*", "APBK0506"));
    private static final VenueRule.Slow SLOW = new VenueRule.Slow(Duration.ofMillis(2_000));
    private static final VenueRule.Volume VOLUME = new VenueRule.Volume(1_000);
    private static final VenueRule.Price PRICE = new VenueRule.Price(1);
    private static final List<VenueRule> ALL = List.of(HALTED, REFUSED, SLOW, VOLUME, PRICE);
    private static final OptionalLong ANY_PRICE = OptionalLong.empty();

    private static final VenueFigures USUAL = figures(false, 1_000_000, 70_000, 50, "");

    private static VenueFigures figures(boolean halted, long volume, long best, long millis, String refusal) {
        return new VenueFigures(
                true,
                halted,
                OptionalLong.of(volume),
                OptionalLong.of(best),
                OptionalLong.of(millis),
                Optional.of(refusal).filter(code -> !code.isEmpty()));
    }

    private static VenueRules rules(VenueRule... rules) {
        return new VenueRules(List.of(rules), Duration.ofMinutes(1), Commissions.usual());
    }

    private static void assertChosen(VenueRules.Choice choice, Venue venue, Reason reason) {
        assertThat(choice.venue()).isEqualTo(venue);
        assertThat(choice.routing().reason()).isEqualTo(reason);
    }

    /** Of a bad venue and a usual one the usual one is chosen, wherever it is. */
    private static void assertAvoids(VenueRule rule, VenueFigures bad, Reason reason) {
        assertChosen(rules(rule).choose(Side.BUY, ANY_PRICE, bad, USUAL), Venue.NXT, reason);
        assertChosen(rules(rule).choose(Side.BUY, ANY_PRICE, USUAL, bad), Venue.KRX, reason);
        assertChosen(rules(rule).choose(Side.BUY, ANY_PRICE, bad, bad), Venue.KRX, Reason.USUAL);
        assertChosen(rules().choose(Side.BUY, ANY_PRICE, bad, USUAL), Venue.KRX, Reason.USUAL);
    }

    @Test
    void a_venue_that_has_suspended_the_stock_is_avoided() {
        assertAvoids(HALTED, figures(true, 1_000_000, 70_000, 50, ""), Reason.HALTED);
    }

    @Test
    void a_venue_whose_last_order_was_refused_for_the_venue_is_avoided() {
        assertAvoids(REFUSED, figures(false, 1_000_000, 70_000, 50, "80000000"), Reason.REFUSED);
        assertAvoids(REFUSED, figures(false, 1_000_000, 70_000, 50, "APBK0506"), Reason.REFUSED);
        var other = figures(false, 1_000_000, 70_000, 50, "APBK0952"); // too little cash, on every venue
        assertChosen(rules(REFUSED).choose(Side.BUY, ANY_PRICE, other, USUAL), Venue.KRX, Reason.USUAL);
    }

    @Test
    void a_venue_is_avoided_whose_orders_took_longer_than_the_limit() {
        assertAvoids(SLOW, figures(false, 1_000_000, 70_000, 2_001, ""), Reason.SLOW);
        var atTheLimit = figures(false, 1_000_000, 70_000, 2_000, "");
        assertChosen(rules(SLOW).choose(Side.BUY, ANY_PRICE, atTheLimit, USUAL), Venue.KRX, Reason.USUAL);
    }

    @Test
    void a_venue_is_avoided_where_hardly_anything_was_traded_today() {
        assertAvoids(VOLUME, figures(false, 999, 70_000, 50, ""), Reason.VOLUME);
        assertChosen(
                rules(VOLUME).choose(Side.BUY, ANY_PRICE, figures(false, 1_000, 70_000, 50, ""), USUAL),
                Venue.KRX,
                Reason.USUAL);
    }

    @Test
    void the_better_price_after_commission_is_taken_if_it_is_better_by_the_margin() {
        var dearer = figures(false, 1_000_000, 70_100, 50, "");
        assertChosen(rules(PRICE).choose(Side.BUY, ANY_PRICE, dearer, USUAL), Venue.NXT, Reason.PRICE);
        assertChosen(rules(PRICE).choose(Side.BUY, ANY_PRICE, USUAL, dearer), Venue.KRX, Reason.PRICE);
        assertChosen(rules(PRICE).choose(Side.SELL, ANY_PRICE, USUAL, dearer), Venue.NXT, Reason.PRICE);
        assertChosen(rules(PRICE).choose(Side.SELL, ANY_PRICE, dearer, USUAL), Venue.KRX, Reason.PRICE);
        // A basis point of 70,000 won are 7.
        assertChosen(
                rules(PRICE).choose(Side.BUY, ANY_PRICE, figures(false, 1_000_000, 70_007, 50, ""), USUAL),
                Venue.KRX,
                Reason.USUAL);
        var cheaperNxt =
                new VenueRules(List.of(new VenueRule.Price(0)), Duration.ZERO, new Commissions(140_527, 139_527, 0));
        assertChosen(cheaperNxt.choose(Side.BUY, ANY_PRICE, USUAL, USUAL), Venue.NXT, Reason.PRICE);
        assertChosen(cheaperNxt.choose(Side.SELL, ANY_PRICE, USUAL, USUAL), Venue.NXT, Reason.PRICE);
    }

    @Test
    void a_limit_order_goes_where_it_trades_and_where_it_rests_no_price_is_better() {
        var dearer = figures(false, 1_000_000, 70_100, 50, "");
        assertChosen(rules(PRICE).choose(Side.BUY, OptionalLong.of(70_000), dearer, USUAL), Venue.NXT, Reason.PRICE);
        assertChosen(rules(PRICE).choose(Side.BUY, OptionalLong.of(69_900), dearer, USUAL), Venue.KRX, Reason.USUAL);
        assertChosen(rules(PRICE).choose(Side.SELL, OptionalLong.of(70_100), USUAL, dearer), Venue.NXT, Reason.PRICE);
        assertChosen(rules(PRICE).choose(Side.SELL, OptionalLong.of(70_200), USUAL, dearer), Venue.KRX, Reason.USUAL);
    }

    @Test
    void an_unknown_figure_decides_nothing() {
        var unknown = VenueFigures.unknown(true);
        assertChosen(rules(VOLUME, PRICE, SLOW).choose(Side.BUY, ANY_PRICE, unknown, USUAL), Venue.KRX, Reason.USUAL);
        assertChosen(rules(VOLUME, PRICE, SLOW).choose(Side.BUY, ANY_PRICE, USUAL, unknown), Venue.KRX, Reason.USUAL);
    }

    @Test
    void the_first_rule_that_prefers_one_decides() {
        var haltedKrx = figures(true, 1_000_000, 70_000, 50, "");
        var thinNxt = figures(false, 999, 70_000, 50, "");
        assertChosen(rules(HALTED, VOLUME).choose(Side.BUY, ANY_PRICE, haltedKrx, thinNxt), Venue.NXT, Reason.HALTED);
        assertChosen(rules(VOLUME, HALTED).choose(Side.BUY, ANY_PRICE, haltedKrx, thinNxt), Venue.KRX, Reason.VOLUME);
    }

    @Test
    void the_venue_that_alone_accepts_the_order_needs_no_rule() {
        var all = rules(ALL.toArray(VenueRule[]::new));
        var halted = figures(true, 0, 70_000, 9_999, "80000000");
        assertChosen(all.choose(Side.BUY, ANY_PRICE, VenueFigures.unknown(false), halted), Venue.NXT, Reason.ONLY_OPEN);
        assertChosen(all.choose(Side.BUY, ANY_PRICE, halted, VenueFigures.unknown(false)), Venue.KRX, Reason.ONLY_OPEN);
        assertChosen(
                all.choose(Side.BUY, ANY_PRICE, VenueFigures.unknown(false), VenueFigures.unknown(false)),
                Venue.KRX,
                Reason.USUAL);
    }

    @Test
    void a_decision_by_all_rules_takes_less_than_fifty_microseconds() {
        var all = rules(ALL.toArray(VenueRule[]::new));
        var dearer = figures(false, 1_000_000, 70_100, 50, "APBK0952");
        long chosen = 0;
        long fastest = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long begin = System.nanoTime();
            for (int i = 0; i < 10_000; i++) {
                chosen += all.choose(Side.BUY, OptionalLong.of(70_000 + i % 3 * 100), dearer, USUAL)
                        .venue()
                        .ordinal();
            }
            fastest = Math.min(fastest, (System.nanoTime() - begin) / 10_000);
        }
        assertThat(chosen).isPositive();
        System.out.println("ns for the choice of a venue: " + fastest);
        assertThat(fastest).isLessThan(50_000);
    }

    @Property
    void both_venues_are_treated_alike(
            @ForAll boolean haltedHere,
            @ForAll boolean haltedThere,
            @ForAll @IntRange(min = 900, max = 1_100) int volumeHere,
            @ForAll @IntRange(min = 900, max = 1_100) int volumeThere,
            @ForAll @IntRange(min = 69_900, max = 70_100) int bestHere,
            @ForAll @IntRange(min = 69_900, max = 70_100) int bestThere,
            @ForAll @IntRange(min = 1_900, max = 2_100) int millisHere,
            @ForAll Side side) {
        var here = figures(haltedHere, volumeHere, bestHere, millisHere, "");
        var there = figures(haltedThere, volumeThere, bestThere, 50, "");
        var choice = rules(HALTED, SLOW, VOLUME).choose(side, ANY_PRICE, here, there);
        var mirrored = rules(HALTED, SLOW, VOLUME).choose(side, ANY_PRICE, there, here);
        assertThat(mirrored.routing().reason()).isEqualTo(choice.routing().reason());
        if (choice.routing().reason() != Reason.USUAL) {
            assertThat(mirrored.venue()).isNotEqualTo(choice.venue());
        }
    }
}
