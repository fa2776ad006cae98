package kr.kisgateway.gateway.kis.rest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.bar.LiveBar;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.bar.MinuteSource.Minute;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.MinuteBar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Minutes of today from inquire-time-itemchartprice (주식당일분봉조회), in the lane of history: prices and orders go first. */
public final class KisMinuteSource {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.bars");
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);
    private static final String TENANT = "bars";

    private final KisClient kis;

    public KisMinuteSource(KisClient kis) {
        this.kis = kis;
    }

    /** As {@link MinuteSource#minutes}, of Korean instruments. */
    public Optional<List<Minute>> minutes(Symbol symbol, long from, long to) {
        // One more in front: a row has the day's turnover so far, and a minute's is the difference to the row before.
        var begin = LiveBar.time(from - 1);
        var end = LiveBar.time(to);
        if (!begin.toLocalDate().equals(end.toLocalDate())) {
            begin = end.toLocalDate().atStartOfDay();
        }
        var options =
                kis.standardOptions().withLane(Lane.HISTORY).withTenant(TENANT).withTimeout(WAIT_MAX);
        return switch (kis.domestic()
                .minutesToday(symbol, begin.toLocalTime(), end.toLocalTime().withSecond(59), options)) {
            case KisReply.Ok<List<MinuteBar>>(List<MinuteBar> bars) ->
                Optional.of(minutes(
                        bars.stream()
                                .filter(bar -> bar.at().toLocalDate().equals(end.toLocalDate()))
                                .toList(),
                        from));
            case KisReply.Failed<List<MinuteBar>>(KisFailure failure) -> {
                LOG.info("minutes_restore_failed symbol={} cause={}", symbol, failure.kind());
                yield Optional.empty();
            }
        };
    }

    private static List<Minute> minutes(List<MinuteBar> bars, long from) {
        var minutes = new ArrayList<Minute>();
        var previousTurnover = 0L;
        for (var bar : bars) {
            var minute = LiveBar.minute(bar.at());
            if (minute >= from) {
                minutes.add(new Minute(
                        minute,
                        bar.open(),
                        bar.high(),
                        bar.low(),
                        bar.close(),
                        bar.qty(),
                        // Without a row before it the day's total gives no turnover of the minute.
                        previousTurnover > 0 && bar.turnover() >= previousTurnover
                                ? bar.turnover() - previousTurnover
                                : bar.close() * bar.qty()));
            }
            previousTurnover = bar.turnover();
        }
        return minutes;
    }
}
