package kr.kisgateway.gateway.marketwide;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.market.MarketStatus;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.market.Board;

/** {@code /v1/market/status}. */
public final class MarketStatusRoutes {
    private final MarketHours hours;
    private final Supplier<List<Board>> breakers;
    private final InstantSource clock;

    /** @param breakers sections of KRX where KIS reports an active circuit breaker */
    public MarketStatusRoutes(MarketHours hours, Supplier<List<Board>> breakers, InstantSource clock) {
        this.hours = hours;
        this.breakers = breakers;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/market/status", this::status);
    }

    private void status(Call call) {
        var now = clock.instant();
        call.answer(new MarketStatus(
                now.getEpochSecond(),
                now.toEpochMilli(),
                hours.at(now).stream().map(this::answer).toList()));
    }

    private MarketStatus.Market answer(MarketHours.State state) {
        return new MarketStatus.Market(
                state.market(),
                state.session(),
                state.date(),
                state.tradingDay(),
                state.opensAt().map(ApiValues::time),
                state.closesAt().map(ApiValues::time),
                state.nextAt().map(ApiValues::time),
                state.nextSession(),
                state.holiday(),
                // No source reports it for the other markets.
                state.market().equals(MarketHours.KRX)
                        ? Optional.of(breakers.get().stream().map(Board::name).toList())
                        : Optional.empty());
    }
}
