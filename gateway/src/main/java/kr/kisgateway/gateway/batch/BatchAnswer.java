package kr.kisgateway.gateway.batch;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.EventConnection;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.json.JsonBuffer;

/**
 * A batch on the wire, newline-delimited JSON: a line of what is expected, a line for each symbol as soon as it is known, a
 * last line with the figures.
 */
public final class BatchAnswer {
    private static final byte[] NEW_LINE = {'\n'};
    /** Longer than the slowest question of a batch may take; nothing is written meanwhile. */
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(90);

    private final Batches batches;

    public BatchAnswer(Batches batches) {
        this.batches = batches;
    }

    /**
     * The symbols that {@code body} names, all of them {@code caller}'s.
     *
     * @throws RefusedException {@code MISSING_FIELD}, {@code INVALID_FIELD} or {@code FORBIDDEN}
     */
    public static List<String> symbols(RequestBody body, Caller caller) {
        var symbols = body.texts("symbols", Batches.SYMBOLS_MAX);
        if (symbols.isEmpty()) {
            throw body.has("symbols") ? RequestBody.invalid("symbols", "names none") : RequestBody.missing("symbols");
        }
        symbols.forEach(caller::requireSymbol);
        return symbols;
    }

    /**
     * Answers {@code call} and returns when the last line is written or nobody reads.
     *
     * @param write puts what is known of a symbol into a buffer as one object
     * @throws RefusedException {@code QUOTA_EXCEEDED} while too many batches run
     */
    public <V> void answer(Call call, List<String> symbols, BatchKind<V> kind, BiConsumer<JsonBuffer, V> write) {
        if (!batches.enter()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.QUOTA_EXCEEDED,
                    Batches.RUNNING_MAX + " batches run already; try again when one has ended."));
        }
        try {
            var lines = new Wire<>(call.lines(WRITE_LIMIT), write);
            lines.stats(batches.run(symbols, kind, lines));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            batches.leave();
        }
    }

    private static final class Wire<V> implements BatchLines<V> {
        private final EventConnection connection;
        private final BiConsumer<JsonBuffer, V> write;

        private Wire(EventConnection connection, BiConsumer<JsonBuffer, V> write) {
            this.connection = connection;
            this.write = write;
        }

        @Override
        public boolean expected(Expected expected) {
            return send(new JsonBuffer(128)
                    .beginObject()
                    .name("expected")
                    .beginObject()
                    .field("symbols", expected.symbols())
                    .field("at_hand", expected.atHand())
                    .field("calls", expected.calls())
                    .fieldThousandths("seconds", expected.atLeast().toMillis())
                    .endObject()
                    .endObject());
        }

        @Override
        public boolean known(V value) {
            var json = new JsonBuffer(512);
            write.accept(json, value);
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

        void stats(Batches.Stats stats) {
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
}
