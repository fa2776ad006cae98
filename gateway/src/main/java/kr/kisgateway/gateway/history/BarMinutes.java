package kr.kisgateway.gateway.history;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.bar.LiveBar;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PerMarket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Minutes that correct live bars: the same as in answers to bar queries. */
public final class BarMinutes implements MinuteSource {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.bars");
    private static final String TENANT = "bars";

    private final PerMarket<BarService> services;

    public BarMinutes(PerMarket<BarService> services) {
        this.services = services;
    }

    @Override
    public Optional<List<Minute>> minutes(MarketSymbol symbol, long from, long to) {
        var service = services.of(symbol);
        var query = new BarQuery(
                BarPeriod.M1,
                Optional.of(LiveBar.time(from)),
                LiveBar.time(to),
                Optional.empty(),
                (int) Math.min(BarQuery.LIMIT_MAX, to - from + 1),
                true);
        return switch (service.bars(symbol, query, TENANT)) {
            case Result.Success<BarPage>(BarPage page)
            when !page.isCutShort(query) ->
                Optional.of(page.bars().stream()
                        .map(bar -> new Minute(
                                LiveBar.minute(bar.begin(service.zone())),
                                bar.open(),
                                bar.high(),
                                bar.low(),
                                bar.close(),
                                bar.volume(),
                                bar.turnover().orElse(0)))
                        .toList());
            case Result.Success<BarPage> _ -> unavailable(symbol, "incomplete");
            case Result.Refused<BarPage>(Refusal refusal) ->
                unavailable(symbol, refusal.code().name());
        };
    }

    private static Optional<List<Minute>> unavailable(MarketSymbol symbol, String cause) {
        LOG.info("minutes_restore_failed symbol={} cause={}", symbol, cause);
        return Optional.empty();
    }
}
