package kr.kisgateway.gateway.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.kis.rest.KisMasters;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Requirement("P-04")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstrumentRoutesTest {
    private static final NxtListing NXT = NxtListing.load();
    private static final Listing SHIPPED = ShippedListing.of(Instruments.load(), NXT, Markets.standard());

    private final MasterFileServer server =
            new MasterFileServer().serving("kospi_code.mst", "kosdaq_code.mst", "nasmst.cod");
    private ManualClock clock = new ManualClock("2026-11-20T01:00:00Z");
    private CurrentListing live = new CurrentListing(SHIPPED, Markets.standard());
    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper mapper = new JsonMapper();
    private volatile MarketFacts facts = MarketFacts.none();
    private volatile Optional<Set<String>> symbols = Optional.empty();
    private volatile RouteTable routes = new RouteTable();
    private HttpEdge edge;

    @BeforeEach
    void begin() {
        clock = new ManualClock("2026-11-20T01:00:00Z");
        live = new CurrentListing(SHIPPED, Markets.standard());
        facts = MarketFacts.none();
        symbols = Optional.empty();
        var table = new RouteTable();
        new InstrumentRoutes(
                        live,
                        _ -> facts,
                        _ -> facts,
                        _ -> Optional.of(true),
                        Markets.standard(),
                        new KrxCalendar(),
                        clock)
                .register(table);
        routes = table;
    }

    @BeforeAll
    void start() {
        var table = new RouteTable();
        for (var route : List.of("/v1/instruments/{symbol}", "/v1/instruments")) {
            table.get(
                    Role.QUOTE,
                    route,
                    List.of("q", "market", "limit", "cursor"),
                    call -> routes.routes().stream()
                            .filter(it -> it.path().equals(route))
                            .findFirst()
                            .orElseThrow()
                            .handler()
                            .handle(call));
        }
        edge = HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0),
                table,
                (knock, needed) -> new Caller("test", Role.QUOTE, Optional.empty(), symbols),
                new TraceIds(1),
                new ThreadTaskRunner());
    }

    @AfterAll
    void stop() {
        edge.close();
        client.close();
        server.close();
    }

    @Test
    void the_shipped_list_returns_its_fields_and_null_for_the_rest() throws Exception {
        var samsung = json(200, "/v1/instruments/005930");
        assertThat(samsung.get("name").stringValue()).isEqualTo("삼성전자");
        assertThat(samsung.get("market").stringValue()).isEqualTo("KOSPI");
        assertThat(samsung.get("face_value").longValue()).isEqualTo(100);
        assertThat(samsung.get("listing_source").stringValue()).isEqualTo("shipped");
        assertThat(samsung.get("listing_date").stringValue()).isEqualTo("2026-03-20");
        assertThat(samsung.get("tick_price").stringValue()).isEqualTo("CLOSE");
        assertThat(samsung.get("nxt").booleanValue()).isTrue();
        for (var unknown : new String[] {"lower_limit", "upper_limit", "halted", "managed", "warning", "base_price"}) {
            assertThat(samsung.get(unknown).isNull()).as(unknown).isTrue();
        }

        var apple = json(200, "/v1/instruments/AAPL.NASD");
        assertThat(apple.get("us").booleanValue()).isTrue();
        assertThat(apple.get("krx").booleanValue()).isFalse();
        assertThat(apple.get("currency").stringValue()).isEqualTo("USD");
        assertThat(apple.get("tick_size").decimalValue()).isEqualByComparingTo("0.01");
    }

    @Test
    void todays_master_file_supplies_base_price_limits_tick_and_listing_flags(@TempDir Path folder) throws Exception {
        renew(folder);
        var samsung = json(200, "/v1/instruments/005930");
        assertThat(samsung.get("listing_source").stringValue()).isEqualTo("master");
        assertThat(samsung.get("base_price").longValue()).isEqualTo(71_500);
        assertThat(samsung.get("upper_limit").longValue()).isEqualTo(92_900);
        assertThat(samsung.get("lower_limit").longValue()).isEqualTo(50_100);
        assertThat(samsung.get("tick_size").longValue()).isEqualTo(100);
        assertThat(samsung.get("tick_price").stringValue()).isEqualTo("BASE");
        assertThat(samsung.get("halted").booleanValue()).isFalse();

        var warned = json(200, "/v1/instruments/0001A0");
        assertThat(warned.get("halted").booleanValue()).isTrue();
        assertThat(warned.get("managed").booleanValue()).isTrue();
        assertThat(warned.get("warning").stringValue()).isEqualTo("WARNING");
    }

    @Test
    void facts_from_kis_or_a_trade_today_take_precedence_over_the_list(@TempDir Path folder) throws Exception {
        renew(folder);
        facts = new MarketFacts(
                OptionalLong.of(4_995), OptionalLong.of(4_000), OptionalLong.of(6_000), Designation.HALTED);
        var samsung = json(200, "/v1/instruments/005930");
        assertThat(samsung.get("tick_at").longValue()).isEqualTo(4_995);
        assertThat(samsung.get("tick_size").longValue()).isEqualTo(5);
        assertThat(samsung.get("tick_price").stringValue()).isEqualTo("LAST");
        assertThat(samsung.get("upper_limit").longValue()).isEqualTo(6_000);
        assertThat(samsung.get("lower_limit").longValue()).isEqualTo(4_000);
        assertThat(samsung.get("halted").booleanValue()).isTrue();
    }

    @Test
    void the_base_price_of_an_older_file_is_not_used_today(@TempDir Path folder) throws Exception {
        renew(folder);
        clock.advance(java.time.Duration.ofDays(3));
        var samsung = json(200, "/v1/instruments/005930");
        assertThat(samsung.get("base_price").isNull()).isTrue();
        assertThat(samsung.get("upper_limit").isNull()).isTrue();
        assertThat(samsung.get("tick_price").stringValue()).isEqualTo("CLOSE");
    }

    @Test
    void a_search_returns_its_hits_their_total_and_the_listing_sources() throws Exception {
        var found = json(200, "/v1/instruments?q=" + encoded("ㅅㅅㅈㅈ") + "&limit=1");
        assertThat(found.at("/instruments/0/symbol").stringValue()).isEqualTo("005930");
        assertThat(found.get("instruments")).hasSize(1);
        assertThat(found.get("total").intValue()).isGreaterThan(1);
        assertThat(found.get("listings")).hasSize(6);
        assertThat(found.at("/listings/0/listing_source").stringValue()).isEqualTo("shipped");
        assertThat(json(200, "/v1/instruments?q=AAPL&market=KR").get("total").intValue())
                .isZero();
    }

    @Test
    void pages_by_code_cover_the_complete_list() throws Exception {
        var codes = new java.util.ArrayList<String>();
        var path = "/v1/instruments?market=NASD&limit=90";
        for (var next = path; !next.isEmpty(); ) {
            var page = json(200, next);
            page.get("instruments").forEach(one -> codes.add(one.get("symbol").stringValue()));
            next = page.get("next_cursor").isNull()
                    ? ""
                    : path + "&cursor=" + encoded(page.get("next_cursor").stringValue());
        }
        assertThat(codes).hasSize(211).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void a_key_reads_only_its_symbols() throws Exception {
        symbols = Optional.of(Set.of("005935"));
        assertThat(json(403, "/v1/instruments/005930").get("code").stringValue())
                .isEqualTo("FORBIDDEN");
        var found = json(200, "/v1/instruments?q=" + encoded("삼성"));
        assertThat(found.get("total").intValue()).isEqualTo(1);
        assertThat(found.at("/instruments/0/symbol").stringValue()).isEqualTo("005935");
        assertThat(json(200, "/v1/instruments").get("total").intValue()).isEqualTo(1);
    }

    @Test
    void invalid_requests_are_refused_by_name() throws Exception {
        assertThat(json(400, "/v1/instruments/5930").get("code").stringValue()).isEqualTo("INVALID_SYMBOL");
        assertThat(json(400, "/v1/instruments/AAPL.XXXX").get("code").stringValue())
                .isEqualTo("INVALID_SYMBOL");
        assertThat(json(404, "/v1/instruments/ZZZZZZ").get("code").stringValue())
                .isEqualTo("SYMBOL_NOT_FOUND");
        assertThat(json(404, "/v1/instruments/ZZZZ.NYSE").get("code").stringValue())
                .isEqualTo("SYMBOL_NOT_FOUND");
        for (var bad :
                new String[] {"q=---", "q=" + "a".repeat(65), "market=LSE", "limit=1001", "limit=0", "q=a&cursor=b"}) {
            assertThat(json(400, "/v1/instruments?" + bad).get("code").stringValue())
                    .as(bad)
                    .isEqualTo("INVALID_FIELD");
        }
    }

    private void renew(Path folder) {
        new ListingRefresher(
                        live,
                        KisMasters.open(Optional.of(server.base()), folder, LocalTime.of(7, 30), SHIPPED, NXT, clock),
                        new RefreshPlan(LocalTime.of(7, 30), new KrxCalendar(), new SplittableRandom(1)),
                        clock,
                        new AlertSource(new AlertLog(), AlertEvent.LISTING_REFUSED, clock))
                .refreshIfDue();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode json(int status, String path) throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return mapper.readTree(answer.body());
    }
}
