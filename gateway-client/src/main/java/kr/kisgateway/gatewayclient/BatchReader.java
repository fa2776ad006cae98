package kr.kisgateway.gatewayclient;

import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import tools.jackson.databind.JsonNode;

/** Reads the lines of a batch. */
final class BatchReader {
    private final BatchListener listener;
    private int completed;
    private int total;

    BatchReader(BatchListener listener) {
        this.listener = listener;
    }

    /** The last line, after all others were passed on. */
    String read(Iterator<String> lines) throws IOException {
        while (lines.hasNext()) {
            String text = lines.next();
            JsonNode line = GatewayClient.json(text);
            if (line.has("stats")) {
                return text;
            }
            if (line.has("expected")) {
                total = line.path("expected").path("symbols").asInt(0);
                listener.begins(line.path("expected"));
            } else {
                notifyListener(line);
            }
        }
        throw new EOFException("it ended without its figures");
    }

    private void notifyListener(JsonNode line) {
        String symbol = line.path("symbol").asString("");
        if (line.has("code")) {
            listener.failed(symbol, line);
        } else {
            listener.succeeded(symbol, line);
        }
        completed++;
        listener.completed(completed, total, symbol);
        if (completed % BatchListener.MILESTONE == 0 || completed == total) {
            listener.milestone(completed, total);
        }
    }
}
