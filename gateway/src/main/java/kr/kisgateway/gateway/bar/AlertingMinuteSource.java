package kr.kisgateway.gateway.bar;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.market.MarketSymbol;

/** Another source of minutes, with an alert while it does not answer for the missing minutes of a symbol. */
public final class AlertingMinuteSource implements MinuteSource {
    /** Consecutive failures before an alert. */
    private static final int FAILURES_MAX = 3;

    private final MinuteSource source;
    private final AlertSource alerts;
    private final Map<MarketSymbol, Integer> failures = new ConcurrentHashMap<>();

    public AlertingMinuteSource(MinuteSource source, AlertSource alerts) {
        this.source = source;
        this.alerts = alerts;
    }

    @Override
    public Optional<List<Minute>> minutes(MarketSymbol symbol, long from, long to) {
        var minutes = source.minutes(symbol, from, to);
        String subject = "minutes of " + symbol.code();
        if (minutes.isPresent()) {
            var before = Optional.ofNullable(failures.remove(symbol));
            if (before.filter(count -> count >= FAILURES_MAX).isPresent()) {
                alerts.settle(subject);
            }
        } else if (failures.merge(symbol, 1, Integer::sum) == FAILURES_MAX) {
            alerts.raise(
                    subject,
                    "bars of " + symbol.code() + " lack trades, and KIS has not answered " + FAILURES_MAX
                            + " times for the missing minutes; the request is repeated every 20 s");
        }
        return minutes;
    }
}
