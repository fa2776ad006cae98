package kr.kisgateway.simulator.catalog;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** When the titles of the news were written: one in each span of some minutes, the newest first, none later than now. */
final class News {
    private static final int TITLES = 50;
    private static final long SPAN_SECONDS = Duration.ofMinutes(7).toSeconds();
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");

    private News() {}

    /**
     * The titles up to the requested time.
     *
     * @param block of the list
     * @param day name of the parameter with the day, which may have zeros in front, as {@code 0020261120}
     * @param time name of the parameter with the time
     */
    static KnownFields until(
            CatalogRequest request, MarketView market, long seed, String block, String day, String time) {
        LocalDateTime now = market.day().atTime(market.minute() / 60, market.minute() % 60, market.second());
        LocalDateTime requested = CatalogRequest.day(end(request.param(day), 8))
                .orElse(market.day())
                .atTime(CatalogRequest.time(end(request.param(time), 6)).orElse(LocalTime.MAX));
        long until = (requested.isBefore(now) ? requested : now).toEpochSecond(ZoneOffset.UTC);
        SeededDraw draw = SeededDraw.of(seed).with(request.call().id());
        List<Map<String, String>> rows = new ArrayList<>();
        for (long span = until / SPAN_SECONDS; rows.size() < TITLES; span--) {
            long written = span * SPAN_SECONDS + draw.with(span).below(SPAN_SECONDS);
            if (written <= until) {
                var at = LocalDateTime.ofEpochSecond(written, 0, ZoneOffset.UTC);
                rows.add(Map.of("data_dt", DAY.format(at), "data_tm", TIME.format(at)));
            }
        }
        return new ListFields(block, rows, Map.of());
    }

    private static String end(String text, int length) {
        return text.substring(Math.max(0, text.length() - length));
    }
}
