package kr.kisgateway.simulator.broker;

import java.time.LocalDate;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.TimeInForce;

/** The order divisions (ORD_DVSN, 주문구분): their pricing, their validity, and the venues and sessions that accept them. */
enum OrderDivision {
    LIMIT("00", "지정가", Pricing.LIMIT, TimeInForce.DAY, "KRX NXT SOR", AcceptingPhases.ALL_DAY),
    MARKET("01", "시장가", Pricing.MARKET, TimeInForce.DAY, "KRX SOR", AcceptingPhases.REGULAR_AND_ITS_AUCTIONS),
    CONDITIONAL("02", "조건부지정가", Pricing.CONDITIONAL, TimeInForce.DAY, "KRX", AcceptingPhases.BEFORE_THE_CLOSE),
    BEST("03", "최유리지정가", Pricing.BEST, TimeInForce.DAY, "KRX NXT SOR", AcceptingPhases.CONTINUOUS),
    FIRST("04", "최우선지정가", Pricing.FIRST, TimeInForce.DAY, "KRX NXT SOR", AcceptingPhases.CONTINUOUS),
    PREVIOUS_CLOSE("05", "장전시간외", Pricing.CLOSE, TimeInForce.DAY, "KRX", Set.of(Phase.PREVIOUS_CLOSE)),
    CLOSE("06", "장후시간외", Pricing.CLOSE, TimeInForce.DAY, "KRX", Set.of(Phase.CLOSE_PRICE_INTAKE, Phase.CLOSE_PRICE)),
    SINGLE_PRICE("07", "시간외단일가", Pricing.LIMIT, TimeInForce.DAY, "KRX", Set.of(Phase.SINGLE_PRICE), Era.UNTIL),
    LIMIT_IOC("11", "IOC지정가", Pricing.LIMIT, TimeInForce.IOC, "KRX NXT SOR", AcceptingPhases.CONTINUOUS),
    LIMIT_FOK("12", "FOK지정가", Pricing.LIMIT, TimeInForce.FOK, "KRX NXT SOR", AcceptingPhases.CONTINUOUS),
    MARKET_IOC("13", "IOC시장가", Pricing.MARKET, TimeInForce.IOC, "KRX NXT SOR", AcceptingPhases.CONTINUOUS),
    MARKET_FOK("14", "FOK시장가", Pricing.MARKET, TimeInForce.FOK, "KRX NXT SOR", AcceptingPhases.CONTINUOUS),
    BEST_IOC("15", "IOC최유리", Pricing.BEST, TimeInForce.IOC, "KRX NXT SOR", AcceptingPhases.CONTINUOUS),
    BEST_FOK("16", "FOK최유리", Pricing.BEST, TimeInForce.FOK, "KRX NXT SOR", AcceptingPhases.CONTINUOUS),
    MID("21", "중간가", Pricing.MID, TimeInForce.DAY, "KRX NXT", AcceptingPhases.CONTINUOUS),
    STOP("22", "스톱지정가", Pricing.STOP, TimeInForce.DAY, "KRX NXT", AcceptingPhases.CONTINUOUS),
    MID_IOC("23", "중간가IOC", Pricing.MID, TimeInForce.IOC, "KRX NXT", AcceptingPhases.CONTINUOUS),
    MID_FOK("24", "중간가FOK", Pricing.MID, TimeInForce.FOK, "KRX NXT", AcceptingPhases.CONTINUOUS),
    PRE_LIMIT("27", "NXT GTP지정가", Pricing.LIMIT, TimeInForce.DAY, "NXT", Set.of(Phase.PRE_MARKET), Era.SINCE),
    PRE_BEST("28", "NXT GTP최유리", Pricing.BEST, TimeInForce.DAY, "NXT", Set.of(Phase.PRE_MARKET), Era.SINCE),
    PRE_FIRST("29", "NXT GTP최우선", Pricing.FIRST, TimeInForce.DAY, "NXT", Set.of(Phase.PRE_MARKET), Era.SINCE),
    AFTER_LIMIT("41", "애프터마켓지정가", Pricing.LIMIT, TimeInForce.DAY, "KRX", AcceptingPhases.AFTER, Era.SINCE),
    AFTER_LIMIT_IOC("42", "애프터마켓IOC지정가", Pricing.LIMIT, TimeInForce.IOC, "KRX", AcceptingPhases.AFTER, Era.SINCE),
    AFTER_LIMIT_FOK("43", "애프터마켓FOK지정가", Pricing.LIMIT, TimeInForce.FOK, "KRX", AcceptingPhases.AFTER, Era.SINCE),
    AFTER_BEST("44", "애프터마켓최유리", Pricing.BEST, TimeInForce.DAY, "KRX", AcceptingPhases.AFTER, Era.SINCE),
    AFTER_BEST_IOC("45", "애프터마켓IOC최유리", Pricing.BEST, TimeInForce.IOC, "KRX", AcceptingPhases.AFTER, Era.SINCE),
    AFTER_BEST_FOK("46", "애프터마켓FOK최유리", Pricing.BEST, TimeInForce.FOK, "KRX", AcceptingPhases.AFTER, Era.SINCE),
    AFTER_FIRST("47", "애프터마켓최우선", Pricing.FIRST, TimeInForce.DAY, "KRX", AcceptingPhases.AFTER, Era.SINCE);

    /** How the price of an order is set. */
    enum Pricing {
        /** Its own price. */
        LIMIT,
        /** Any price of the market. */
        MARKET,
        /** Its own price until the closing auction, then the auction's price. */
        CONDITIONAL,
        /** The other side's best price at its arrival. */
        BEST,
        /** Its own side's best price at its arrival. */
        FIRST,
        /** The midpoint of both best prices as it moves. */
        MID,
        /** Its own price, once the last price has reached its condition. */
        STOP,
        /** The close of the day or of the day before. */
        CLOSE
    }

    /** The sessions in which orders are accepted, NXT's phases of the same names included. */
    private static final class AcceptingPhases {
        static final Set<Phase> CONTINUOUS = EnumSet.of(Phase.REGULAR, Phase.PRE_MARKET, Phase.AFTER_MARKET);
        static final Set<Phase> BEFORE_THE_CLOSE = EnumSet.of(Phase.OPENING_AUCTION, Phase.REGULAR);
        static final Set<Phase> REGULAR_AND_ITS_AUCTIONS =
                EnumSet.of(Phase.OPENING_AUCTION, Phase.REGULAR, Phase.CLOSING_AUCTION);
        static final Set<Phase> ALL_DAY = EnumSet.of(
                Phase.OPENING_AUCTION,
                Phase.PRE_MARKET,
                Phase.REGULAR,
                Phase.CLOSING_AUCTION,
                Phase.AFTER_INTAKE,
                Phase.AFTER_MARKET);
        static final Set<Phase> AFTER = EnumSet.of(Phase.AFTER_MARKET);
    }

    private enum Era {
        ALWAYS,
        /** Before the after-market. */
        UNTIL,
        /** Since the after-market. */
        SINCE
    }

    private static final LocalDate AFTER_MARKET = LocalDate.of(2026, 9, 14);
    private static final Map<String, OrderDivision> BY_CODE = new HashMap<>();

    static {
        for (OrderDivision division : values()) {
            BY_CODE.put(division.code, division);
        }
    }

    private final String code;
    private final String koreanName;
    private final Pricing pricing;
    private final TimeInForce timeInForce;
    private final List<String> exchanges;
    private final Set<Phase> sessions;
    private final Era era;

    OrderDivision(
            String code,
            String koreanName,
            Pricing pricing,
            TimeInForce timeInForce,
            String exchanges,
            Set<Phase> phases) {
        this(code, koreanName, pricing, timeInForce, exchanges, phases, Era.ALWAYS);
    }

    OrderDivision(
            String code,
            String koreanName,
            Pricing pricing,
            TimeInForce timeInForce,
            String exchanges,
            Set<Phase> phases,
            Era era) {
        this.code = code;
        this.koreanName = koreanName;
        this.pricing = pricing;
        this.timeInForce = timeInForce;
        this.exchanges = List.of(exchanges.split(" ", -1));
        this.sessions = Set.copyOf(phases);
        this.era = era;
    }

    static Optional<OrderDivision> of(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    String code() {
        return code;
    }

    String koreanName() {
        return koreanName;
    }

    Pricing pricing() {
        return pricing;
    }

    TimeInForce timeInForce() {
        return timeInForce;
    }

    /** Whether its remainder is cancelled at once. */
    boolean isImmediate() {
        return timeInForce != TimeInForce.DAY;
    }

    /** Whether it has a price of its own. */
    boolean hasPrice() {
        return switch (pricing) {
            case LIMIT, CONDITIONAL, STOP -> true;
            case MARKET, BEST, FIRST, MID, CLOSE -> false;
        };
    }

    /** Whether it is valid in NXT's pre-market only (GTP). */
    boolean isPreMarketOnly() {
        return sessions.equals(Set.of(Phase.PRE_MARKET));
    }

    /** Whether {@code EXCG_ID_DVSN_CD} offers this division. */
    boolean isOfferedOn(String exchange) {
        return exchanges.contains(exchange);
    }

    boolean existsOn(LocalDate day) {
        return switch (era) {
            case ALWAYS -> true;
            case UNTIL -> day.isBefore(AFTER_MARKET);
            case SINCE -> !day.isBefore(AFTER_MARKET);
        };
    }

    /** Whether it is accepted in a session; KRX's after-market accepts its own divisions and no others. */
    boolean isAcceptedIn(Phase session, boolean krx) {
        boolean afterMarketOnly = sessions.equals(AcceptingPhases.AFTER);
        return sessions.contains(session) && (afterMarketOnly || !(krx && session == Phase.AFTER_MARKET));
    }

    /** Whether it can take part in an auction. */
    boolean canCollect() {
        return !isImmediate()
                && switch (pricing) {
                    case LIMIT, MARKET, CONDITIONAL -> true;
                    case BEST, FIRST, MID, STOP, CLOSE -> false;
                };
    }
}
