package kr.kisgateway.market;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The sessions of KRX and NXT as dated rows. A session's ends move with the opening or the close of the day's regular
 * session where that is moved (first trading day of the year, examination day), or are fixed.
 *
 * <p>That NXT's sessions move as KRX's do is assumed, and so is what NXT does between 15:20 and 15:40: nothing until
 * 15:30, then orders collect for one price. A new session (KRX has announced a pre-market) is a new dated row.
 */
public final class KoreanHours implements VenueHours {
    private static final LocalTime USUAL_OPEN = LocalTime.of(9, 0);
    private static final LocalTime USUAL_CLOSE = LocalTime.of(15, 30);

    private static final List<Dated<List<Row>>> KRX = List.of(
            Dated.from(
                    "2019-04-29",
                    List.of(
                            Row.of(Phase.OPENING_AUCTION, Boundary.open("08:30"), Boundary.open("09:00")),
                            Row.of(Phase.REGULAR, Boundary.open("09:00"), Boundary.close("15:20")),
                            Row.of(Phase.CLOSING_AUCTION, Boundary.close("15:20"), Boundary.close("15:30")),
                            Row.ofAuctions(10, Phase.SINGLE_PRICE, Boundary.close("16:00"), Boundary.fixed("18:00")))),
            // Orders from 08:20 on are reported only, so the auction begins at 08:30 as before.
            Dated.from(
                    "2026-09-14",
                    List.of(
                            Row.of(Phase.OPENING_AUCTION, Boundary.open("08:30"), Boundary.open("09:00")),
                            Row.of(Phase.REGULAR, Boundary.open("09:00"), Boundary.close("15:20")),
                            Row.of(Phase.CLOSING_AUCTION, Boundary.close("15:20"), Boundary.close("15:30")),
                            Row.of(Phase.AFTER_MARKET, Boundary.close("16:00"), Boundary.fixed("20:00")))));

    private static final List<Dated<List<Row>>> NXT = List.of(
            Dated.from("2019-04-29", List.of()),
            Dated.from(
                    "2025-03-04",
                    List.of(
                            Row.of(Phase.PRE_MARKET, Boundary.open("08:00"), Boundary.open("08:50")),
                            Row.of(Phase.BREAK, Boundary.open("08:50"), Boundary.open("09:00:30")),
                            Row.of(Phase.REGULAR, Boundary.open("09:00:30"), Boundary.close("15:20")),
                            Row.of(Phase.BREAK, Boundary.close("15:20"), Boundary.close("15:30")),
                            Row.of(Phase.AFTER_INTAKE, Boundary.close("15:30"), Boundary.close("15:40")),
                            Row.of(Phase.AFTER_MARKET, Boundary.close("15:40"), Boundary.fixed("20:00")))));

    private static final List<Dated<List<Row>>> CLOSE_PRICE = List.of(Dated.from(
            "2019-04-29",
            List.of(
                    Row.of(Phase.PREVIOUS_CLOSE, Boundary.open("08:30"), Boundary.open("08:40")),
                    Row.of(Phase.CLOSE_PRICE_INTAKE, Boundary.close("15:30"), Boundary.close("15:40")),
                    Row.of(Phase.CLOSE_PRICE, Boundary.close("15:40"), Boundary.close("16:00")))));

    private final KrxCalendar calendar;

    /** The day of the last query: a market queries one day all day. */
    private volatile Day day;

    public KoreanHours(KrxCalendar calendar) {
        this.calendar = calendar;
        this.day = new Day(LocalDate.MIN, List.of(), List.of(), List.of());
    }

    @Override
    public PhaseWindow bookPhase(Venue venue, Instant now) {
        return switch (venue) {
            case KRX -> windowAt(day(now).krx(), now);
            case NXT -> windowAt(day(now).nxt(), now);
            case SOR, NASD, NYSE, AMEX -> throw new IllegalArgumentException(venue + " has no book in Korea");
        };
    }

    @Override
    public PhaseWindow closePricePhase(Instant now) {
        return windowAt(day(now).closePrice(), now);
    }

    @Override
    public boolean hasDefinedEnd() {
        return true;
    }

    private static PhaseWindow windowAt(List<PhaseWindow> windows, Instant now) {
        for (PhaseWindow window : windows) {
            if (now.isBefore(window.until())) {
                return window;
            }
        }
        throw new IllegalStateException(now + " is after the windows of its day");
    }

    private Day day(Instant now) {
        LocalDate date = now.atZone(TradingCalendar.SEOUL).toLocalDate();
        Day last = day;
        if (!last.date().equals(date)) {
            last = new Day(date, windows(KRX, date), windows(NXT, date), windows(CLOSE_PRICE, date));
            day = last;
        }
        return last;
    }

    private record Day(LocalDate date, List<PhaseWindow> krx, List<PhaseWindow> nxt, List<PhaseWindow> closePrice) {}

    /** The day from midnight to midnight, without gaps. */
    private List<PhaseWindow> windows(List<Dated<List<Row>>> table, LocalDate date) {
        List<PhaseWindow> windows = new ArrayList<>();
        Instant from = date.atStartOfDay(TradingCalendar.SEOUL).toInstant();
        Instant midnight = date.plusDays(1).atStartOfDay(TradingCalendar.SEOUL).toInstant();
        if (calendar.isTradingDay(date)) {
            SessionTimes regular = calendar.regular(date).orElseThrow();
            for (Row row : Dated.on(date, table)) {
                Instant start = row.from().instantOn(date, regular);
                Instant end = row.to().instantOn(date, regular);
                if (!start.isBefore(end)) {
                    continue; // a close so late that no time remains for it
                }
                if (from.isBefore(start)) {
                    windows.add(new PhaseWindow(Phase.CLOSED, from, start));
                }
                from = row.appendWindows(start, end, windows);
            }
        }
        if (from.isBefore(midnight)) {
            windows.add(new PhaseWindow(Phase.CLOSED, from, midnight));
        }
        return List.copyOf(windows);
    }

    /** One end of a session and the anchor it moves with. */
    private record Boundary(LocalTime usualTime, Anchor anchor) {
        private enum Anchor {
            OPEN,
            CLOSE,
            NOTHING
        }

        static Boundary open(String usual) {
            return new Boundary(LocalTime.parse(usual), Anchor.OPEN);
        }

        static Boundary close(String usual) {
            return new Boundary(LocalTime.parse(usual), Anchor.CLOSE);
        }

        static Boundary fixed(String usual) {
            return new Boundary(LocalTime.parse(usual), Anchor.NOTHING);
        }

        Instant instantOn(LocalDate date, SessionTimes regular) {
            Duration shift = switch (anchor) {
                case OPEN -> Duration.between(USUAL_OPEN, regular.open());
                case CLOSE -> Duration.between(USUAL_CLOSE, regular.close());
                case NOTHING -> Duration.ZERO;
            };
            return date.atTime(usualTime)
                    .plus(shift)
                    .atZone(TradingCalendar.SEOUL)
                    .toInstant();
        }
    }

    /** @param minutes the length of each auction of a row of them, 0 = the row is one */
    private record Row(Phase phase, Boundary from, Boundary to, int minutes) {
        static Row of(Phase phase, Boundary from, Boundary to) {
            return new Row(phase, from, to, 0);
        }

        static Row ofAuctions(int minutes, Phase phase, Boundary from, Boundary to) {
            return new Row(phase, from, to, minutes);
        }

        /** Adds the row's windows; returns the end of the last one. */
        Instant appendWindows(Instant start, Instant end, List<PhaseWindow> windows) {
            Instant from = start;
            while (minutes > 0 && from.plus(Duration.ofMinutes(minutes)).isBefore(end)) {
                Instant next = from.plus(Duration.ofMinutes(minutes));
                windows.add(new PhaseWindow(phase, from, next));
                from = next;
            }
            windows.add(new PhaseWindow(phase, from, end));
            return end;
        }
    }
}
