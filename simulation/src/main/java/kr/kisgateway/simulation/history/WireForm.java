package kr.kisgateway.simulation.history;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.Venue;

/**
 * As what an order goes where, in KIS's own words. What a kind is called is written down here from KIS's documents, for the days
 * since 2026-09-14, and shared with neither the gateway nor the simulator.
 *
 * @param exchange EXCG_ID_DVSN_CD or OVRS_EXCG_CD; "AUTO" for what the gateway chooses; with "by day" behind it an exchange
 *     of the US by day
 * @param division ORD_DVSN
 * @param stopPrice CNDT_PRIC in won; 0 without one
 */
public record WireForm(String exchange, String division, long stopPrice) {
    /** The gateway chooses KRX or NXT. */
    public static final String AUTO = "AUTO";
    /** The day market of US stocks has calls of its own. */
    private static final String DAY_MARKET = " by day";

    private static final Map<String, String> CONTINUOUS = Map.ofEntries(
            Map.entry("LIMIT DAY", "00"),
            Map.entry("MARKET DAY", "01"),
            Map.entry("CONDITIONAL DAY", "02"),
            Map.entry("BEST DAY", "03"),
            Map.entry("TOP DAY", "04"),
            Map.entry("LIMIT IOC", "11"),
            Map.entry("LIMIT FOK", "12"),
            Map.entry("MARKET IOC", "13"),
            Map.entry("MARKET FOK", "14"),
            Map.entry("BEST IOC", "15"),
            Map.entry("BEST FOK", "16"),
            Map.entry("MID DAY", "21"),
            Map.entry("STOP_LIMIT DAY", "22"),
            Map.entry("MID IOC", "23"),
            Map.entry("MID FOK", "24"),
            Map.entry("MOO DAY", "31"),
            Map.entry("LOO DAY", "32"),
            Map.entry("MOC DAY", "33"),
            Map.entry("LOC DAY", "34"));

    private static final Map<String, String> OTHER_SESSIONS = Map.ofEntries(
            Map.entry("PRE_OPEN CLOSE_PRICE DAY", "05"),
            Map.entry("AFTER_HOURS CLOSE_PRICE DAY", "06"),
            Map.entry("NXT_PRE LIMIT DAY", "27"),
            Map.entry("NXT_PRE BEST DAY", "28"),
            Map.entry("NXT_PRE TOP DAY", "29"),
            Map.entry("AFTER_MARKET LIMIT DAY", "41"),
            Map.entry("AFTER_MARKET LIMIT IOC", "42"),
            Map.entry("AFTER_MARKET LIMIT FOK", "43"),
            Map.entry("AFTER_MARKET BEST DAY", "44"),
            Map.entry("AFTER_MARKET BEST IOC", "45"),
            Map.entry("AFTER_MARKET BEST FOK", "46"),
            Map.entry("AFTER_MARKET TOP DAY", "47"));

    private static final Set<String> IMMEDIATE = Stream.of(CONTINUOUS, OTHER_SESSIONS)
            .flatMap(divisions -> divisions.entrySet().stream())
            .filter(division -> !division.getKey().endsWith(" DAY"))
            .map(Map.Entry::getValue)
            .collect(Collectors.toUnmodifiableSet());

    /** What an order of a kind at a venue is. */
    public static WireForm of(OrderKind kind, Venue venue, OptionalLong stopPrice) {
        return of(kind, venue.name(), stopPrice);
    }

    /** What an order of a kind is, wherever the gateway sends it. */
    public static WireForm ofAuto(OrderKind kind) {
        return of(kind, AUTO, OptionalLong.empty());
    }

    /** What an order at an exchange of the US is, by day or in the other sessions. */
    public static WireForm ofUs(String exchange, String division, boolean byDay) {
        return new WireForm(byDay ? exchange + DAY_MARKET : exchange, division, 0);
    }

    private static WireForm of(OrderKind kind, String exchange, OptionalLong stopPrice) {
        String terms = kind.type() + " " + kind.timeInForce();
        String division = OTHER_SESSIONS.getOrDefault(
                kind.session() + " " + terms, CONTINUOUS.getOrDefault(terms, "no division for " + kind));
        return kind.session() == OrderSession.DAY_MARKET
                ? ofUs(exchange, division, true)
                : new WireForm(exchange, division, stopPrice.orElse(0));
    }

    /** The usual one: a limit or market order in the regular session of KRX, or of a symbol's own exchange. */
    static WireForm usual(String symbol, long price) {
        int dot = symbol.indexOf('.');
        return new WireForm(dot < 0 ? Venue.KRX.name() : symbol.substring(dot + 1), price == 0 ? "01" : "00", 0);
    }

    /** Whether it is valid in NXT's pre-market only. */
    boolean isOfPreMarket() {
        return List.of("27", "28", "29").contains(division);
    }

    /** Whether what is not filled at once is cancelled. */
    boolean isImmediate() {
        return IMMEDIATE.contains(division);
    }

    /** Whether it is for New York's opening or closing auction alone: what that leaves has expired. */
    boolean isForOneAuction() {
        return List.of("31", "32", "33", "34").contains(division);
    }

    /** Whether the gateway chooses the exchange. */
    public boolean isAuto() {
        return exchange.equals(AUTO);
    }

    /** The forms that the gateway may send. */
    Set<WireForm> choices() {
        return isAuto()
                ? Stream.of(Venue.KRX, Venue.NXT)
                        .map(venue -> new WireForm(venue.name(), division, stopPrice))
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of(this);
    }
}
