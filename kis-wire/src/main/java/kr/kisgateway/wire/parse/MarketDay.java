package kr.kisgateway.wire.parse;

import java.time.LocalDate;
import java.util.List;

/**
 * One day of the Korean market: a row of {@code chk-holiday} (국내휴장일조회, CTCA0903R).
 *
 * @param date the day
 * @param businessDay banks and brokers work ({@code bzdy_yn})
 * @param tradingDay 거래일 ({@code tr_day_yn})
 * @param open the exchange trades: the relevant flag ({@code opnd_yn})
 * @param settlementDay trades are settled ({@code sttl_day_yn})
 */
public record MarketDay(LocalDate date, boolean businessDay, boolean tradingDay, boolean open, boolean settlementDay) {

    /** The rows of {@code output}, in the order of the calendar. Whether the exchange is open is required. */
    public static ParseResult<List<MarketDay>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output").stream()
                .map(row -> new MarketDay(
                        row.date("bass_dt"),
                        row.flag("bzdy_yn"),
                        row.flag("tr_day_yn"),
                        open(row),
                        row.flag("sttl_day_yn")))
                .toList());
    }

    private static boolean open(Row row) {
        String code = row.text("opnd_yn");
        return switch (code) {
            case "Y" -> true;
            case "N" -> false;
            default -> throw new BadFieldException("opnd_yn", code);
        };
    }
}
