package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.client.budget.Grant;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.DailyOrderRow;
import kr.kisgateway.wire.parse.PriceAnswer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The complete client against the simulator over real sockets. */
@Tag("slow")
class SimulatedDayTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final RealtimeKey TRADES = new RealtimeKey("H0STCNT0", "005930");
    private static final RealtimeKey NOTICES = new RealtimeKey("H0STCNI0", Fixtures.HTS_ID);

    private final InstantSource clock = InstantSource.system();
    private final Recorder recorder = new Recorder();

    @TempDir
    private Path folder;

    private KisSimulator simulator;
    private KisClient client;

    @BeforeEach
    void start() {
        simulator = KisSimulator.start(
                SimulatorConfig.defaults(folder.resolve("sim.db")).withTicksPerSecond(20));
        client = open();
    }

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @Test
    @Requirement("G-11")
    @Requirement(value = "I-01", clause = "rest")
    void prices_orders_and_executions_arrive_and_every_step_publishes_its_event() {
        client.start();
        client.realtime().register(TRADES);
        client.realtime().register(new RealtimeKey("H0STASP0", "005930"));
        recorder.await("acks", () -> recorder.acked.size() == 3);
        assertThat(recorder.acked.getFirst()).isEqualTo(NOTICES);
        recorder.await("a trade and a book", () -> !recorder.trades.isEmpty() && !recorder.books.isEmpty());

        PriceAnswer price = value(client.inquirePrice(SAMSUNG, soon()));
        assertThat(price.price()).isPositive();
        Placement buy = client.place(
                permit(Lane.MARKET_ORDER), new PlaceOrder(SAMSUNG, Side.BUY, OrderType.MARKET, 1, 0, Venue.KRX));
        assertThat(buy).isInstanceOf(Placement.Accepted.class);
        long odno = ((Placement.Accepted) buy).odno();
        recorder.await(
                "the fill's notice",
                () -> recorder.notices.stream()
                        .anyMatch(notice -> notice.odno() == odno && notice.kind() == ExecutionNotice.Kind.FILL));

        BalanceAnswer balance = value(client.inquireBalance(Lane.ACCOUNT, soon()));
        assertThat(balance.holdings()).extracting(BalanceAnswer.Holding::symbol).containsExactly(SAMSUNG);
        LocalDate today = LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        List<DailyOrderRow> rows = value(client.inquireDailyOrders(today, Lane.ACCOUNT, soon()));
        assertThat(rows).anyMatch(row -> row.odno() == odno && row.totCcldQty() == 1);

        assertThat(recorder.names())
                .contains(
                        "ws_runtime_started",
                        "token_issued",
                        "approval_key_issued",
                        "ws_connected",
                        "subscribed",
                        "ws_first_message");
        client.close();
        recorder.awaitEvent("ws_closed");
        assertThat(recorder.names()).contains("unsubscribed");
        assertThat(client.realtime().status().state()).isEqualTo(RealtimeStatus.State.CLOSED);
    }

    @Test
    void a_resting_order_is_cancelled_in_full() {
        client.start();
        recorder.await("acks", () -> recorder.acked.contains(NOTICES));
        PriceAnswer price = value(client.inquirePrice(SAMSUNG, soon()));
        Placement placed = client.place(
                permit(Lane.LIMIT_ORDER),
                new PlaceOrder(SAMSUNG, Side.BUY, OrderType.LIMIT, 3, price.lowerLimit(), Venue.KRX));
        var resting = (Placement.Accepted) placed;
        Placement cancelled = client.cancel(
                permit(Lane.CANCEL),
                new CancelOrder(resting.orgNo(), resting.odno(), SAMSUNG, Venue.KRX, "00", 3, true));
        assertThat(cancelled).isInstanceOf(Placement.Accepted.class);
        recorder.await(
                "the cancel's confirmation",
                () -> recorder.notices.stream()
                        .anyMatch(notice -> notice.originalOdno() == resting.odno()
                                && notice.kind() == ExecutionNotice.Kind.CONFIRMED));
    }

    @Test
    @Requirement(value = "G-09", clause = "automatic")
    void a_dropped_socket_is_reopened_and_all_keys_are_registered_again() throws Exception {
        client.start();
        client.realtime().register(TRADES);
        recorder.await("acks", () -> recorder.acked.size() == 2);
        fault("{\"drop_sockets\":true}");
        recorder.await("acks again", () -> recorder.acked.size() == 4);
        recorder.await(
                "gaps of both",
                () -> recorder.gaps.stream().mapToInt(keys -> keys.size()).sum() == 2);
        RealtimeStatus status = client.realtime().status();
        assertThat(status.connected()).isTrue();
        assertThat(status.reconnectCount()).isEqualTo(1);
        assertThat(status.registrations()).isEqualTo(2);
        assertThat(recorder.names()).contains("ws_closed", "ws_reconnect");
    }

    @Test
    void two_users_share_a_registration_and_the_forty_second_is_refused_with_a_remedy() throws Exception {
        client.start();
        recorder.await("notices", () -> recorder.acked.contains(NOTICES));
        Registration first = registrationOf(client.realtime().acquireRegistration(TRADES));
        Registration second = registrationOf(client.realtime().acquireRegistration(TRADES));
        recorder.await("its ack", () -> recorder.acked.contains(TRADES));
        first.close();
        first.close();
        assertThat(client.realtime().status().registrations()).isEqualTo(2);
        List<Symbol> stocks = IntStream.range(0, 40)
                .mapToObj(i -> new Symbol("9%05d".formatted(i)))
                .toList();
        KisReply<Registration> tooMany = client.realtime()
                .acquireRegistration(stocks.stream()
                        .map(stock -> new RealtimeKey("H0STCNT0", stock.code()))
                        .collect(Collectors.toSet()));
        assertThat(tooMany).isInstanceOfSatisfying(KisReply.Failed.class, it -> {
            assertThat(it.failure().code()).isEqualTo("REGISTRATIONS_FULL");
            assertThat(it.failure().msg1()).contains("2 of the session's 41");
            assertThat(it.failure().remedy()).isNotEmpty();
        });
        assertThat(client.realtime().acquireRegistration(new RealtimeKey("H0STCNT0", "59-30")))
                .isInstanceOfSatisfying(
                        KisReply.Failed.class,
                        it -> assertThat(it.failure().code()).isEqualTo("INVALID_REQUEST"));
        assertThat(registrationOf(client.realtime().acquireRegistration(Set.of()))
                        .keys())
                .isEmpty();
        assertThat(client.realtime().status().registrations()).isEqualTo(2);
        second.close();
        recorder.awaitEvent("unsubscribed");
        assertThat(client.realtime().status().registrations()).isEqualTo(1);
    }

    private static Registration registrationOf(KisReply<Registration> reply) {
        assertThat(reply).isInstanceOf(KisReply.Ok.class);
        return ((KisReply.Ok<Registration>) reply).value();
    }

    @Test
    void a_lost_answer_is_unknown_and_the_order_exists_once() throws Exception {
        client.start();
        recorder.awaitEvent("token_issued");
        fault("{\"lose_answers\":1}");
        Placement placement = client.place(
                permit(Lane.MARKET_ORDER), new PlaceOrder(SAMSUNG, Side.BUY, OrderType.MARKET, 1, 0, Venue.KRX));
        assertThat(placement).isInstanceOf(Placement.Unknown.class);
        LocalDate today = LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        assertThat(value(client.inquireDailyOrders(today, Lane.RESOLVE, soon())))
                .hasSize(1);
    }

    @Test
    void a_burst_of_queries_is_answered_completely_without_a_rate_refusal() throws Exception {
        client.start();
        recorder.awaitEvent("token_issued");
        List<Thread> callers = new ArrayList<>();
        List<KisReply<?>> replies = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 50; i++) {
            callers.add(Thread.ofVirtual()
                    .start(() -> replies.add(
                            client.inquirePrice(SAMSUNG, clock.instant().plusSeconds(20)))));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(replies).hasSize(50).allMatch(reply -> reply instanceof KisReply.Ok<?>);
        assertThat(client.budget().state().refusedByKis()).isZero();
    }

    @Test
    @Requirement(value = "I-07", clause = "file")
    void a_second_client_uses_the_stored_token_and_requests_none() {
        client.start();
        recorder.awaitEvent("token_issued");
        Instant expires = client.tokenExpiresAt().orElseThrow();
        client.close();
        var second = new Recorder();
        try (KisClient reopened = KisClient.open(config(), clock, clock, second)) {
            reopened.start();
            second.awaitEvent("token_issued");
            second.await("the stored token", () -> second.events.contains(new KisEvent.TokenIssued(expires, true)));
            assertThat(reopened.inquirePrice(SAMSUNG, soon())).isInstanceOf(KisReply.Ok.class);
        }
    }

    @Test
    @Requirement(value = "G-12", clause = "sdk")
    void no_secret_header_or_body_reaches_any_log_even_when_everything_is_logged() throws Exception {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        var captured = new ListAppender<ILoggingEvent>();
        captured.start();
        var simulators = List.of("kr.kisgateway.simulator", "org.eclipse.jetty"); // in this process, too
        var printed = root.getAppender("OUT");
        root.detachAppender(printed);
        root.addAppender(captured);
        root.setLevel(Level.TRACE);
        try {
            client.start();
            client.realtime().register(TRADES);
            recorder.await("acks", () -> recorder.acked.size() == 2);
            value(client.inquireBalance(Lane.ACCOUNT, soon()));
            client.place(
                    permit(Lane.MARKET_ORDER), new PlaceOrder(SAMSUNG, Side.BUY, OrderType.MARKET, 1, 0, Venue.KRX));
            recorder.await("a notice", () -> !recorder.notices.isEmpty());
            fault("{\"lose_answers\":1}");
            client.place(
                    permit(Lane.MARKET_ORDER), new PlaceOrder(SAMSUNG, Side.BUY, OrderType.MARKET, 1, 0, Venue.KRX));
            assertThat(config().toString()
                            + Fixtures.ACCOUNT
                            + config().credentials().appKey())
                    .doesNotContain("PLANTED", Fixtures.ACCOUNT.cano());
            client.close();
            simulator.close();
            client.inquirePrice(SAMSUNG, soon());
        } finally {
            root.setLevel(before);
            root.detachAppender(captured);
            root.addAppender(printed);
        }
        List<String> lines = captured.list.stream()
                .filter(event -> simulators.stream().noneMatch(event.getLoggerName()::startsWith))
                .map(event -> event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                .toList();
        assertThat(lines).as("it logged").hasSizeGreaterThan(10);
        assertThat(lines)
                .noneMatch(line -> line.contains("PLANTED")
                        || line.contains(Fixtures.ACCOUNT.cano())
                        || line.contains("Bearer")
                        || line.contains("approval_key\"")
                        || line.contains("ORD_QTY"));
    }

    private KisClient open() {
        return KisClient.open(config(), clock, clock, recorder);
    }

    private KisConfig config() {
        return Fixtures.config(simulator.restBase(), simulator.wsBase(), folder);
    }

    private Permit permit(Lane lane) {
        return ((Grant.Granted) Fixtures.budget(client).acquire(lane, "t", true, soon())).permit();
    }

    private Instant soon() {
        return clock.instant().plusSeconds(10);
    }

    private void fault(String json) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(simulator.restBase() + "/simulator/faults"))
                            .timeout(Duration.ofSeconds(5))
                            .POST(HttpRequest.BodyPublishers.ofString(json))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    private static <T> T value(KisReply<T> reply) {
        assertThat(reply).isInstanceOf(KisReply.Ok.class);
        return ((KisReply.Ok<T>) reply).value();
    }
}
