package kr.kisgateway.gateway.kis;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastUsTick;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.wire.parse.BadFieldException;
import kr.kisgateway.wire.parse.RealtimeRow;

/** Parses the records of HDFSCNT0 (해외주식 실시간체결가) and HDFSASP0 (해외주식 실시간호가). */
final class KisUsTicks {
    private KisUsTicks() {}

    /**
     * A trade; empty for a stock of another country.
     *
     * @throws BadFieldException when a required column is invalid
     */
    static Optional<LastUsTick> trade(RealtimeRow row, long atMs) {
        String key = row.text("RSYM");
        return KisTr.usSymbol(key)
                .map(symbol -> new LastUsTick(
                        symbol,
                        new UsFigures(
                                row.decimal("LAST"),
                                signed(row, "DIFF"),
                                signed(row, "RATE"),
                                positive(row, "OPEN"),
                                positive(row, "HIGH"),
                                positive(row, "LOW"),
                                positive(row, "PBID"),
                                positive(row, "PASK"),
                                row.shares("TVOL"),
                                row.decimalOr("TAMT", BigDecimal.ZERO)),
                        row.shares("EVOL"),
                        row.dateIfAny("XYMD").map(KisUsTicks::digits).orElse(0),
                        row.timeIfAny("XHMS").map(KisUsTicks::digits).orElse(0),
                        atMs,
                        KisTr.feed(key)));
    }

    /** The best bid and ask; otherwise as {@link #trade}. */
    static Optional<LastBook> book(RealtimeRow row, long atMs) {
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

    private static int digits(LocalDate day) {
        return day.getYear() * 10_000 + day.getMonthValue() * 100 + day.getDayOfMonth();
    }

    static int digits(LocalTime time) {
        return time.getHour() * 10_000 + time.getMinute() * 100 + time.getSecond();
    }

    private static List<OrderBook.Level> level(RealtimeRow row, String price, String qty) {
        return positive(row, price)
                .map(at -> List.of(new OrderBook.Level(Dollars.units(at), row.sharesOr(qty, 0))))
                .orElseGet(List::of);
    }

    /** KIS writes a difference without its sign, which {@code SIGN} has: 4 and 5 are down. */
    private static BigDecimal signed(RealtimeRow row, String column) {
        var magnitude = row.decimalOr(column, BigDecimal.ZERO).abs();
        return switch (row.textOr("SIGN", "3")) {
            case "4", "5" -> magnitude.negate();
            default -> magnitude;
        };
    }

    private static Optional<BigDecimal> positive(RealtimeRow row, String column) {
        return Optional.of(row.decimalOr(column, BigDecimal.ZERO)).filter(it -> it.signum() > 0);
    }
}
