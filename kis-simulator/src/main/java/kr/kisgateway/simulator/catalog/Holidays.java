package kr.kisgateway.simulator.catalog;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;

/** The days of chk-holiday: the simulated market's calendar from the requested day on. */
record Holidays(LocalDate from, MarketView market) implements KnownFields {
    private static final int DAYS = 75;

    @Override
    public Optional<Integer> rows(String block) {
        return Optional.of(DAYS);
    }

    @Override
    public Map<String, String> values(String block, int row) {
        LocalDate day = from.plusDays(row);
        String open = market.isOpenDay(day) ? "Y" : "N";
        return Map.of(
                "bass_dt",
                DateTimeFormatter.BASIC_ISO_DATE.format(day),
                // 01 is Sunday.
                "wday_dvsn_cd",
                "0" + (day.getDayOfWeek().getValue() % 7 + 1),
                "bzdy_yn",
                open,
                "tr_day_yn",
                open,
                "opnd_yn",
                open,
                "sttl_day_yn",
                open);
    }
}
