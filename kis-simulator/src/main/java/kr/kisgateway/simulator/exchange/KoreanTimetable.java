package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.PhaseWindow;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;

/**
 * A venue's day in minutes: the distribution of a typical day's volume. Shares are millionths of the listing's volume, which is
 * KRX's alone; NXT has about a quarter as much again.
 *
 * <p>The regular session is U-shaped, the after-market fades. The figures are ours: similar to the venues' own statistics.
 * Where hours have no ends all minutes of the date with trading add up to the day's volume: the first has that of an opening
 * auction, and those after it somewhat more than the later ones.
 */
final class KoreanTimetable extends Timetable {
    /** Millionths of the day in each phase, of an auction at its end. */
    private static final long OPENING = 30_000;

    private static final long REGULAR = 850_000;
    private static final long CLOSING = 70_000;
    private static final long SINGLE_PRICE = 1_000;
    private static final long AFTER_MARKET = 35_000;
    private static final long NXT_PRE_MARKET = 25_000;
    private static final long NXT_REGULAR = 185_000;
    private static final long NXT_INTAKE = 2_000;
    private static final long NXT_AFTER_MARKET = 38_000;
    private static final long NXT_UNTIMED = 250_000;

    private static final int NONE = -1;

    /** @param end by the table, without the random end */
    record Call(Phase phase, Instant start, Instant end, long share) {}

    private final Phase[] phases = new Phase[MINUTES];
    private final List<Call> calls = new ArrayList<>();

    KoreanTimetable(VenueHours hours, Venue venue, long day) {
        super(day * MINUTES);
        Instant midnight = MarketClock.KOREA.start(first());
        int minute = 0;
        int untimed = 0;
        while (minute < MINUTES) {
            Instant at = midnight.plusSeconds(60L * minute);
            PhaseWindow window = hours.bookPhase(venue, at);
            int until = hours.hasDefinedEnd()
                    ? (int) Math.min(
                            MINUTES, Math.ceilDiv(window.until().getEpochSecond() - midnight.getEpochSecond(), 60))
                    : minute + 1;
            if (window.phase().isContinuous() && hours.hasDefinedEnd()) {
                spread(window.phase(), venue, minute, until);
            } else if (window.phase().isContinuous()) {
                shares[minute] = 1_000 + 100_000L / (20 + untimed);
                untimed++;
            } else if (window.phase().isAuction()) {
                calls.add(new Call(window.phase(), window.from(), window.until(), auctionShare(window.phase())));
            }
            for (; minute < until; minute++) {
                phases[minute] = window.phase();
            }
        }
        if (untimed > 0) {
            spreadUntimed(venue == Venue.KRX ? 1_000_000 : NXT_UNTIMED);
        }
    }

    private void spread(Phase phase, Venue venue, int from, int until) {
        int length = until - from;
        long all = sessionShare(phase, venue);
        long[] weights = new long[length];
        long sum = 0;
        for (int i = 0; i < length; i++) {
            weights[i] = phase == Phase.REGULAR
                    ? 1_000 + 100_000L / (20 + i) + 30_000L / (15 + length - 1 - i)
                    : 1_000 + 60_000L / (10 + i);
            sum += weights[i];
        }
        for (int i = 0; i < length; i++) {
            shares[from + i] = all * weights[i] / sum;
            roots[from + i] = Math.sqrt(all * (double) weights[i] / sum / REGULAR);
        }
    }

    /** Converts the weights of a day without sessions into shares. */
    private void spreadUntimed(long all) {
        int first = NONE;
        long sum = 0;
        for (int i = 0; i < MINUTES; i++) {
            first = first == NONE && shares[i] > 0 ? i : first;
            sum += shares[i];
        }
        long firstMinute = all * FIRST_MINUTE / 1_000_000;
        for (int i = 0; i < MINUTES; i++) {
            roots[i] = Math.sqrt((double) shares[i] / sum);
            shares[i] = (all - firstMinute) * shares[i] / sum;
        }
        shares[first] += firstMinute;
        roots[first] = FIRST_MOVE;
    }

    private static long sessionShare(Phase phase, Venue venue) {
        boolean krx = venue == Venue.KRX;
        return switch (phase) {
            case REGULAR -> krx ? REGULAR : NXT_REGULAR;
            case AFTER_MARKET -> krx ? AFTER_MARKET : NXT_AFTER_MARKET;
            default -> NXT_PRE_MARKET;
        };
    }

    private static long auctionShare(Phase phase) {
        return switch (phase) {
            case OPENING_AUCTION -> OPENING;
            case CLOSING_AUCTION -> CLOSING;
            case SINGLE_PRICE -> SINGLE_PRICE;
            default -> NXT_INTAKE;
        };
    }

    @Override
    public int minuteOfDay(long minute) {
        return index(minute);
    }

    Phase phase(long minute) {
        return phases[index(minute)];
    }

    /** The day's auctions in their order. */
    List<Call> calls() {
        return calls;
    }

    /** The index of the first auction that ends, by the table, after an instant. */
    int firstCallEndingAfter(Instant at) {
        int first = 0;
        while (first < calls.size() && !calls.get(first).end().isAfter(at)) {
            first++;
        }
        return first;
    }

    /** The day since 1970 of a minute since 1970. */
    static long day(long minute) {
        return Math.floorDiv(minute, (long) MINUTES);
    }
}
