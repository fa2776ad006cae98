package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway with two app keys and its simulator, tested from outside. */
@Requirement("A-04")
@Tag("slow")
class MultipleAppKeysTest {
    private static final Duration STEP = Duration.ofSeconds(5);

    private static final Duration LIMIT = Duration.ofSeconds(30);

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
    @Requirement(value = "A-04", clause = "one-a-key")
    void two_app_keys_push_81_demands_on_two_sockets_and_the_rest_is_polled() throws Exception {
        Files.writeString(folder.resolve("gateway.yaml"), "kis:\n  app-keys:\n    - id: K2\n");
        var gateway = start();
        var contract = new Contract(mapper.readTree(get(gateway, "/openapi.json")));
        var messages = new MessageQueue();
        var socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), messages)
                .get(30, TimeUnit.SECONDS);
        var symbols = symbols(90);
        socket.sendText(
                        "{\"op\":\"subscribe\",\"id\":\"all\",\"channels\":[\"quotes\"],\"symbols\":[\""
                                + String.join("\",\"", symbols) + "\"]}",
                        true)
                .get(30, TimeUnit.SECONDS);

        var ack = messages.next(
                "the ack", message -> message.path("op").asString("").equals("ack"));
        contract.message(ack);
        // 2 × 41 less the one of the notices, and one for the symbol of the settings.
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
            var quote = messages.next("a quote", message -> message.has("p"));
            contract.message(quote);
            prices.add(quote.path("s").asString());
        }
        assertThat(prices).containsAll(polled);
        var status = json(gateway, "/v1/session/status");
        assertThat(status.path("app_keys")).hasSize(2);
        assertThat(status.at("/app_keys/1/id").asString()).isEqualTo("K2");
        assertThat(status.at("/app_keys/1/registrations").intValue()).isEqualTo(41);
        // Price requests are spread; the second app key has no other requests.
        until(() -> json(gateway, "/v1/session/status")
                        .at("/app_keys/1/calls_last_second")
                        .intValue()
                > 0);
        assertThat(folder.resolve("data/sim/token-K2")).exists();
        assertThat(json(gateway, "/v1/session/live-readiness").path("can_trade").booleanValue())
                .isTrue();
    }

    @Test
    void an_app_key_belongs_to_one_gateway() {
        var first = AppKeyLock.take(folder, "K2", "PSKEY", false);
        assertThatThrownBy(() -> AppKeyLock.take(folder, "K2", "PSKEY", false))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("app key K2")
                .hasMessageNotContaining("PSKEY");
        AppKeyLock.take(folder, "K3", "PSOTHER", false).close();
        first.close();
        AppKeyLock.take(folder, "K2", "PSKEY", false).close();
    }

    @Test
    void gateways_that_share_a_database_share_an_app_key_and_one_with_a_journal_of_its_own_does_not() {
        var node = AppKeyLock.take(folder, "K2", "PSKEY", true);
        assertThatThrownBy(() -> AppKeyLock.take(folder, "K2", "PSKEY", false))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("app key K2");
        node.close();
        AppKeyLock.take(folder, "K2", "PSKEY", false).close();
    }

    @Test
    @Requirement(value = "I-02", clause = "windows")
    void after_the_korean_hours_prices_are_polled_and_executions_are_still_published() throws Exception {
        var machine = InstantSource.system();
        var at = machine.instant().atZone(TradingCalendar.SEOUL);
        var shift = new AtomicReference<>(
                Duration.between(at, at.with(LocalTime.of(16, 30))).minusSeconds(90));
        var gateway = Wiring.start(
                settings("--kis-ws-kr-hours=08:30-16:30"),
                new SteadyClock(() -> machine.instant().plus(shift.get()), System::nanoTime),
                new SecureRandom());
        gateways.add(gateway);
        until(() ->
                json(gateway, "/v1/session/live-readiness").path("can_trade").booleanValue());
        var messages = new MessageQueue();
        var socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), messages)
                .get(30, TimeUnit.SECONDS);
        socket.sendText(
                        "{\"op\":\"subscribe\",\"id\":\"all\",\"channels\":[\"quotes\",\"executions\"],"
                                + "\"symbols\":[\"005930\"]}",
                        true)
                .get(30, TimeUnit.SECONDS);
        var ack = messages.next(
                "the ack", message -> message.path("op").asString("").equals("ack"));
        assertThat(ack.path("mode").asString()).isEqualTo("push");

        // In steps: a socket that is silent for a minute and a half counts as dead.
        var end = at.with(LocalTime.of(16, 30)).minusSeconds(1).toInstant();
        var left = Duration.between(machine.instant().plus(shift.get()), end);
        while (left.isPositive()) {
            var step = left.compareTo(STEP) > 0 ? STEP : left;
            shift.updateAndGet(it -> it.plus(step));
            messages.next("a price", message -> message.path("ch").asString("").equals("quotes"));
            left = Duration.between(machine.instant().plus(shift.get()), end);
        }
        var ordered = new HashSet<String>();
        var filled = new HashSet<String>();
        var modes = new ArrayList<String>();
        var afterwards = 0;
        while (afterwards < 3 || !filled.containsAll(ordered)) {
            if (afterwards < 3) {
                ordered.add(buy(gateway));
                afterwards += modes.isEmpty() ? 0 : 1;
            }
            var message = messages.next(
                    "an execution or a change of mode",
                    it -> it.has("exec_id") || it.path("op").asString("").equals("mode"));
            if (message.has("exec_id")) {
                filled.add(message.path("order_id").asString());
            } else {
                modes.add(message.path("mode").asString());
            }
        }
        assertThat(modes).containsExactly("poll");
        assertThat(ordered).hasSizeGreaterThan(3);
        var polled = messages.next(
                "a polled price", message -> message.path("ch").asString("").equals("quotes"));
        assertThat(polled.path("p").longValue()).isPositive();
        var pool = json(gateway, "/v1/session/pool?symbol=005930");
        assertThat(pool.at("/demand/0/reason").asString()).isEqualTo("NO_SLOTS");
        assertThat(pool.at("/demand/0/why").asString())
                .contains("No socket takes registrations of this market now", "polled every");
        assertThat(pool.at("/slots/changes_at").asString()).contains("T08:30:00+09:00");
        assertThat(pool.at("/app_keys/0/registrations").intValue())
                .as("the execution notices")
                .isEqualTo(1);
        assertThat(json(gateway, "/v1/metrics/quote").path("ws_reconnect_count").intValue())
                .isZero();
    }

    private String buy(Gateway gateway) throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/v1/orders"))
                        .timeout(LIMIT)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "buy-" + UUID.randomUUID())
                        .POST(BodyPublishers.ofString(
                                "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return mapper.readTree(answer.body()).path("order_id").asString();
    }

    private Gateway start(String... more) {
        var gateway = Gateway.start(settings(more));
        gateways.add(gateway);
        return gateway;
    }

    private Settings settings(String... more) {
        var args = new ArrayList<>(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"));
        args.addAll(List.of(more));
        var loaded = SettingsLoader.load(
                args, Map.of(), folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
        assertThat(loaded).isInstanceOf(SettingsResult.Loaded.class);
        return ((SettingsResult.Loaded) loaded).settings();
    }

    private static List<String> symbols(int count) {
        return Instruments.load().all().stream()
                .map(instrument -> instrument.symbol().code())
                .filter(code -> !code.equals("005930"))
                .limit(count)
                .toList();
    }

    /** {@code 005930 K1} for each registration that KIS has confirmed. */
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

    /** The stream, message by message. */
    private final class MessageQueue implements WebSocket.Listener {
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

        JsonNode next(String what, java.util.function.Predicate<JsonNode> expected) throws InterruptedException {
            while (true) {
                var message = messages.poll(30, TimeUnit.SECONDS);
                assertThat(message).as(what).isNotNull();
                if (message != null && expected.test(message)) {
                    return message;
                }
            }
        }
    }
}
