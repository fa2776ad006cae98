package kr.kisgateway.gateway.warm;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.job.JobRoutes;
import kr.kisgateway.gateway.marketwide.MostTraded;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.market.MarketSymbol;

/** {@code POST /v1/cache/warm}: for operators, as every call that starts or stops a job. */
final class WarmupRoutes {
    private static final int SYMBOLS_MAX = 4_000;

    private final WarmupStarter desk;
    private final MostTraded mostTraded;
    private final CurrentListing listing;
    private final Settings.Warmup defaults;

    /** @param defaults used where a request does not specify them */
    WarmupRoutes(WarmupStarter desk, MostTraded mostTraded, CurrentListing listing, Settings.Warmup defaults) {
        this.desk = desk;
        this.mostTraded = mostTraded;
        this.listing = listing;
        this.defaults = defaults;
    }

    void register(RouteTable table) {
        table.post(Role.OPERATOR, "/v1/cache/warm", this::warm);
    }

    private void warm(Call call) {
        RequestBody body = call.body().requireOnly(Set.of("symbols", "top", "data_types"));
        Set<WarmupType> types = types(body);
        OptionalLong top = top(body);
        boolean named = body.has("symbols");
        if (named && top.isPresent()) {
            throw RequestBody.invalid("top", "excludes \"symbols\": name the symbols, or how many of the most traded");
        }
        List<? extends MarketSymbol> symbols = named
                ? symbols(body, call)
                : mostTraded.top((int) top.orElse(defaults.top()), call.caller().name(), call.caller()::mayReadSymbol);
        var job = desk.start(
                        symbols,
                        !named,
                        types,
                        body.has("data_types"),
                        call.caller().name(),
                        Optional.empty())
                .orElseThrow();
        call.answer(202, JobRoutes.answer(job, call.caller()));
    }

    private static OptionalLong top(RequestBody body) {
        OptionalLong top = body.optionalWholeNumber("top");
        if (top.isPresent() && (top.getAsLong() < 1 || top.getAsLong() > SYMBOLS_MAX)) {
            throw RequestBody.invalid("top", "must be a whole number from 1 to " + SYMBOLS_MAX);
        }
        return top;
    }

    private static Set<WarmupType> types(RequestBody body) {
        if (!body.has("data_types")) {
            return EnumSet.allOf(WarmupType.class);
        }
        var types = EnumSet.noneOf(WarmupType.class);
        for (String name : body.texts("data_types", 16)) {
            types.add(WarmupType.of(name)
                    .orElseThrow(() -> RequestBody.notOneOf("data_types", name, WarmupType.wireNames())));
        }
        if (types.isEmpty()) {
            throw RequestBody.invalid(
                    "data_types", "names none; leave it out for " + String.join(", ", WarmupType.wireNames()));
        }
        return types;
    }

    private List<MarketSymbol> symbols(RequestBody body, Call call) {
        var found = new LinkedHashSet<MarketSymbol>();
        for (String text : body.texts("symbols", SYMBOLS_MAX)) {
            call.caller().requireSymbol(text);
            found.add(listing.lookup(text).orElseThrow().symbol());
        }
        if (found.isEmpty()) {
            throw RequestBody.invalid("symbols", "names none; leave it out for the most traded");
        }
        return List.copyOf(found);
    }
}
