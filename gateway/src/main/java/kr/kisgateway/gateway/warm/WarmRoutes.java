package kr.kisgateway.gateway.warm;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.LiveListing;
import kr.kisgateway.gateway.job.JobDesk;
import kr.kisgateway.gateway.job.JobRoutes;
import kr.kisgateway.gateway.marketwide.MostTraded;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WarmType;
import kr.kisgateway.market.MarketSymbol;

/** {@code POST /v1/cache/warm}: for operators, as every call that begins or ends a job. */
final class WarmRoutes {
    private static final int SYMBOLS_MAX = 4_000;

    private final WarmDesk desk;
    private final MostTraded mostTraded;
    private final LiveListing listing;
    private final Settings.Warm usual;

    /** @param usual what is warmed where a request does not say it */
    WarmRoutes(WarmDesk desk, MostTraded mostTraded, LiveListing listing, Settings.Warm usual) {
        this.desk = desk;
        this.mostTraded = mostTraded;
        this.listing = listing;
        this.usual = usual;
    }

    void register(RouteTable table) {
        table.post(Role.OPERATOR, "/v1/cache/warm", this::warm);
    }

    private void warm(Call call) {
        RequestBody body = call.body().only(Set.of("symbols", "top", "data_types"));
        Set<WarmType> types = types(body);
        OptionalLong top = top(body);
        boolean named = body.has("symbols");
        if (named && top.isPresent()) {
            throw RequestBody.invalid("top", "goes without \"symbols\": name them, or how many of the most traded");
        }
        List<? extends MarketSymbol> symbols = named
                ? symbols(body, call)
                : mostTraded.top((int) top.orElse(usual.top()), call.caller().name(), call.caller()::maySee);
        switch (desk.begin(
                symbols, !named, types, body.has("data_types"), call.caller().name(), Optional.empty())) {
            case JobDesk.Started.Yes(var job) -> call.answer(202, JobRoutes.json(job, call.caller()));
            case JobDesk.Started.No(Refusal refusal) -> throw new RefusedException(refusal);
        }
    }

    private static OptionalLong top(RequestBody body) {
        OptionalLong top = body.optionalWhole("top");
        if (top.isPresent() && (top.getAsLong() < 1 || top.getAsLong() > SYMBOLS_MAX)) {
            throw RequestBody.invalid("top", "must be a whole number from 1 to " + SYMBOLS_MAX);
        }
        return top;
    }

    private static Set<WarmType> types(RequestBody body) {
        if (!body.has("data_types")) {
            return EnumSet.allOf(WarmType.class);
        }
        var types = EnumSet.noneOf(WarmType.class);
        for (String word : body.texts("data_types", 16)) {
            types.add(WarmType.of(word)
                    .orElseThrow(() -> RequestBody.invalid("data_types", "must be of " + WarmType.words())));
        }
        if (types.isEmpty()) {
            throw RequestBody.invalid("data_types", "names none; leave it out for " + WarmType.words());
        }
        return types;
    }

    private List<MarketSymbol> symbols(RequestBody body, Call call) {
        var found = new LinkedHashSet<MarketSymbol>();
        for (String text : body.texts("symbols", SYMBOLS_MAX)) {
            call.caller().requireSymbol(text);
            found.add(listing.lookup(text).listed().symbol());
        }
        if (found.isEmpty()) {
            throw RequestBody.invalid("symbols", "names none; leave it out for the most traded");
        }
        return List.copyOf(found);
    }
}
