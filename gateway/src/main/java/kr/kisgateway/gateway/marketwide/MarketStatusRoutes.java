package kr.kisgateway.gateway.marketwide;

import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.TradingCalendar;

/** {@code /v1/market/status}. */
public final class MarketStatusRoutes {
    private final MarketHours hours;
    private final Supplier<List<Market>> breakers;
    private final InstantSource clock;

    /** @param breakers sections of KRX where KIS reports an active circuit breaker */
    public MarketStatusRoutes(MarketHours hours, Supplier<List<Market>> breakers, InstantSource clock) {
        this.hours = hours;
        this.breakers = breakers;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/market/status", this::status);
    }

    private void status(Call call) {
        var now = clock.instant();
        var json = new JsonBuffer(2_048)
                .beginObject()
                .field("ts", now.getEpochSecond())
                .field("ts_ms", now.toEpochMilli())
                .name("markets")
                .beginArray();
        for (var state : hours.at(now)) {
            json.beginObject()
                    .field("market", state.market())
                    .field("session", state.session())
                    .field("date", state.date().toString())
                    .field("trading_day", state.tradingDay())
                    .field("opens_at", iso(state.opensAt()))
                    .field("closes_at", iso(state.closesAt()))
                    .field("next_at", iso(state.nextAt()))
                    .field("next_session", state.nextSession())
                    .field("holiday", state.holiday());
            breaker(json, state.market().equals(MarketHours.KRX));
            json.endObject();
        }
        call.answer(json.endArray().endObject());
    }

    /** No source reports it for the other markets. */
    private void breaker(JsonBuffer json, boolean krx) {
        if (!krx) {
            json.fieldNull("circuit_breaker");
            return;
        }
        json.name("circuit_breaker").beginArray();
        breakers.get().forEach(market -> json.value(market.name()));
        json.endArray();
    }

    private static Optional<String> iso(Optional<Instant> at) {
        return at.map(it -> it.atZone(TradingCalendar.SEOUL).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    }
}
