package kr.kisgateway.simulator.us;

import java.time.Instant;
import java.time.LocalDate;
import java.util.stream.IntStream;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsWindow;
import kr.kisgateway.simulator.exchange.MarketClock;
import kr.kisgateway.simulator.exchange.Timetable;

/**
 * A trading date of US stocks in minutes: the regular session has nine tenths of the volume, more at its ends; a day without
 * sessions has somewhat more in its early hours.
 */
final class UsTimetable extends Timetable {
    private static final long ALL = 1_000_000;

    private final int[] newYork = new int[MINUTES];
    private final boolean[] regular = new boolean[MINUTES];

    UsTimetable(UsHours hours, LocalDate date) {
        super(MarketClock.US.minute(endOf(hours, date)) - MINUTES);
        long[] lengths = new long[UsSession.values().length];
        UsSession[] sessions = new UsSession[MINUTES];
        for (int i = 0; i < MINUTES; i++) {
            newYork[i] =
                    start(first() + i).atZone(UsHours.NEW_YORK).toLocalTime().toSecondOfDay() / 60;
            UsWindow window = hours.at(start(first() + i));
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

    private static Instant endOf(UsHours hours, LocalDate date) {
        return hours.hasDefinedEnd()
                ? hours.endOf(date)
                : date.plusDays(1).atStartOfDay(TradingCalendar.SEOUL).toInstant();
    }

    /**
     * The trading minutes of a stock up to and including a minute since 1970: those of the regular session once it has started,
     * else those of the sessions before it. Each as its distance from {@link #first}.
     */
    int[] tradedUntil(long minute) {
        int last = (int) Math.clamp(minute - first(), 0, MINUTES - 1);
        int[] regularMinutes =
                IntStream.rangeClosed(0, last).filter(i -> regular[i]).toArray();
        return regularMinutes.length > 0
                ? regularMinutes
                : IntStream.rangeClosed(0, last).filter(i -> shares[i] > 0).toArray();
    }

    @Override
    public int minuteOfDay(long minute) {
        return newYork[index(minute)];
    }

    /** When a minute of New York's clock starts on this trading date. */
    Instant startOfMinute(int minuteOfDay) {
        for (int i = 0; i < MINUTES; i++) {
            if (newYork[i] == minuteOfDay) {
                return start(first() + i);
            }
        }
        throw new IllegalArgumentException("no minute " + minuteOfDay + " on the date");
    }

    private static Instant start(long minute) {
        return MarketClock.US.start(minute);
    }
}
