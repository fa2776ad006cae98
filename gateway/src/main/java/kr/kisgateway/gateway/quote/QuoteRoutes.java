package kr.kisgateway.gateway.quote;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.batch.BatchResponder;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.JsonBuffer;

/** {@code /v1/quotes} and {@code /v1/metrics/quote}. */
public final class QuoteRoutes {
    private final Quotes quotes;
    private final QuoteBatch batch;
    private final BatchResponder batches;
    private final QuoteMetrics metrics;

    public QuoteRoutes(Quotes quotes, QuoteBatch batch, BatchResponder batches, QuoteMetrics metrics) {
        this.batch = batch;
        this.batches = batches;
        this.quotes = quotes;
        this.metrics = metrics;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/quotes/{symbol}", List.of(VenueParameter.NAME), this::answerOne);
        table.get(Role.QUOTE, "/v1/quotes", List.of("symbols"), this::answerMany);
        table.post(Role.QUOTE, "/v1/quotes/batch", this::batch);
        table.get(Role.QUOTE, "/v1/metrics/quote", call -> call.answer(metrics.figures(call.caller())));
    }

    private void answerOne(Call call) {
        call.caller().requireSymbol(call.pathParameter("symbol"));
        var json = new JsonBuffer(QuoteJson.INITIAL_BYTES);
        QuoteJson.write(
                json,
                quotes.quote(
                                call.pathParameter("symbol"),
                                call.query(VenueParameter.NAME),
                                call.caller().name())
                        .orElseThrow());
        call.answer(json);
    }

    private void answerMany(Call call) {
        var symbols = symbols(call.requiredQuery("symbols"));
        symbols.forEach(call.caller()::requireSymbol);
        var list = new JsonBuffer(64 + symbols.size() * QuoteJson.INITIAL_BYTES).beginArray();
        var failed = new ArrayList<String>();
        quotes.quotes(symbols, call.caller().name()).forEach((symbol, outcome) -> {
            switch (outcome) {
                case Result.Success<Quote>(Quote quote) -> QuoteJson.write(list, quote);
                case Result.Refused<Quote> _ -> failed.add(symbol);
            }
        });
        list.endArray();
        if (failed.isEmpty()) {
            call.answer(list);
        } else {
            var json = new JsonBuffer(256 + list.length())
                    .beginObject()
                    .name("quotes")
                    .json(Arrays.copyOf(list.array(), list.length()));
            json.field("partial", true)
                    .name("meta")
                    .beginObject()
                    .field("target_count", symbols.size())
                    .field("final_count", symbols.size() - failed.size())
                    .field("missing_count", failed.size())
                    .name("failed_symbols")
                    .beginArray();
            failed.forEach(json::value);
            json.endArray().endObject().endObject();
            call.answer(json);
        }
    }

    /** Up to 4,000 quotes, one line each as soon as it is available. */
    private void batch(Call call) {
        var symbols = BatchResponder.symbols(call.body().requireOnly(Set.of("symbols")), call.caller());
        batches.respond(call, symbols, batch.forTenant(call.caller().name()), QuoteJson::write);
    }

    /** The distinct entries in their order, trimmed. */
    private static List<String> symbols(String text) {
        var symbols = new LinkedHashSet<String>();
        for (var entry : text.split(",", -1)) {
            if (!entry.isBlank()) {
                symbols.add(entry.strip());
            }
        }
        if (symbols.isEmpty()) {
            throw Call.invalid("symbols", "names no symbol; write them as 005930,000660");
        }
        if (symbols.size() > Quotes.SYMBOLS_MAX) {
            throw Call.invalid("symbols", "may name at most " + Quotes.SYMBOLS_MAX + " symbols");
        }
        return List.copyOf(symbols);
    }
}
