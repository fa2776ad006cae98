package kr.kisgateway.gateway.face;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.pool.RawDemand;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.SubscribeRequest;
import kr.kisgateway.wire.print.ControlPrinter;

/** Any message on a WebSocket for KIS's protocol is a registration that is served or refused, and its answer is JSON that names it. */
public final class FaceSocketFuzzer {
    private static final NoticeKey KEY =
            NoticeKey.of("abcdefghijklmnopqrstuvwxyz012345", "0123456789abcdef").orElseThrow();
    private static final FeedTable FEEDS = new FeedTable(new NoUpstream(), _ -> true);

    private FaceSocketFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        switch (SubscribeRequest.parse(new String(input, StandardCharsets.UTF_8))) {
            case SubscribeRequest.Register(String _, String _, RealtimeKey key) -> {
                FEEDS.feed(key);
                requireNamed(key, ControlPrinter.subscribed(key, KEY));
                requireNamed(key, ControlPrinter.refused(key, "OPSP8991", "SUBSCRIBE ERROR : invalid tr_id"));
            }
            case SubscribeRequest.Release(String _, String _, RealtimeKey key) ->
                requireNamed(key, ControlPrinter.released(key));
            case SubscribeRequest.WrongType _, SubscribeRequest.PingPong _, SubscribeRequest.Unreadable _ -> {}
        }
    }

    private static void requireNamed(RealtimeKey key, String answer) {
        var header = ApiJson.tree(answer).path("header");
        if (!header.path("tr_id").asString().equals(key.trId())
                || !header.path("tr_key").asString().equals(key.trKey())) {
            throw new IllegalStateException(key + " is answered with " + answer);
        }
    }

    /** Serves trades of Korean stocks. */
    private static final class NoUpstream implements KisUpstream {
        @Override
        public boolean isPaper() {
            return false;
        }

        @Override
        public Map<String, Identity> identities() {
            return Map.of();
        }

        @Override
        public Prepared prepare(String account, String name, Map<String, String> parameters) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Outcome forward(String account, Query query, String tenant, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<MarketSymbol> symbol(RealtimeKey key) {
            return served(key);
        }

        @Override
        public Optional<MarketSymbol> served(RealtimeKey key) {
            return Symbol.parse(key.trKey()).map(MarketSymbol.class::cast);
        }

        @Override
        public RawDemand raw(RealtimeKey key) {
            return new RawDemand(key.trId(), key.trKey(), Market.KOREA);
        }

        @Override
        public RealtimeKey tradesKey(MarketSymbol symbol) {
            return new RealtimeKey(FeedTable.TRADES, symbol.code());
        }

        @Override
        public RealtimeKey booksKey(MarketSymbol symbol) {
            return new RealtimeKey(FeedTable.BOOKS, symbol.code());
        }

        @Override
        public Set<RealtimeKey> registered(String trId) {
            return Set.of();
        }

        @Override
        public void attach(Consumer<CharSequence> frames) {
            // no frames
        }
    }
}
