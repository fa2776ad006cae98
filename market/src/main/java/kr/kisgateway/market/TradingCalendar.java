package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** Trading days and sessions of the Korean market. */
public interface TradingCalendar extends MarketCalendar {
    /** Time zone of the Korean market and of business dates. */
    ZoneId SEOUL = ZoneId.of("Asia/Seoul");

    @Override
    default ZoneId zone() {
        return SEOUL;
    }

    @Override
    default MarketCalendar exchange() {
        return new KrxCalendar();
    }

    @Override
    Session session(Instant now);

    /** As in every market; on a closed day the date itself. */
    @Override
    LocalDate tradingDay(Instant now);
}
