package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.journal.SqliteJournal;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLimits;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.market.OpenFixedCalendar;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The operators' calls over a socket, with a real desk and a scripted broker behind them. */
class OperatorRoutesTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final long EXTERNAL_NUMBER = 900;

    private final FakeBroker broker = new FakeBroker(CLOCK);
    /** How far the desk's clock is ahead of the machine's. */
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private final HttpClient client = HttpClient.newHttpClient();
    private OrderDesk desk;
    private HttpEdge edge;

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        desk = new OrderDesk(
                TradingDayFixture.settings(1_000, true),
                new RiskRules((_, _) -> Optional.empty()),
                RiskPolicy.of(RiskLimits.none()),
                TradingDayFixture.hours(new OpenFixedCalendar(LocalDate.of(2026, 11, 20))),
                () -> CLOCK.instant().plus(ahead.get()),
                broker,
                new OrderListener() {
                    @Override
                    public void orderChanged(Order order) {
                        // ignored
                    }

                    @Override
                    public void fillExecuted(Order order, Fill fill) {
                        // ignored
                    }

                    @Override
                    public void alertRaised(Instant at, OrderEffect.Alert alert) {
                        // ignored
                    }

                    @Override
                    public void alertSettled(Instant at, OrderEffect.AlertSettled settled) {
                        // no listener
                    }
                },
                () -> SqliteJournal.open(folder.resolve("journal.db"), "sim", new OrderStore(), CLOCK),
                _ -> RiskLayers.of(RiskLimits.none()));
        desk.start();
        var table = new RouteTable();
        new OperatorRoutes(desk, Set.of("A1")).addTo(table);
        edge = HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0),
                table,
                (knock, needed) -> Caller.local(Role.ADMIN),
                new TraceIds(1),
                new ThreadTaskRunner());
        until("ready", () -> desk.state() == OrderDesk.State.READY);
    }

    @AfterEach
    void stop() {
        edge.close();
        desk.close();
    }

    /** Places an external order without a notice. */
    private void placeElsewhere() {
        broker.book.add(FakeBroker.resting(
                EXTERNAL_NUMBER,
                new Terms(
                        "A1",
                        SAMSUNG,
                        Side.BUY,
                        10,
                        OrderKind.LIMIT,
                        OptionalLong.of(70_000),
                        Venue.KRX,
                        Optional.empty(),
                        CLOCK.instant())));
    }

    private JsonNode engageKillSwitch() throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + "/v1/risk/kill-switch"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"on\":true,\"reason\":\"enough\",\"cancel_open\":true}"))
                .build();
        var response = client.send(request, BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        return new JsonMapper().readTree(response.body());
    }

    @Test
    @Requirement("G-18")
    void the_kill_switch_cancels_orders_found_only_by_its_last_list_request() throws Exception {
        placeElsewhere();
        broker.onCancel = odno -> desk.receiveNotice(new Broker.Notice(
                "A1",
                Broker.Notice.Kind.CANCEL_CONFIRMED,
                broker.number.get() + 1,
                odno,
                SAMSUNG,
                Side.BUY,
                10,
                0,
                100_001,
                "06010",
                Optional.empty(),
                Optional.empty()));
        var answer = engageKillSwitch();
        assertThat(broker.cancels).hasValue(1);
        assertThat(answer.at("/on").booleanValue()).isTrue();
        assertThat(answer.at("/open").intValue()).isZero();
        assertThat(desk.open()).isEmpty();
    }

    @Test
    @Requirement("G-18")
    void the_kill_switch_reports_what_is_still_open_when_it_cannot_be_cancelled() throws Exception {
        placeElsewhere();
        broker.rejectCancels = true;
        broker.onCancel = _ -> ahead.set(Duration.ofMinutes(1)); // the caller's wait times out
        var answer = engageKillSwitch();
        assertThat(broker.cancels).hasValue(1);
        assertThat(answer.at("/on").booleanValue()).isTrue();
        assertThat(answer.at("/open").intValue()).isEqualTo(1);
        assertThat(answer.at("/open_orders/0/order_id").stringValue())
                .isEqualTo(desk.open().getFirst().id().text());
    }
}
