package kr.kisgateway.simulator.broker;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.Venue;

/**
 * A kind of order of a Korean stock by the sources on KIS and the exchanges' hours, written apart from the tables of the gateway and
 * of the simulator.
 *
 * @param code ORD_DVSN
 * @param taken when it is taken, in Korean time
 * @param sharesOnly whether ETF, ETN and KONEX are excluded
 */
record KoreanOrderKind(String code, OrderKind kind, Venue venue, List<Hours> taken, boolean sharesOnly) {
    /** The last day without and the first days with the after-market of KRX. */
    static final LocalDate BEFORE = LocalDate.of(2026, 9, 10);

    static final LocalDate SINCE = LocalDate.of(2026, 11, 20);

    /** Of a venue, from the first instant to before the last. */
    record Hours(Venue venue, LocalTime from, LocalTime until) {
        private static Hours krx(String from, String until) {
            return new Hours(Venue.KRX, LocalTime.parse(from), LocalTime.parse(until));
        }

        private static Hours nxt(String from, String until) {
            return new Hours(Venue.NXT, LocalTime.parse(from), LocalTime.parse(until));
        }

        boolean contain(LocalTime time) {
            return !time.isBefore(from) && time.isBefore(until);
        }
    }

    private static final Hours KRX_OPENING = Hours.krx("08:30", "09:00");
    private static final Hours KRX_CONTINUOUS = Hours.krx("09:00", "15:20");
    private static final Hours KRX_CLOSING = Hours.krx("15:20", "15:30");
    private static final Hours KRX_PREVIOUS_CLOSE = Hours.krx("08:30", "08:40");
    private static final Hours KRX_CLOSE_PRICE = Hours.krx("15:30", "16:00");
    private static final Hours KRX_SINGLE_PRICE = Hours.krx("16:00", "18:00");
    private static final Hours KRX_AFTER = Hours.krx("16:00", "20:00");
    private static final Hours NXT_PRE = Hours.nxt("08:00", "08:50");
    private static final Hours NXT_MAIN = Hours.nxt("09:00:30", "15:20");
    private static final Hours NXT_INTAKE = Hours.nxt("15:30", "15:40");
    private static final Hours NXT_AFTER = Hours.nxt("15:40", "20:00");

    private static final LocalTime KRX_CLOSE = LocalTime.of(15, 30);

    private static final Set<String> ENDING_WITH_THE_PRE_MARKET = Set.of("27", "28", "29");

    /** Paper has these, on KRX. */
    static final Set<String> IN_PAPER = Set.of("00", "01", "02", "03", "04");

    /** Those that exist on a day. */
    static List<KoreanOrderKind> on(LocalDate day) {
        boolean after = day.isAfter(LocalDate.of(2026, 9, 13));
        var kinds = new Kinds(after);
        kinds.krx("00", OrderType.LIMIT, TimeInForce.DAY, KRX_OPENING, KRX_CONTINUOUS, KRX_CLOSING);
        kinds.krx("01", OrderType.MARKET, TimeInForce.DAY, KRX_OPENING, KRX_CONTINUOUS, KRX_CLOSING);
        kinds.krx("02", OrderType.CONDITIONAL, TimeInForce.DAY, KRX_OPENING, KRX_CONTINUOUS);
        kinds.nxt("00", OrderType.LIMIT, TimeInForce.DAY, NXT_PRE, NXT_MAIN, NXT_INTAKE, NXT_AFTER);
        kinds.bothWhileContinuous("03", OrderType.BEST, TimeInForce.DAY);
        kinds.bothWhileContinuous("04", OrderType.TOP, TimeInForce.DAY);
        kinds.bothWhileContinuous("11", OrderType.LIMIT, TimeInForce.IOC);
        kinds.bothWhileContinuous("12", OrderType.LIMIT, TimeInForce.FOK);
        kinds.bothWhileContinuous("13", OrderType.MARKET, TimeInForce.IOC);
        kinds.bothWhileContinuous("14", OrderType.MARKET, TimeInForce.FOK);
        kinds.bothWhileContinuous("15", OrderType.BEST, TimeInForce.IOC);
        kinds.bothWhileContinuous("16", OrderType.BEST, TimeInForce.FOK);
        kinds.bySmartRouting("00", "01", "03", "04", "11", "12", "13", "14", "15", "16");
        kinds.bothWhileContinuous("21", OrderType.MID, TimeInForce.DAY);
        kinds.bothWhileContinuous("22", OrderType.STOP_LIMIT, TimeInForce.DAY);
        kinds.bothWhileContinuous("23", OrderType.MID, TimeInForce.IOC);
        kinds.bothWhileContinuous("24", OrderType.MID, TimeInForce.FOK);
        kinds.add("05", OrderType.CLOSE_PRICE, OrderSession.PRE_OPEN, TimeInForce.DAY, Venue.KRX, KRX_PREVIOUS_CLOSE);
        kinds.add("06", OrderType.CLOSE_PRICE, OrderSession.AFTER_HOURS, TimeInForce.DAY, Venue.KRX, KRX_CLOSE_PRICE);
        if (after) {
            kinds.add("27", OrderType.LIMIT, OrderSession.NXT_PRE, TimeInForce.DAY, Venue.NXT, NXT_PRE);
            kinds.add("28", OrderType.BEST, OrderSession.NXT_PRE, TimeInForce.DAY, Venue.NXT, NXT_PRE);
            kinds.add("29", OrderType.TOP, OrderSession.NXT_PRE, TimeInForce.DAY, Venue.NXT, NXT_PRE);
            kinds.afterMarket("41", OrderType.LIMIT, TimeInForce.DAY);
            kinds.afterMarket("42", OrderType.LIMIT, TimeInForce.IOC);
            kinds.afterMarket("43", OrderType.LIMIT, TimeInForce.FOK);
            kinds.afterMarket("44", OrderType.BEST, TimeInForce.DAY);
            kinds.afterMarket("45", OrderType.BEST, TimeInForce.IOC);
            kinds.afterMarket("46", OrderType.BEST, TimeInForce.FOK);
            kinds.afterMarket("47", OrderType.TOP, TimeInForce.DAY);
        } else {
            kinds.add("07", OrderType.LIMIT, OrderSession.AFTER_HOURS, TimeInForce.DAY, Venue.KRX, KRX_SINGLE_PRICE);
        }
        return List.copyOf(kinds.all);
    }

    /** Those of one code on one venue, of whatever session. */
    static List<KoreanOrderKind> on(LocalDate day, String code, Venue venue) {
        return on(day).stream()
                .filter(it -> it.code.equals(code) && it.venue == venue)
                .toList();
    }

    /** All codes of all days. */
    static List<String> codes() {
        return Stream.of(BEFORE, SINCE)
                .flatMap(day -> on(day).stream())
                .map(KoreanOrderKind::code)
                .distinct()
                .sorted()
                .toList();
    }

    boolean isTakenAt(LocalTime time) {
        return taken.stream().anyMatch(hours -> hours.contain(time));
    }

    /**
     * When the rest of an order is gone that was taken at {@code time}; the closing auction may last 30 s longer. Smart routing lets
     * orders rest on KRX while it takes them, else on NXT.
     */
    LocalTime endOf(LocalTime time) {
        List<Hours> krx = taken.stream().filter(it -> it.venue() == Venue.KRX).toList();
        boolean onNxt = venue == Venue.NXT || venue == Venue.SOR && krx.stream().noneMatch(it -> it.contain(time));
        if (onNxt) {
            return ENDING_WITH_THE_PRE_MARKET.contains(code) ? NXT_PRE.until() : NXT_AFTER.until();
        }
        LocalTime last = krx.getLast().until();
        return last.equals(KRX_CONTINUOUS.until()) ? KRX_CLOSE : last;
    }

    private static final class Kinds {
        private final List<KoreanOrderKind> all = new ArrayList<>();
        private final boolean after;

        private Kinds(boolean after) {
            this.after = after;
        }

        void add(
                String code,
                OrderType type,
                OrderSession session,
                TimeInForce timeInForce,
                Venue venue,
                Hours... taken) {
            all.add(new KoreanOrderKind(
                    code,
                    new OrderKind(type, session, timeInForce),
                    venue,
                    List.of(taken),
                    session == OrderSession.AFTER_MARKET));
        }

        void krx(String code, OrderType type, TimeInForce timeInForce, Hours... taken) {
            add(code, type, OrderSession.REGULAR, timeInForce, Venue.KRX, taken);
        }

        /**
         * An order of NXT's whole day; one of its after-market alone has the same code. One of its pre-market alone too, unless its
         * rest would stay after it and there are codes for orders that end with it.
         */
        void nxt(String code, OrderType type, TimeInForce timeInForce, Hours... taken) {
            add(code, type, OrderSession.REGULAR, timeInForce, Venue.NXT, taken);
            Hours[] late = Stream.of(taken)
                    .filter(it -> !it.from().isBefore(NXT_INTAKE.from()))
                    .toArray(Hours[]::new);
            add(code, type, OrderSession.NXT_AFTER, timeInForce, Venue.NXT, late);
            boolean ordinary = type == OrderType.LIMIT || type == OrderType.BEST || type == OrderType.TOP;
            if (timeInForce != TimeInForce.DAY || ordinary && !after) {
                add(code, type, OrderSession.NXT_PRE, timeInForce, Venue.NXT, NXT_PRE);
            }
        }

        void bothWhileContinuous(String code, OrderType type, TimeInForce timeInForce) {
            krx(code, type, timeInForce, KRX_CONTINUOUS);
            nxt(code, type, timeInForce, NXT_PRE, NXT_MAIN, NXT_AFTER);
        }

        void afterMarket(String code, OrderType type, TimeInForce timeInForce) {
            add(code, type, OrderSession.AFTER_MARKET, timeInForce, Venue.KRX, KRX_AFTER);
        }

        /** Orders by smart routing are taken where KRX or NXT takes them. */
        void bySmartRouting(String... codes) {
            for (String code : codes) {
                var of = all.stream()
                        .filter(it -> it.code.equals(code) && it.kind.session() == OrderSession.REGULAR)
                        .toList();
                add(
                        code,
                        of.getFirst().kind.type(),
                        OrderSession.REGULAR,
                        of.getFirst().kind.timeInForce(),
                        Venue.SOR,
                        of.stream().flatMap(it -> it.taken.stream()).toArray(Hours[]::new));
            }
        }
    }

    @Override
    public String toString() {
        return code + " " + kind + " on " + venue;
    }
}
