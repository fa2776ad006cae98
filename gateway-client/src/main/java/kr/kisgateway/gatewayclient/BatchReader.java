package kr.kisgateway.gatewayclient;

import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.function.Function;
import kr.kisgateway.api.batch.BatchExpected;
import kr.kisgateway.api.batch.BatchFailure;
import kr.kisgateway.api.json.ApiJson;
import tools.jackson.databind.JsonNode;

/** Reads the lines of a batch. */
final class BatchReader<V> {
    private final BatchListener<V> listener;
    private final Function<JsonNode, V> reader;
    private int completed;
    private int total;

    BatchReader(BatchListener<V> listener, Function<JsonNode, V> reader) {
        this.listener = listener;
        this.reader = reader;
    }

    /** The last line, after all others were passed on. */
    String read(Iterator<String> lines) throws IOException {
        while (lines.hasNext()) {
            String text = lines.next();
            JsonNode line = ApiJson.tree(text);
            if (line.has("stats")) {
                return text;
            }
            if (line.has("expected")) {
                var expected = ApiJson.read(line, BatchExpected.class).expected();
                total = Math.toIntExact(expected.symbols());
                listener.begins(expected);
            } else {
                notifyListener(line);
            }
        }
        throw new EOFException("it ended without its figures");
    }

    private void notifyListener(JsonNode line) {
        String symbol = line.path("symbol").asString("");
        if (line.has("code")) {
            listener.failed(symbol, ApiJson.read(line, BatchFailure.class));
        } else {
            listener.succeeded(symbol, reader.apply(line));
        }
        completed++;
        listener.completed(completed, total, symbol);
        if (completed % BatchListener.MILESTONE == 0 || completed == total) {
            listener.milestone(completed, total);
        }
    }
}
