package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import kr.kisgateway.gateway.instrument.MasterFileServer;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Market events invalidate cached answers of KIS: a whole gateway with its simulator, in which an answer would otherwise be
 * cached for half a minute. In the after-market prices are not answered from pushed values, so each comes from a cache.
 */
@Requirement("A-07")
@Requirement("P-13")
@Tag("slow")
class MarketEventsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Well below the half minute after which it would be requested anyway. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private static final String SAMSUNG = "005930";
    /** A KOSPI stock without a registration. */
    private static final String HYNIX = "000660";
    /** A KOSDAQ stock. */
    private static final String ECOPRO = "247540";

    @TempDir
    Path folder;

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicReference<Duration> shift = new AtomicReference<>(Duration.ZERO);
    private Gateway gateway;

    @AfterEach
    void stop() throws Exception {
        for (var each : open) {
            each.close();
        }
        client.close();
    }

    @Test
    @Requirement(value = "A-07", clause = "halt")
    @Requirement(value = "P-13", clause = "halt")
    void a_halt_refreshes_what_was_cached_of_the_stock() throws Exception {
        start("2026-11-20T17:00:00");
        var contract = new Contract(mapper.readTree(get("/openapi.json")));
        var messages = listening(SAMSUNG);
        awaitStatusRegistration(SAMSUNG);
        var quote = cachedAnswer("/v1/quotes/" + SAMSUNG);
        var book = cachedAnswer("/v1/orderbooks/" + SAMSUNG);
        assertThat(check(SAMSUNG)).doesNotContain("SYMBOL_RESTRICTED");

        setMarket("halt", "\"" + SAMSUNG + "\"");
        quote.awaitRefreshed();
        book.awaitRefreshed();
        assertThat(json("/v1/instruments/" + SAMSUNG).path("halted").asBoolean(false))
                .isTrue();
        assertThat(check(SAMSUNG)).contains("SYMBOL_RESTRICTED");
        var haltMessage = messages.next("a quote with the halt", message -> message.has("halted"));
        contract.message(haltMessage);
        assertThat(haltMessage.path("p").asLong(0)).isPositive();
        assertThat(haltMessage.has("interrupted")).isFalse();

        var halted = cachedAnswer("/v1/quotes/" + SAMSUNG);
        setMarket("resume", "\"" + SAMSUNG + "\"");
        halted.awaitRefreshed();
        until(() -> !json("/v1/instruments/" + SAMSUNG).path("halted").asBoolean(true));
        assertThat(check(SAMSUNG)).doesNotContain("SYMBOL_RESTRICTED");
        messages.next("a quote without", message -> message.has("p") && !message.has("halted"));
        assertThat(json("/v1/metrics/quote").path("cache_invalidated").asLong(0))
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    @Requirement(value = "A-07", clause = "vi")
    void a_volatility_interruption_refreshes_what_was_cached_of_the_stock() throws Exception {
        start("2026-11-20T17:00:00");
        var messages = listening(SAMSUNG);
        awaitStatusRegistration(SAMSUNG);
        var quote = cachedAnswer("/v1/quotes/" + SAMSUNG);
        var book = cachedAnswer("/v1/orderbooks/" + SAMSUNG);
        assertThat(json("/v1/instruments/" + SAMSUNG).path("interrupted").isNull())
                .isTrue();

        setMarket("interrupt", "\"" + SAMSUNG + "\"");
        quote.awaitRefreshed();
        book.awaitRefreshed();
        var instrument = json("/v1/instruments/" + SAMSUNG);
        assertThat(instrument.path("interrupted").asBoolean(false)).isTrue();
        assertThat(instrument.path("halted").asBoolean(true)).isFalse();
        messages.next("a quote with the interruption", message -> message.has("interrupted") && !message.has("halted"));
    }

    @Test
    void a_circuit_breaker_refreshes_all_stocks_of_its_market_and_of_no_other() throws Exception {
        start("2026-11-20T17:00:00");
        var contract = new Contract(mapper.readTree(get("/openapi.json")));
        awaitStatusRegistration(SAMSUNG);
        assertThat(krx().path("circuit_breaker")).isEmpty();
        var hynix = cachedAnswer("/v1/quotes/" + HYNIX);
        var book = cachedAnswer("/v1/orderbooks/" + HYNIX);
        var ecopro = cachedAnswer("/v1/quotes/" + ECOPRO);

        setMarket("circuit_breaker", "1");
        hynix.awaitRefreshed();
        book.awaitRefreshed();
        ecopro.assertStillCached();
        assertThat(krx().path("circuit_breaker").toString()).isEqualTo("[\"KOSPI\"]");
        contract.check("GET", "/v1/market/status", send(URI.create(gateway.baseUri() + "/v1/market/status")));
        assertThat(get("/v1/alerts")).contains("\"circuit_breaker\"", "KOSPI", "(174)");
        assertThat(settledAt("circuit_breaker")).isEmpty();

        jumpTo("2026-11-20T17:31:00");
        until(() -> !settledAt("circuit_breaker").isEmpty());
        until(() -> get("/v1/alerts").contains("\"circuit_breaker_off\""));
        assertThat(settledAt("circuit_breaker_off")).isNotEmpty();
        assertThat(krx().path("circuit_breaker")).isEmpty();
    }

    /** When the only alert of an event was settled; an empty text while it is open. */
    private String settledAt(String event) {
        var alerts = json("/v1/alerts").path("alerts").values().stream()
                .filter(alert -> alert.path("event").asString("").equals(event))
                .toList();
        assertThat(alerts).hasSize(1);
        return alerts.getFirst().path("settled_at").asString("");
    }

    @Test
    @Requirement(value = "A-07", clause = "open")
    @Requirement(value = "P-13", clause = "open-close")
    void the_opening_refreshes_cached_prices() throws Exception {
        start("2026-11-20T08:50:00", "KIS_CACHE_TTL_PRICE", "3600");
        jumpTo("2026-11-20T08:59:20");
        var quote = cachedAnswer("/v1/quotes/" + HYNIX);
        jumpTo("2026-11-20T09:00:00");
        quote.awaitRefreshed();
    }

    @Test
    @Requirement(value = "A-07", clause = "close")
    @Requirement(value = "P-13", clause = "open-close")
    void the_close_refreshes_cached_prices() throws Exception {
        start("2026-11-20T19:50:00", "KIS_CACHE_TTL_PRICE", "3600");
        jumpTo("2026-11-20T19:59:20");
        var quote = cachedAnswer("/v1/quotes/" + HYNIX);
        jumpTo("2026-11-20T20:00:00");
        quote.awaitRefreshed();
    }

    @Test
    @Requirement(value = "A-07", clause = "refresh")
    void a_new_master_file_refreshes_the_instruments_it_changes() throws Exception {
        var masters = new MasterFileServer().serving("kospi_code.mst", "kosdaq_code.mst");
        open.add(masters);
        masters.stall();
        start("2026-11-20T17:00:00", "KIS_MASTER_URL", masters.base().toString());
        var quote = cachedAnswer("/v1/quotes/" + SAMSUNG);
        masters.release();
        quote.awaitRefreshed();
        assertThat(json("/v1/instruments/" + SAMSUNG).path("listing_source").asString(""))
                .isEqualTo("master");
    }

    @Test
    void with_status_registrations_disabled_a_halt_is_not_received() throws Exception {
        start("2026-11-20T17:00:00", "KIS_WS_MARKET_STATUS", "off");
        until(() -> reasons(SAMSUNG, "trades").contains("PINNED"));
        var quote = cachedAnswer("/v1/quotes/" + SAMSUNG);
        setMarket("halt", "\"" + SAMSUNG + "\"");
        quote.assertStillCached();
        assertThat(reasons(SAMSUNG, "status")).isEmpty();
        assertThat(json("/v1/session/pool").at("/slots/statuses").asInt(-1)).isZero();
    }

    /** An answer that is served from the cache repeatedly. */
    private final class CachedAnswer {
        private final String path;
        private final long startNanos = System.nanoTime();
        private double oldest;

        CachedAnswer(String path) {
            this.path = path;
        }

        /** Its age, which only grows while it is the same. */
        private boolean isReplaced() {
            double age = json(path).path("freshness_sec").asDouble(-1);
            assertThat(age).as(path).isNotNegative();
            boolean another = age < oldest;
            oldest = Math.max(age, oldest);
            return another;
        }

        void awaitRefreshed() throws InterruptedException {
            until(this::isReplaced);
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                    .as("without the event it would be requested later")
                    .isLessThan(SOON);
        }

        void assertStillCached() {
            assertThat(isReplaced()).as(path).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(SOON);
        }
    }

    private CachedAnswer cachedAnswer(String path) throws InterruptedException {
        until(() -> json(path).path("source").asString("").equals("kis-rest"));
        // Cached in another session or by an earlier request, it may end at any moment.
        var one = new CachedAnswer(path);
        until(() -> {
            one.isReplaced();
            return one.oldest > 0.05;
        });
        var cachedPrice = new CachedAnswer(path);
        assertThat(cachedPrice.isReplaced()).isFalse();
        return cachedPrice;
    }

    private void start(String at, String... more) throws InterruptedException {
        var settings = new HashMap<>(
                Map.of("KIS_CACHE_TTL_PRICE", "30", "KIS_CACHE_TTL_ORDERBOOK", "30", "KIS_WS_SYMBOLS", SAMSUNG));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=real", "--simulator-rate-limit=2000"),
                settings,
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        shift.set(Duration.between(Instant.now(), seoul(at)));
        gateway = Wiring.start(
                ((SettingsResult.Loaded) loaded).settings(),
                new SteadyClock(() -> Instant.now().plus(shift.get()), System::nanoTime),
                new SecureRandom());
        open.addFirst(gateway::close);
        until(() -> json("/v1/quotes/" + SAMSUNG).has("price"));
    }

    private void jumpTo(String at) {
        shift.set(Duration.between(Instant.now(), seoul(at)));
    }

    private static Instant seoul(String text) {
        return LocalDateTime.parse(text).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private void awaitStatusRegistration(String symbol) throws InterruptedException {
        until(() -> reasons(symbol, "status").contains("SPARE"));
        var pool = json("/v1/session/pool?symbol=" + symbol);
        assertThat(pool.at("/slots/statuses").asInt(0)).isPositive();
    }

    private List<String> reasons(String symbol, String kind) {
        return StreamSupport.stream(
                        json("/v1/session/pool?symbol=" + symbol).path("demand").spliterator(), false)
                .filter(demand -> demand.path("kind").asString("").equals(kind))
                .map(demand -> demand.path("reason").asString(""))
                .toList();
    }

    private JsonNode krx() {
        return StreamSupport.stream(json("/v1/market/status").path("markets").spliterator(), false)
                .filter(market -> market.path("market").asString("").equals("KRX"))
                .findFirst()
                .orElseThrow();
    }

    private void setMarket(String subject, String target) {
        var answer = post(
                URI.create("http://127.0.0.1:" + gateway.simulatorPort().orElseThrow() + "/simulator/market"),
                "{\"" + subject + "\":" + target + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private String check(String symbol) {
        return post(
                        gateway.baseUri().resolve("/v1/risk/check"),
                        "{\"account_id\":\"A1\",\"symbol\":\"" + symbol
                                + "\",\"side\":\"SELL\",\"qty\":1,\"price\":200000}")
                .body();
    }

    private HttpResponse<String> post(URI uri, String body) {
        try {
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode json(String path) {
        return mapper.readTree(get(path));
    }

    private String get(String path) {
        return send(gateway.baseUri().resolve(path)).body();
    }

    private HttpResponse<String> send(URI uri) {
        try {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
    }

    private MessageQueue listening(String symbol) throws Exception {
        var messages = new MessageQueue();
        var socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), messages)
                .get(30, TimeUnit.SECONDS);
        socket.sendText(
                        "{\"op\":\"subscribe\",\"id\":\"q\",\"channels\":[\"quotes\"],\"symbols\":[\"" + symbol
                                + "\"]}",
                        true)
                .get(30, TimeUnit.SECONDS);
        messages.next("a first quote", message -> message.has("p"));
        return messages;
    }

    /** The stream, message by message. */
    private final class MessageQueue implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var tree = mapper.readTree(text.toString());
                text.setLength(0);
                if (tree.isArray()) {
                    tree.forEach(messages::add);
                } else {
                    messages.add(tree);
                }
            }
            socket.request(1);
            return null;
        }

        JsonNode next(String subject, Predicate<JsonNode> expected) throws InterruptedException {
            while (true) {
                var message = messages.poll(30, TimeUnit.SECONDS);
                assertThat(message).as(subject).isNotNull();
                if (message != null && expected.test(message)) {
                    return message;
                }
            }
        }
    }
}
