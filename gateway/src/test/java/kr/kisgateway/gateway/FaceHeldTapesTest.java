package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.market.TradingCalendar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Trades and minutes at the KIS-compatible face that pushed trades answer, beside the broker's own answers. */
@Tag("slow")
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
    /** At noon: a day that has just begun has no page of minutes that are over. */
    private Duration ahead = Duration.between(LocalTime.now(TradingCalendar.SEOUL), LocalTime.NOON)
            .plusDays(LocalTime.now(TradingCalendar.SEOUL).isAfter(LocalTime.NOON) ? 1 : 0);

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(folder, ahead, Map.of("SIMULATOR_RATE_LIMIT", "1000"));
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
        socket.answerPings(); // the session must survive the time that passes
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
        return quotation(by, TRADES, "FHKST01010300", "J", SYMBOL, Map.of());
    }

    private JsonNode minutes(FaceClient by, String hour) {
        return quotation(
                by,
                MINUTES,
                "FHKST03010200",
                "J",
                SYMBOL,
                Map.of("FID_INPUT_HOUR_1", hour, "FID_PW_DATA_INCU_YN", "Y", "FID_ETC_CLS_CODE", ""));
    }

    private static JsonNode quotation(
            FaceClient by, String call, String trId, String market, String code, Map<String, String> more) {
        var query = new HashMap<>(Map.of("FID_COND_MRKT_DIV_CODE", market, "FID_INPUT_ISCD", code));
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
    }

    private boolean isFree(String call, Runnable request) {
        long calls = gateway.brokerCalls(call);
        request.run();
        return gateway.brokerCalls(call) == calls;
    }

    /** Not the cache of answers: the time of that one has passed, and there is another trade. */
    private boolean isHeld(String call, Runnable request) {
        request.run();
        return isFree(call, () -> {
            jump(CACHED);
            awaitTrades(1);
            request.run();
        });
    }

    private void awaitHeldTrades() {
        Await.until("trades are held", () -> isHeld(TRADES, () -> trades(face)));
    }

    /** The beginning of the next minute, in which the stock has traded. */
    private void nextMinute() {
        jump(Duration.ofSeconds(61 - now().getSecond()));
        awaitTrades(2);
    }

    private void awaitHeldMinutes(Supplier<String> hour) {
        minutes(face, hour.get());
        nextMinute();
        Await.until("minutes are held", () -> {
            if (now().getSecond() > 40) {
                nextMinute();
            }
            return isHeld(MINUTES, () -> minutes(face, hour.get()));
        });
    }

    /** Both answers after the same trade, and the calls are those of the other program alone. */
    private void assertSame(String call, Function<FaceClient, JsonNode> request) {
        long calls = gateway.brokerCalls(call);
        var own = new AtomicInteger();
        Await.until("both answers after the same trade", () -> {
            var answer = request.apply(face);
            own.incrementAndGet();
            return answer.toString().equals(request.apply(direct).toString());
        });
        assertThat(gateway.brokerCalls(call)).isEqualTo(calls + own.get());
    }

    private void assertForwarded(String call, Runnable request) {
        jump(CACHED);
        long calls = gateway.brokerCalls(call);
        request.run();
        assertThat(gateway.brokerCalls(call)).isEqualTo(calls + 1);
    }

    @Test
    void pushed_trades_cost_no_call_and_equal_those_of_the_broker() {
        awaitHeldTrades();
        for (int i = 0; i < 5; i++) {
            awaitTrades(1);
            assertSame(TRADES, this::trades);
        }
        assertThat(trades(face).path("output")).hasSize(30);
    }

    @Test
    void trades_of_before_the_first_request_are_those_of_the_brokers_answer() {
        int before = socket.records(TRADES_TR).size();
        trades(face);
        jump(CACHED);
        awaitTrades(6);
        trades(face);
        // The answer in the cache is an older one.
        awaitTrades(2);
        assertSame(TRADES, this::trades);
        assertThat(socket.records(TRADES_TR)).as("fewer pushed than listed").hasSizeLessThan(before + 30);
        assertThat(trades(face).path("output")).hasSize(30);
    }

    @Test
    void pushed_minutes_cost_no_call_and_equal_those_of_the_broker() {
        awaitHeldMinutes(() -> hour(0));
        for (int i = 0; i < 3; i++) {
            assertSame(MINUTES, by -> minutes(by, hour(0)));
            nextMinute();
            assertSame(MINUTES, by -> minutes(by, hour(0)));
        }
        assertThat(minutes(face, hour(0)).path("output2")).hasSize(30);
    }

    @Test
    void a_page_with_minutes_to_come_is_answered_too() {
        String later = hour(12);
        awaitHeldMinutes(() -> later);
        for (int i = 0; i < 2; i++) {
            assertSame(MINUTES, by -> minutes(by, later));
            nextMinute();
            assertSame(MINUTES, by -> minutes(by, later));
        }
    }

    @Test
    void minutes_that_are_over_are_requested_once_an_hour() {
        String past = hour(-40);
        Await.until("the page is held", () -> isHeld(MINUTES, () -> minutes(face, past)));
        nextMinute();
        assertSame(MINUTES, by -> minutes(by, past));
        assertThat(isFree(MINUTES, () -> minutes(face, hour(-70))))
                .as("another page")
                .isFalse();
        for (int i = 0; i < 12; i++) {
            jump(Duration.ofMinutes(5));
            awaitTrades(1);
        }
        assertForwarded(MINUTES, () -> minutes(face, past));
    }

    /** Pushed again after a gap, in more than one frame and less than a list. */
    private void assertMissed() {
        awaitTrades(12);
        assertThat(isFree(TRADES, () -> trades(face))).as("trades").isFalse();
        assertThat(isFree(MINUTES, () -> minutes(face, hour(0)))).as("minutes").isFalse();
    }

    @Test
    void a_lost_frame_ends_the_answers() {
        awaitHeldTrades();
        awaitHeldMinutes(() -> hour(0));
        gateway.fault("{\"garble_frames\":1}");
        assertMissed();
        awaitHeldTrades();
        assertSame(TRADES, this::trades);
    }

    @Test
    void a_new_connection_ends_the_answers() {
        awaitHeldTrades();
        awaitHeldMinutes(() -> hour(0));
        gateway.fault("{\"drop_sockets\":true}");
        assertMissed();
        awaitHeldTrades();
        assertSame(TRADES, this::trades);
    }

    @Test
    void a_halt_ends_the_answers() {
        awaitHeldTrades();
        awaitHeldMinutes(() -> hour(0));
        gateway.setMarket("{\"halt\":\"" + SYMBOL + "\"}");
        Await.until("trades are requested", () -> !isFree(TRADES, () -> trades(face)));
        Await.until("minutes are requested", () -> !isFree(MINUTES, () -> minutes(face, hour(0))));
        assertForwarded(TRADES, () -> trades(face));
        assertForwarded(MINUTES, () -> minutes(face, hour(0)));
    }

    @Test
    void what_is_not_known_of_pushed_trades_is_requested() {
        awaitHeldTrades();
        awaitHeldMinutes(() -> hour(0));
        assertForwarded(MINUTES, () -> minutes(face, "000000"));
        assertForwarded(MINUTES, () -> minutes(face, hour(-1)));
        assertForwarded(TRADES, () -> quotation(face, TRADES, "FHKST01010300", "UN", SYMBOL, Map.of()));
        assertForwarded(TRADES, () -> quotation(face, TRADES, "FHKST01010300", "J", "000660", Map.of()));
    }
}
