package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import kr.kisgateway.market.TradingCalendar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Trades and minutes at the KIS-compatible face that pushed trades answer, beside the broker's own answers. */
class FaceHeldTapesTest {
    private static final String SYMBOL = "005930";
    private static final String TRADES = "inquire-ccnl";
    private static final String MINUTES = "inquire-time-itemchartprice";
    private static final String TRADES_TR = "H0STCNT0";
    /** How long the gateway serves an equal question from its cache of answers. */
    private static final Duration CACHED = Duration.ofSeconds(6);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private GatewayFixture gateway;
    private FaceClient face;
    private FaceClient direct;
    private FaceSocket socket;
    private Duration ahead = Duration.ZERO;
    private int pongs;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(folder, Map.of("SIMULATOR_RATE_LIMIT", "1000", "SIMULATOR_CLOCK", "open-fixed"));
        gateway.awaitReady();
        var port = URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
        face = FaceClient.withNewKey(http, folder, port, "reader", "--role", "trade");
        Await.until("the gateway knows the key", () -> face.login().statusCode() == 200);
        direct = new FaceClient(
                http,
                URI.create(
                        "http://127.0.0.1:" + gateway.gateway().simulatorPort().orElseThrow()),
                "DIRECTAPPKEYDIRECTAPPKEYDIRECTAPPKEY",
                "directappsecret".repeat(12),
                "70000009",
                "01",
                "direct");
        direct.login();
        socket = FaceSocket.open(http, face, "/tryitout");
        assertThat(socket.register(TRADES_TR, SYMBOL)).isEqualTo("OPSP0000");
        awaitTrades(1);
    }

    @AfterEach
    void stop() {
        socket.close();
        gateway.close();
        http.close();
    }

    private void awaitTrades(int count) {
        int before = socket.records(TRADES_TR).size();
        Await.until("it is pushed", () -> socket.records(TRADES_TR).size() >= before + count);
    }

    private JsonNode trades(FaceClient by) {
        return quotation(by, TRADES, "FHKST01010300", Map.of());
    }

    private JsonNode minutes(FaceClient by, String hour) {
        return quotation(
                by,
                MINUTES,
                "FHKST03010200",
                Map.of("FID_INPUT_HOUR_1", hour, "FID_PW_DATA_INCU_YN", "Y", "FID_ETC_CLS_CODE", ""));
    }

    private static JsonNode quotation(FaceClient by, String call, String trId, Map<String, String> more) {
        var query = new HashMap<>(Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", SYMBOL));
        query.putAll(more);
        var answer = by.get("/uapi/domestic-stock/v1/quotations/" + call, by.headers(trId), query);
        assertThat(FaceClient.code(answer)).isEqualTo("MCA00000");
        return FaceClient.tree(answer);
    }

    private LocalTime now() {
        return LocalTime.now(TradingCalendar.SEOUL).plus(ahead);
    }

    private String hour(int minutes) {
        return TIME.format(now().plusMinutes(minutes));
    }

    private void jump(Duration duration) {
        ahead = ahead.plus(duration);
        gateway.jump(duration);
        // The sessions must survive the time that passes.
        socket.control.stream()
                .filter(message -> message.path("header").path("tr_id").asString("").equals("PINGPONG"))
                .skip(pongs)
                .forEach(ping -> {
                    pongs++;
                    socket.send(ping.toString());
                });
    }

    /** Asks until the answer comes from memory. */
    private void awaitHeldTrades() {
        Await.until("trades are held", () -> {
            jump(CACHED);
            awaitTrades(2);
            trades(face);
            return isFree(TRADES, () -> {
                awaitTrades(1);
                jump(CACHED);
                trades(face);
            });
        });
    }

    private boolean isFree(String call, Runnable request) {
        long calls = gateway.brokerCalls(call);
        request.run();
        return gateway.brokerCalls(call) == calls;
    }

    @Test
    void pushed_trades_cost_no_call_and_equal_those_of_the_broker() {
        awaitHeldTrades();
        long calls = gateway.brokerCalls(TRADES);
        var lists = new HashSet<JsonNode>();
        Await.until("lists after several trades", () -> {
            lists.add(trades(face));
            return lists.size() > 5;
        });
        assertThat(gateway.brokerCalls(TRADES)).isEqualTo(calls);

        for (int i = 0; i < 5; i++) {
            awaitTrades(1);
            Await.until("both lists after the same trade", () -> trades(face).equals(trades(direct)));
        }
        assertThat(trades(face).path("output")).hasSize(30);
    }

    /** The beginning of the next minute, in which the stock has traded. */
    private void nextMinute() {
        jump(Duration.ofSeconds(61 - now().getSecond()));
        awaitTrades(2);
    }

    /** Requests the minutes until the answer comes from memory. */
    private void awaitHeldMinutes(int after) {
        minutes(face, hour(after));
        nextMinute();
        Await.until("minutes are held", () -> {
            minutes(face, hour(after));
            return isFree(MINUTES, () -> {
                if (now().getSecond() > 45) {
                    nextMinute();
                }
                jump(CACHED);
                awaitTrades(1);
                minutes(face, hour(after));
            });
        });
    }

    private void assertSameMinutes(int after) {
        Await.until("both lists after the same trade", () -> {
            String hour = hour(after);
            return minutes(face, hour).equals(minutes(direct, hour));
        });
    }

    @Test
    void pushed_minutes_cost_no_call_and_equal_those_of_the_broker() {
        awaitHeldMinutes(0);
        for (int i = 0; i < 3; i++) {
            nextMinute();
            assertSameMinutes(0);
            long calls = gateway.brokerCalls(MINUTES);
            var pages = new HashSet<JsonNode>();
            Await.until("pages after several trades", () -> {
                pages.add(minutes(face, hour(0)));
                return pages.size() > 3;
            });
            assertThat(gateway.brokerCalls(MINUTES)).isEqualTo(calls);
        }
        assertThat(minutes(face, hour(0)).path("output2")).hasSize(30);
    }
}
