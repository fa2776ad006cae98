package kr.kisgateway.gateway.kis.wire;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.parse.BadFieldException;
import kr.kisgateway.wire.parse.RealtimeRow;

/** Parses the records of HDFSCNT0 (해외주식 실시간체결가) and HDFSASP0 (해외주식 실시간호가). */
public final class KisUsTicks {
    private KisUsTicks() {}

    /**
     * A trade; empty for a stock of another country.
     *
     * @throws BadFieldException when a required column is invalid
     * @throws ArithmeticException for an amount with more decimals than the currency's units have
     */
    public static Optional<Trade> trade(RealtimeRow row) {
        return KisTr.usSymbol(row.text("RSYM"))
                .map(symbol -> new Trade(
                        symbol,
                        row.dateIfAny("XYMD").map(KisUsTicks::digits).orElse(0),
                        row.timeIfAny("XHMS").map(KisUsTicks::digits).orElse(0),
                        Dollars.units(row.decimal("LAST")),
                        row.shares("EVOL"),
                        change(row),
                        units(row, "OPEN"),
                        units(row, "HIGH"),
                        units(row, "LOW"),
                        units(row, "PASK"),
                        units(row, "PBID"),
                        row.shares("TVOL"),
                        units(row, "TAMT"),
                        '-'));
    }

    /** The best bid and ask; otherwise as {@link #trade}. */
    public static Optional<LastBook> book(RealtimeRow row, long atMs) {
        String key = row.text("RSYM");
        return KisTr.usSymbol(key)
                .map(symbol -> new LastBook(
                        OrderBook.of(
                                symbol,
                                row.timeIfAny("XHMS").map(KisUsTicks::digits).orElse(0),
                                level(row, "PASK1", "VASK1"),
                                level(row, "PBID1", "VBID1"),
                                row.sharesOr("AVOL", 0),
                                row.sharesOr("BVOL", 0)),
                        Optional.of(KisTr.feed(key)),
                        atMs));
    }

    static int digits(LocalDate day) {
        return day.getYear() * 10_000 + day.getMonthValue() * 100 + day.getDayOfMonth();
    }

    public static int digits(LocalTime time) {
        return time.getHour() * 10_000 + time.getMinute() * 100 + time.getSecond();
    }

    private static List<OrderBook.Level> level(RealtimeRow row, String price, String qty) {
        long units = units(row, price);
        return units > 0 ? List.of(new OrderBook.Level(units, row.sharesOr(qty, 0))) : List.of();
    }

    /** KIS writes a difference without its sign, which {@code SIGN} has: 4 and 5 are down. */
    private static long change(RealtimeRow row) {
        long magnitude = Math.abs(Dollars.units(row.decimalOr("DIFF", BigDecimal.ZERO)));
        return switch (row.textOr("SIGN", "3")) {
            case "4", "5" -> -magnitude;
            default -> magnitude;
        };
    }

    /** 0 where there is none. */
    private static long units(RealtimeRow row, String column) {
        return Math.max(0, Dollars.units(row.decimalOr(column, BigDecimal.ZERO)));
    }
}
