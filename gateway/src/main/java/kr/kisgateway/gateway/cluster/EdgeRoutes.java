package kr.kisgateway.gateway.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.session.Live;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.CallForwarder;
import kr.kisgateway.gateway.http.CallForwarder.Passed;
import kr.kisgateway.gateway.http.RouteTable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls of a gateway beside the owner. It answers by itself whether it lives, passes all others on, and remembers quotes: while
 * there is no owner, the last ones are answered as STALE.
 */
public final class EdgeRoutes {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int QUOTES_MAX = 4_096;
    private static final Duration QUOTES_LIFE = Duration.ofHours(1);
    private static final int OK = 200;

    private final CallForwarder forwarder;
    private final InstantSource clock;
    private final Cache<String, Remembered> quotes = Caffeine.newBuilder()
            .maximumSize(QUOTES_MAX)
            .expireAfterWrite(QUOTES_LIFE)
            .build();

    private record Remembered(byte[] json, Instant at) {}

    public EdgeRoutes(CallForwarder forwarder, InstantSource clock) {
        this.forwarder = forwarder;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.getWithoutKey("/health/live", call -> call.answer(new Live("UP")));
        table.getWithoutKey("/health/ready", forwarder::handleAtOnce);
        table.get(Role.QUOTE, "/v1/quotes/{symbol}", List.of("venue"), this::quote);
        table.get(Role.QUOTE, "/v1/quotes", List.of("symbols"), this::quotes);
        table.others(forwarder);
    }

    private void quote(Call call) {
        String symbol = call.pathParameter("symbol");
        call.caller().requireSymbol(symbol);
        answer(call, symbol + ' ' + call.query("venue").orElse(""));
    }

    private void quotes(Call call) {
        String symbols = call.requiredQuery("symbols");
        for (String symbol : symbols.split(",", -1)) {
            call.caller().requireSymbol(symbol.strip());
        }
        answer(call, symbols);
    }

    private void answer(Call call, String key) {
        try {
            Passed passed = forwarder.forwardAndShow(call);
            if (passed.status() == OK) {
                quotes.put(key, new Remembered(passed.body(), clock.instant()));
            }
        } catch (RefusedException refused) {
            Optional<Remembered> last = Optional.ofNullable(quotes.getIfPresent(key));
            if (refused.refusal().code() != ErrorCode.NO_OWNER || last.isEmpty()) {
                throw refused;
            }
            call.answer(OK, stale(last.get()));
        }
    }

    /** The quotes, marked as STALE and as old as they are now. */
    private byte[] stale(Remembered last) {
        JsonNode read = JSON.readTree(last.json());
        BigDecimal age = BigDecimal.valueOf(
                Math.max(0, Duration.between(last.at(), clock.instant()).toMillis()), 3);
        mark(read, age);
        return JSON.writeValueAsBytes(read);
    }

    private static void mark(JsonNode node, BigDecimal age) {
        switch (node) {
            case ArrayNode list -> list.forEach(entry -> mark(entry, age));
            case ObjectNode quote
            when quote.has("freshness_sec") -> {
                quote.put("state", "STALE");
                quote.put("source", "cache");
                quote.put(
                        "freshness_sec",
                        quote.get("freshness_sec").decimalValue().add(age));
            }
            case ObjectNode partial when partial.has("quotes") -> mark(partial.get("quotes"), age);
            default -> throw new IllegalStateException("no quote: " + node.getNodeType());
        }
    }
}
