package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.EventConnection;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.quote.QuoteOutcome.American;
import kr.kisgateway.gateway.quote.QuoteOutcome.Known;
import kr.kisgateway.gateway.quote.QuoteOutcome.Refused;

/** {@code /v1/quotes} and {@code /v1/metrics/quote}. */
public final class QuoteRoutes {
    private final Quotes quotes;
    private static final byte[] NEW_LINE = {'\n'};
    /** Longer than the slowest call of a batch may wait; nothing is written meanwhile. */
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(90);

    private final QuoteBatch batch;
    private final QuoteMetrics metrics;

    public QuoteRoutes(Quotes quotes, QuoteBatch batch, QuoteMetrics metrics) {
        this.batch = batch;
        this.quotes = quotes;
        this.metrics = metrics;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/quotes/{symbol}", this::one);
        table.get(Role.QUOTE, "/v1/quotes", List.of("symbols"), this::many);
        table.post(Role.QUOTE, "/v1/quotes/batch", this::batch);
        table.get(Role.QUOTE, "/v1/metrics/quote", call -> call.answer(metrics.json()));
    }

    private void one(Call call) {
        call.caller().requireSymbol(call.path("symbol"));
        var json = new JsonBuffer(QuoteJson.EXPECTED);
        switch (quotes.quote(call.path("symbol"), call.caller().name())) {
            case Known(Quote quote) -> QuoteJson.write(json, quote);
            case American(UsQuote quote) -> QuoteJson.write(json, quote);
            case Refused(var refusal) -> throw new RefusedException(refusal);
        }
        call.answer(json);
    }

    private void many(Call call) {
        var symbols = symbols(call.requiredQuery("symbols"));
        symbols.forEach(call.caller()::requireSymbol);
        var list = new JsonBuffer(64 + symbols.size() * QuoteJson.EXPECTED).beginArray();
        var failed = new ArrayList<String>();
        quotes.quotes(symbols, call.caller().name()).forEach((symbol, outcome) -> {
            switch (outcome) {
                case Known(Quote quote) -> QuoteJson.write(list, quote);
                case American(UsQuote quote) -> QuoteJson.write(list, quote);
                case Refused refused -> failed.add(symbol);
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

    /** Up to {@link QuoteBatch#SYMBOLS_MAX} quotes, each a line as soon as it is known, and a last line with the figures. */
    private void batch(Call call) {
        var body = call.body().only(Set.of("symbols"));
        var symbols = body.texts("symbols", QuoteBatch.SYMBOLS_MAX);
        if (symbols.isEmpty()) {
            throw RequestBody.missing("symbols");
        }
        symbols.forEach(call.caller()::requireSymbol);
        if (!batch.enter()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.QUOTA_EXCEEDED,
                    "There run " + QuoteBatch.BATCHES_MAX + " batches already; try again when one has ended."));
        }
        try {
            var out = new BatchLines(call.lines(WRITE_LIMIT));
            var stats = batch.run(symbols, call.caller().name(), out);
            out.stats(stats);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            batch.leave();
        }
    }

    /** A batch on the wire. */
    private static final class BatchLines implements QuoteBatch.Lines {
        private final EventConnection connection;

        private BatchLines(EventConnection connection) {
            this.connection = connection;
        }

        @Override
        public boolean quote(Quote quote) {
            var json = new JsonBuffer(QuoteJson.EXPECTED);
            QuoteJson.write(json, quote);
            return send(json);
        }

        @Override
        public boolean failed(String symbol, Refusal refusal) {
            return send(new JsonBuffer(256)
                    .beginObject()
                    .field("symbol", symbol.length() > 40 ? symbol.substring(0, 40) : symbol)
                    .field("code", refusal.code().name())
                    .field("message", refusal.message())
                    .field("retryable", refusal.code().retryable())
                    .endObject());
        }

        void stats(QuoteBatch.Stats stats) {
            long millis = Math.max(1, stats.took().toMillis());
            send(new JsonBuffer(192)
                    .beginObject()
                    .name("stats")
                    .beginObject()
                    .field("requested", stats.requested())
                    .field("succeeded", stats.succeeded())
                    .field("failed", stats.failed())
                    .field("duration_ms", stats.took().toMillis())
                    .field("per_second", (stats.succeeded() + stats.failed()) * 1_000L / millis)
                    .endObject()
                    .endObject());
        }

        private boolean send(JsonBuffer json) {
            json.raw(NEW_LINE);
            return connection.send(json.array(), json.length());
        }
    }

    private static List<String> symbols(String text) {
        var symbols = new LinkedHashSet<String>();
        for (var symbol : text.split(",", -1)) {
            if (symbol.isBlank()) {
                throw Call.invalid("symbols", "has an empty entry; write them as 005930,000660");
            }
            symbols.add(symbol.strip());
        }
        if (symbols.size() > Quotes.SYMBOLS_MAX) {
            throw Call.invalid("symbols", "may name at most " + Quotes.SYMBOLS_MAX + " symbols");
        }
        return List.copyOf(symbols);
    }
}
