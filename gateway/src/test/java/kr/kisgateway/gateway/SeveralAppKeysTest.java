package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.TradingCalendar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway with two app keys and its simulator, from outside. */
@Tag("A-04")
class SeveralAppKeysTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH:mm");

    @TempDir
    Path folder;

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Gateway> gateways = new ArrayList<>();

    @AfterEach
    void stop() {
        gateways.forEach(Gateway::close);
    }

    @Test
    @Tag("I-01")
    void two_app_keys_push_81_demands_on_two_sockets_and_what_is_beyond_is_polled() throws Exception {
        Files.writeString(folder.resolve("gateway.yaml"), "kis:\n  app-keys:\n    - id: K2\n");
        var gateway = start();
        var contract = new Contract(mapper.readTree(get(gateway, "/openapi.json")));
        var heard = new Heard();
        var socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), heard)
                .get(30, TimeUnit.SECONDS);
        var symbols = symbols(90);
        socket.sendText(
                        "{\"op\":\"subscribe\",\"id\":\"all\",\"channels\":[\"quotes\"],\"symbols\":[\""
                                + String.join("\",\"", symbols) + "\"]}",
                        true)
                .get(30, TimeUnit.SECONDS);

        var ack =
                heard.next("the ack", message -> message.path("op").asString("").equals("ack"));
        contract.message(ack);
        // 2 × 41 less the notices' one, and one for the symbol of the settings.
        assertThat(ack.path("mode").asString()).isEqualTo("mixed");
        assertThat(ack.path("polled")).hasSize(90 - 80);
        var polled = new HashSet<String>();
        ack.path("polled").forEach(one -> polled.add(one.path("s").asString()));
        until(() -> pushed(gateway).size() == 81);
        assertThat(pushed(gateway).stream().filter(it -> it.endsWith(" K1"))).hasSize(40);
        assertThat(pushed(gateway).stream().filter(it -> it.endsWith(" K2"))).hasSize(41);

        var prices = new HashSet<String>();
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!prices.containsAll(polled) && System.nanoTime() < deadline) {
            var quote = heard.next("a quote", message -> message.has("p"));
            contract.message(quote);
            prices.add(quote.path("s").asString());
        }
        assertThat(prices).containsAll(polled);
        var status = json(gateway, "/v1/session/status");
        assertThat(status.path("app_keys")).hasSize(2);
        assertThat(status.at("/app_keys/1/id").asString()).isEqualTo("K2");
        assertThat(status.at("/app_keys/1/registrations").intValue()).isEqualTo(41);
        assertThat(folder.resolve("data/sim/token-K2")).exists();
        assertThat(json(gateway, "/v1/session/live-readiness").path("can_trade").booleanValue())
                .isTrue();
    }

    @Test
    void an_app_key_belongs_to_one_gateway() {
        var first = AppKeyLock.take(folder, "K2", "PSKEY");
        assertThatThrownBy(() -> AppKeyLock.take(folder, "K2", "PSKEY"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("app key K2")
                .hasMessageNotContaining("PSKEY");
        AppKeyLock.take(folder, "K3", "PSOTHER").close();
        first.close();
        AppKeyLock.take(folder, "K2", "PSKEY").close();
    }

    @Test
    @Tag("I-02")
    void outside_the_korean_hours_everything_korean_is_polled_and_the_notices_stay() throws Exception {
        var from = InstantSource.system()
                .instant()
                .atZone(TradingCalendar.SEOUL)
                .toLocalTime()
                .plusHours(2);
        var gateway = start("--kis-ws-kr-hours=%s-%s".formatted(HOUR.format(from), HOUR.format(from.plusHours(1))));
        until(() ->
                json(gateway, "/v1/session/live-readiness").path("can_trade").booleanValue());
        var pool = json(gateway, "/v1/session/pool");
        assertThat(pool.at("/demand/0/reason").asString()).isEqualTo("NO_SLOTS");
        assertThat(pool.at("/demand/0/why").asString()).contains("No socket takes registrations of this market now");
        assertThat(pool.at("/slots/changes_at").isNull()).isFalse();
        assertThat(pool.at("/app_keys/0/registrations").intValue()).isEqualTo(1);
    }

    private Gateway start(String... more) {
        var args = new ArrayList<>(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"));
        args.addAll(List.of(more));
        var loaded = SettingsLoader.load(
                args, Map.of(), folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
        assertThat(loaded).isInstanceOf(SettingsResult.Loaded.class);
        var gateway = Gateway.start(((SettingsResult.Loaded) loaded).settings());
        gateways.add(gateway);
        return gateway;
    }

    private static List<String> symbols(int count) {
        return Instruments.load().all().stream()
                .map(instrument -> instrument.symbol().code())
                .filter(code -> !code.equals("005930"))
                .limit(count)
                .toList();
    }

    /** {@code 005930 K1} for each that KIS has confirmed. */
    private Set<String> pushed(Gateway gateway) {
        var all = new HashSet<String>();
        StreamSupport.stream(json(gateway, "/v1/session/pool").path("demand").spliterator(), false)
                .filter(it ->
                        Set.of("PINNED", "DEMAND").contains(it.path("reason").asString()))
                .forEach(it -> all.add(
                        it.path("symbol").asString() + " " + it.path("app_key").asString()));
        return all;
    }

    private JsonNode json(Gateway gateway, String path) {
        try {
            return mapper.readTree(get(gateway, path));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String get(Gateway gateway, String path) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                                .timeout(LIMIT)
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            new java.util.concurrent.CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
        }
    }

    /** What the stream said, message by message. */
    private final class Heard implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
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

        JsonNode next(String what, java.util.function.Predicate<JsonNode> wanted) throws InterruptedException {
            while (true) {
                var message = messages.poll(30, TimeUnit.SECONDS);
                assertThat(message).as(what).isNotNull();
                if (message != null && wanted.test(message)) {
                    return message;
                }
            }
        }
    }
}
