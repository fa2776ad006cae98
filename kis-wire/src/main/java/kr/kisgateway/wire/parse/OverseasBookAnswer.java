package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The answer of {@code overseas inquire-asking-price} (해외주식 현재가 호가, HHDFS76200100), in the exchange's currency. One level a
 * side is documented; as many as KIS sends are read, up to ten.
 *
 * @param at time of the book, local time; empty when absent
 * @param asks best first
 * @param bids best first
 * @param totalAskQty shares offered on all levels
 * @param totalBidQty shares bid on all levels
 * @param last last price; 0 when absent
 */
public record OverseasBookAnswer(
        Optional<LocalDateTime> at,
        List<Level> asks,
        List<Level> bids,
        long totalAskQty,
        long totalBidQty,
        BigDecimal last) {
    private static final int LEVELS = 10;

    public OverseasBookAnswer {
        asks = List.copyOf(asks);
        bids = List.copyOf(bids);
    }

    /** One price level with its shares. */
    public record Level(BigDecimal price, long qty) {}

    /** Reads {@code output1} (time and sums) and {@code output2} (levels). */
    public static ParseResult<OverseasBookAnswer> parse(RestReply reply) {
        return ParseResult.of(() -> {
            Row header = reply.row("output1").orElseThrow(() -> BadFieldException.missing("output1"));
            Row levels = reply.row("output2").orElseThrow(() -> BadFieldException.missing("output2"));
            return new OverseasBookAnswer(
                    header.dateIfAny("dymd")
                            .flatMap(day -> header.timeIfAny("dhms").map(day::atTime)),
                    levels(levels, "pask", "vask"),
                    levels(levels, "pbid", "vbid"),
                    header.sharesOr("avol", 0),
                    header.sharesOr("bvol", 0),
                    header.decimalOr("last", BigDecimal.ZERO));
        });
    }

    private static List<Level> levels(Row row, String price, String qty) {
        var levels = new ArrayList<Level>();
        for (int i = 1; i <= LEVELS; i++) {
            BigDecimal at = row.decimalOr(price + i, BigDecimal.ZERO);
            if (at.signum() > 0) {
                levels.add(new Level(at, row.sharesOr(qty + i, 0)));
            }
        }
        return levels;
    }
}
