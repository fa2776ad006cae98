package kr.kisgateway.simulator.us;

import java.time.Instant;
import java.time.LocalDate;
import java.util.stream.IntStream;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsWindow;

/**
 * A trading date in minutes: the distribution of a typical day's volume over its sessions, in millionths. The regular session
 * has nine tenths, more at its ends; a day without sessions has somewhat more in its early hours.
 */
final class UsDay {
    private static final int MINUTES = 24 * 60;
    private static final long ALL = 1_000_000;
    private static final long FIRST_MINUTE = 30_000;

    /** How far the price moves in the first minute of the regular session, in widths of a day. */
    private static final double FIRST_MOVE = 0.3;

    private final long first;
    private final long[] shares = new long[MINUTES];
    private final double[] roots = new double[MINUTES];
    private final int[] newYork = new int[MINUTES];
    private final boolean[] regular = new boolean[MINUTES];

    UsDay(UsHours hours, LocalDate date) {
        Instant end = hours.hasDefinedEnd()
                ? hours.endOf(date)
                : date.plusDays(1).atStartOfDay(TradingCalendar.SEOUL).toInstant();
        first = Math.floorDiv(end.getEpochSecond(), 60) - MINUTES;
        long[] lengths = new long[UsSession.values().length];
        UsSession[] sessions = new UsSession[MINUTES];
        for (int i = 0; i < MINUTES; i++) {
            newYork[i] = start(first + i).atZone(UsHours.NEW_YORK).toLocalTime().toSecondOfDay() / 60;
            UsWindow window = hours.at(start(first + i));
            boolean isInDate = window.session().isOpen()
                    && (!hours.hasDefinedEnd() || window.date().equals(date));
            sessions[i] = isInDate ? window.session() : UsSession.CLOSED;
            lengths[sessions[i].ordinal()]++;
            regular[i] = sessions[i] == UsSession.REGULAR;
        }
        double[] weights = new double[MINUTES];
        double all = 0;
        int passed = 0;
        for (int i = 0; i < MINUTES; i++) {
            if (sessions[i] == UsSession.REGULAR) {
                long left = lengths[UsSession.REGULAR.ordinal()] - passed;
                double late = hours.hasDefinedEnd() ? 30.0 / (15 + left) : 0;
                weights[i] = 1 + 100.0 / (20 + passed++) + late;
            } else if (sessions[i].isOpen()) {
                weights[i] = sessions[i] == UsSession.DAY_MARKET ? 0.03 : 0.1;
            }
            all += weights[i];
        }
        boolean opened = false;
        for (int i = 0; i < MINUTES && all > 0; i++) {
            roots[i] = Math.sqrt(weights[i] / all);
            shares[i] = (long) ((ALL - FIRST_MINUTE) * weights[i] / all);
            if (!opened && sessions[i] == UsSession.REGULAR) {
                opened = true;
                shares[i] += FIRST_MINUTE;
                roots[i] = FIRST_MOVE;
            }
        }
    }

    /** The first minute of the date, in minutes since 1970. */
    long first() {
        return first;
    }

    long end() {
        return first + MINUTES;
    }

    /** Millionths of the day's volume in a minute since 1970; 0 outside its sessions. */
    long share(long minute) {
        return minute < first || minute >= end() ? 0 : shares[(int) (minute - first)];
    }

    /** How far a price moves in that minute, in standard deviations of the day. */
    double root(long minute) {
        return minute < first || minute >= end() ? 0 : roots[(int) (minute - first)];
    }

    /**
     * The trading minutes of a stock up to and including a minute since 1970: those of the regular session once it has started,
     * else those of the sessions before it. Each as its distance from {@link #first}.
     */
    int[] tradedUntil(long minute) {
        int last = (int) Math.clamp(minute - first, 0, MINUTES - 1);
        int[] regularMinutes =
                IntStream.rangeClosed(0, last).filter(i -> regular[i]).toArray();
        return regularMinutes.length > 0
                ? regularMinutes
                : IntStream.rangeClosed(0, last).filter(i -> shares[i] > 0).toArray();
    }

    /** The minute of New York's clock of a minute since 1970. */
    int minuteOfDay(long minute) {
        return newYork[(int) (minute - first)];
    }

    /** When a minute of New York's clock starts on this trading date. */
    Instant startOfMinute(int minuteOfDay) {
        for (int i = 0; i < MINUTES; i++) {
            if (newYork[i] == minuteOfDay) {
                return start(first + i);
            }
        }
        throw new IllegalArgumentException("no minute " + minuteOfDay + " on the date");
    }

    static long minute(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), 60);
    }

    static Instant start(long minute) {
        return Instant.ofEpochSecond(minute * 60);
    }
}
