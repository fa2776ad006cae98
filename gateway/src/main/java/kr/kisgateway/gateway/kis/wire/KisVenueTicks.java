package kr.kisgateway.gateway.kis.wire;

import java.util.Optional;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.VenueSymbol;
import kr.kisgateway.wire.parse.BadFieldException;
import kr.kisgateway.wire.parse.RealtimeRow;

/**
 * Parses the records of H0NXCNT0 and H0UNCNT0 (국내주식 실시간체결가) and of H0NXASP0 and H0UNASP0 (국내주식 실시간호가), of NXT and of
 * both venues together.
 */
public final class KisVenueTicks {
    private KisVenueTicks() {}

    /** @throws BadFieldException when a required column is invalid */
    public static Trade trade(VenueSymbol symbol, RealtimeRow row) {
        return new Trade(
                symbol,
                row.dateIfAny("BSOP_DATE").map(KisUsTicks::digits).orElse(0),
                row.timeIfAny("STCK_CNTG_HOUR").map(KisUsTicks::digits).orElse(0),
                row.shares("STCK_PRPR"),
                row.shares("CNTG_VOL"),
                row.wonOr("PRDY_VRSS", 0),
                row.sharesOr("STCK_OPRC", 0),
                row.sharesOr("STCK_HGPR", 0),
                row.sharesOr("STCK_LWPR", 0),
                row.sharesOr("ASKP1", 0),
                row.sharesOr("BIDP1", 0),
                row.shares("ACML_VOL"),
                row.sharesOr("ACML_TR_PBMN", 0),
                switch (row.textOr("CNTG_CLS_CODE", "")) {
                    case "1" -> 'B';
                    case "5" -> 'S';
                    default -> '-';
                });
    }

    /** As {@link #trade}. */
    public static LastBook book(VenueSymbol symbol, RealtimeRow row, long atMs) {
        var levels = new long[4 * OrderBook.LEVELS];
        String[] columns = {"ASKP", "BIDP", "ASKP_RSQN", "BIDP_RSQN"};
        for (int i = 0; i < levels.length; i++) {
            levels[i] = row.sharesOr(columns[i / OrderBook.LEVELS] + (i % OrderBook.LEVELS + 1), 0);
        }
        return new LastBook(
                new OrderBook(
                        symbol,
                        row.timeIfAny("BSOP_HOUR").map(KisUsTicks::digits).orElse(0),
                        levels,
                        row.sharesOr("TOTAL_ASKP_RSQN", 0),
                        row.sharesOr("TOTAL_BIDP_RSQN", 0)),
                Optional.of(PushFeed.of(symbol)),
                atMs);
    }

    /** The stock of a record, at the venue of its TR; empty for a code that no stock has. */
    public static Optional<VenueSymbol> symbol(RealtimeRow row) {
        return Symbol.parse(row.text("MKSC_SHRN_ISCD"))
                .map(symbol -> new VenueSymbol(symbol, KisTr.venueSeries(row.trId())));
    }
}
