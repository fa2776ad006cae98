package kr.kisgateway.gateway.stream;

import java.math.BigDecimal;
import kr.kisgateway.gateway.bar.Bar;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.market.UsHours;

/** Bars of US stocks as text, in dollars; written by hand, as those of {@link StreamJson}. */
final class UsStreamJson {
    private UsStreamJson() {}

    static byte[] bar(Channel channel, String code, Bar bar, long seq, boolean snapshot, long tsMs) {
        var json = StreamJson.begin(channel.wireName(), code, 256)
                .field("ts", bar.epochSecond(UsHours.NEW_YORK))
                .field("open", dollars(bar.open()))
                .field("high", dollars(bar.high()))
                .field("low", dollars(bar.low()))
                .field("close", dollars(bar.close()))
                .field("volume", bar.volume())
                .field("turnover", dollars(bar.turnover()))
                .field("complete", bar.complete())
                .field("final", bar.closed());
        if (bar.corrected()) {
            json.field("corrected", true);
        }
        return StreamJson.end(json, tsMs, seq, snapshot);
    }

    private static BigDecimal dollars(long units) {
        return Dollars.plain(Dollars.ofUnits(units));
    }
}
