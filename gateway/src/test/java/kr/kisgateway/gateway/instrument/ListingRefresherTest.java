package kr.kisgateway.gateway.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.instrument.Origin.Source;
import kr.kisgateway.gateway.kis.rest.KisMasters;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listing over files in the broker's real form, from a server on this machine. */
@Requirement("P-04")
@Requirement("P-06")
class ListingRefresherTest {
    private static final LocalTime RENEWED_AT = LocalTime.of(7, 30);
    private static final NxtListing NXT = NxtListing.load();
    private static final Listing SHIPPED = ShippedListing.of(Instruments.load(), NXT, Markets.standard());

    private final MasterFileServer server =
            new MasterFileServer().serving("kospi_code.mst", "kosdaq_code.mst", "nasmst.cod");
    /** Friday, 10:00 in Seoul. */
    private final ManualClock clock = new ManualClock("2026-11-20T01:00:00Z");

    private final AlertLog alerts = new AlertLog();
    private final AlertSource alertSource = new AlertSource(alerts, AlertEvent.LISTING_REFUSED, clock);
    private final List<ListingChange> changes = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    @Requirement(value = "A-07", clause = "master")
    void todays_files_replace_the_shipped_list_in_one_step() {
        server.serve(
                "kospi_code.mst",
                lines -> lines.stream()
                        .map(line ->
                                line.startsWith("0001A0") ? MasterFileServer.renamed(line, "YNY02", "YNN02") : line)
                        .toList());
        var live = live();
        var keeper = keeper(live);

        keeper.refreshIfDue();

        assertThat(changes).hasSize(1);
        var samsung = korean(live, "005930");
        assertThat(samsung.name()).isEqualTo("가나다전자");
        assertThat(samsung.origin()).isEqualTo(new Origin(Source.MASTER, LocalDate.of(2026, 11, 20)));
        assertThat(samsung.basePrice()).hasValue(71_500);
        assertThat(samsung.instrument().listedShares()).isEqualTo(5_969_782_000L);
        assertThat(samsung.flags()).hasValue(new ListingFlags(false, false, false, ListingFlags.Warning.NONE));
        assertThat(korean(live, "0001A0").flags())
                .hasValue(new ListingFlags(true, false, false, ListingFlags.Warning.WARNING));
        assertThat(korean(live, "900999").flags())
                .hasValue(new ListingFlags(false, true, false, ListingFlags.Warning.UNKNOWN));
        assertThat(korean(live, "069500").product()).isEqualTo(Product.ETF);
        assertThat(korean(live, "Q500099").product()).isEqualTo(Product.ETN);
        assertThat(live.current().find("QQQ.NASD").orElseThrow().product()).isEqualTo(Product.ETF);
        assertThat(live.current().find("COMP.NASD")).as("an index").isEmpty();
        assertThat(live.find(new Symbol("000660"))).as("not in today's file").isEmpty();
        assertThat(changes.getFirst().removed()).contains(symbol("000660")).doesNotContain(Symbol.of("005930"));
        assertThat(changes.getFirst().changed()).contains(symbol("005930"), symbol("QQQ.NASD"));
        assertThat(changes.getFirst().added()).contains(symbol("Q500099"));
    }

    @Test
    void a_market_without_its_file_retains_its_list_reports_why_and_retries_after_ten_minutes() {
        var live = live();
        var keeper = keeper(live);

        keeper.refreshIfDue();

        var nyse = live.current().market(ListingMarket.NYSE);
        assertThat(nyse.origin().source()).isEqualTo(Source.SHIPPED);
        assertThat(nyse.lines()).hasSize(205);
        assertThat(nyse.staleReason().orElseThrow()).contains("HTTP_STATUS", "404", "nysmst.cod");
        int requestsBefore = server.requests.get();
        clock.advance(Duration.ofMinutes(9));
        keeper.refreshIfDue();
        assertThat(server.requests).hasValue(requestsBefore);

        server.serve("nasmst.cod", lines -> lines);
        clock.advance(Duration.ofMinutes(1));
        keeper.refreshIfDue();
        assertThat(server.requests).hasValueGreaterThan(requestsBefore);
        assertThat(server.requests.get() - requestsBefore)
                .as("a file that is there is not requested again")
                .isEqualTo(3);
    }

    @Test
    void delisted_symbols_disappear_new_ones_appear_and_listeners_are_notified() {
        server.serving("konex_code.mst");
        for (var us : List.of("nysmst.cod", "amsmst.cod")) {
            server.serveLines(us, List.of(nasdaqLineOf(us)));
        }
        var live = live();
        var keeper = keeper(live);
        keeper.refreshIfDue();
        changes.clear();

        server.serve(
                "kospi_code.mst",
                lines -> lines.stream()
                        .filter(line -> !line.startsWith("900999"))
                        .map(line -> line.startsWith("005935")
                                ? MasterFileServer.renamed(line, "005935 ", "111111 ")
                                : line.startsWith("069500") ? MasterFileServer.renamed(line, "견본 200", "견본 300") : line)
                        .toList());
        clock.advance(Duration.ofDays(1)); // Saturday: no refresh
        int requestsBefore = server.requests.get();
        keeper.refreshIfDue();
        assertThat(server.requests).hasValue(requestsBefore);
        clock.advance(Duration.ofDays(2));
        keeper.refreshIfDue();

        assertThat(changes).hasSize(1);
        assertThat(changes.getFirst().added()).containsExactly(symbol("111111"));
        assertThat(changes.getFirst().removed()).containsExactlyInAnyOrder(symbol("005935"), symbol("900999"));
        assertThat(changes.getFirst().changed()).containsExactly(symbol("069500"));
        assertThat(live.current()
                        .index()
                        .search("견본300", java.util.Set.of(ListingMarket.KOSPI), _ -> true, 5)
                        .lines())
                .extracting(Listed::code)
                .containsExactly("069500");
        assertThat(korean(live, "111111").origin().date()).isEqualTo(LocalDate.of(2026, 11, 23));
    }

    @Test
    @Requirement(value = "A-07", clause = "master")
    void a_restart_without_a_network_uses_the_stored_list_and_reports_it() {
        keeper(live()).refreshIfDue();
        server.remove("kospi_code.mst");
        clock.advance(Duration.ofDays(3));

        var live = live();
        var keeper = keeper(live);
        keeper.loadCached();
        assertThat(korean(live, "0001A0").origin()).isEqualTo(new Origin(Source.CACHED, LocalDate.of(2026, 11, 20)));
        keeper.refreshIfDue();

        assertThat(korean(live, "0001A0").origin()).isEqualTo(new Origin(Source.CACHED, LocalDate.of(2026, 11, 20)));
        assertThat(live.current().market(ListingMarket.KOSPI).staleReason().orElseThrow())
                .contains("404");
        assertThat(live.current().market(ListingMarket.KOSDAQ).origin())
                .isEqualTo(new Origin(Source.MASTER, LocalDate.of(2026, 11, 23)));
    }

    @Test
    void an_implausibly_long_list_is_rejected_and_the_next_one_is_accepted() {
        var live = live();
        var requestsBefore = new AtomicInteger();
        var line = SHIPPED.find("005930").orElseThrow();
        var endless = new MasterFileSource() {
            @Override
            public List<ListingMarket> markets() {
                return List.of(ListingMarket.NASD);
            }

            @Override
            public Optional<MarketListing> cached(ListingMarket market) {
                return Optional.empty();
            }

            @Override
            public Newest newest(ListingMarket market) {
                requestsBefore.incrementAndGet();
                return new Newest.Available(new MarketListing(
                        market,
                        line.origin(),
                        Stream.concat(
                                        SHIPPED.market(market).lines().stream(),
                                        IntStream.rangeClosed(0, Listing.INSTRUMENTS_MAX)
                                                .mapToObj(ListingRefresherTest::unknown))
                                .toList(),
                        Optional.empty()));
            }

            @Override
            public void close() {}
        };
        var keeper = new ListingRefresher(
                live,
                endless,
                new RefreshPlan(RENEWED_AT, new KrxCalendar(), new SplittableRandom(1)),
                clock,
                alertSource);

        keeper.refreshIfDue();

        assertThat(live.current()).isSameAs(SHIPPED);
        assertThat(requestsBefore).hasValue(1);
        clock.advance(Duration.ofMinutes(10));
        keeper.refreshIfDue();
        assertThat(requestsBefore).hasValue(2);
    }

    /** A source of one list, of KOSPI. */
    private static MasterFileSource kospi(Supplier<MarketListing> list) {
        return new MasterFileSource() {
            @Override
            public Optional<MarketListing> cached(ListingMarket market) {
                return Optional.of(list.get());
            }

            @Override
            public Newest newest(ListingMarket market) {
                return new Newest.Available(list.get());
            }

            @Override
            public List<ListingMarket> markets() {
                return List.of(ListingMarket.KOSPI);
            }

            @Override
            public void close() {}
        };
    }

    /** {@code shared} instruments of the shipped list and {@code other} ones that it does not have. */
    private static MarketListing kospiList(int shared, int other) {
        var lines = new ArrayList<Listed>(
                SHIPPED.market(ListingMarket.KOSPI).lines().subList(0, shared));
        IntStream.range(0, other).mapToObj(ListingRefresherTest::unknown).forEach(lines::add);
        return new MarketListing(
                ListingMarket.KOSPI, new Origin(Source.MASTER, LocalDate.of(2026, 11, 20)), lines, Optional.empty());
    }

    private static Listed unknown(int number) {
        return new Listed.Overseas(
                new UsSymbol(UsExchange.NASD, "T" + number),
                ListingMarket.NASD,
                Product.STOCK,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                0,
                OptionalLong.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                new Origin(Source.MASTER, LocalDate.of(2026, 11, 20)));
    }

    @Test
    void a_list_that_hardly_names_a_present_instrument_is_refused_with_one_alert_until_a_plausible_one_arrives() {
        var list = new AtomicReference<>(kospiList(0, 3_000));
        var live = live();
        var keeper = new ListingRefresher(
                live,
                kospi(list::get),
                new RefreshPlan(RENEWED_AT, new KrxCalendar(), new SplittableRandom(1)),
                clock,
                alertSource);
        keeper.loadCached();
        for (int i = 0; i < 2; i++) {
            keeper.refreshIfDue();
            clock.advance(Duration.ofMinutes(10));
        }

        assertThat(live.find(new Symbol("005930"))).isPresent();
        assertThat(changes).isEmpty();
        assertThat(live.current().market(ListingMarket.KOSPI).staleReason().orElseThrow())
                .contains("3000 instruments, hardly one");
        assertThat(alerts.newest(10)).singleElement().satisfies(alert -> {
            assertThat(alert.event()).isEqualTo("listing_refused");
            assertThat(alert.settledAt()).isEmpty();
        });

        list.set(kospiList(400, 300));
        keeper.refreshIfDue();
        assertThat(live.current().market(ListingMarket.KOSPI).lines()).hasSize(700);
        assertThat(alerts.newest(10))
                .singleElement()
                .satisfies(alert -> assertThat(alert.settledAt()).isPresent());
    }

    @Test
    void a_failing_listener_does_not_stop_the_notification_of_others() {
        var live = new CurrentListing(SHIPPED, Markets.standard());
        live.onChange(_ -> {
            throw new IllegalStateException("broken");
        });
        live.onChange(changes::add);

        keeper(live).refreshIfDue();

        assertThat(changes).hasSize(1);
    }

    @Test
    void the_schedule_renews_on_trading_days_and_up_to_ten_minutes_late() {
        var plan = new RefreshPlan(RENEWED_AT, new KrxCalendar(), new SplittableRandom(1));
        // Friday 10:00; the next trading day is Monday. Christmas is a Friday, so then it is Monday again.
        assertThat(plan.after(clock.instant()))
                .isBetween(Instant.parse("2026-11-22T22:30:00Z"), Instant.parse("2026-11-22T22:40:00Z"));
        assertThat(plan.after(Instant.parse("2026-12-24T01:00:00Z")))
                .isBetween(Instant.parse("2026-12-27T22:30:00Z"), Instant.parse("2026-12-27T22:40:00Z"));
        assertThat(plan.after(Instant.parse("2026-11-19T22:29:59Z")))
                .isBetween(Instant.parse("2026-11-19T22:30:00Z"), Instant.parse("2026-11-19T22:40:00Z"));
    }

    private String nasdaqLineOf(String file) {
        return "US\t02\t" + (file.startsWith("nys") ? "NYS" : "AMS")
                + "\t-\tTEST\tDNYSTEST\t\tTEST INC\t2\tUSD\t4\t1\t10.5\t1\t1\t0930" + "\t1600\tN\t\t310\t1\t1\t\t";
    }

    private static MarketSymbol symbol(String code) {
        return Markets.standard().parse(code).orElseThrow();
    }

    private CurrentListing live() {
        var live = new CurrentListing(SHIPPED, Markets.standard());
        live.onChange(changes::add);
        return live;
    }

    private ListingRefresher keeper(CurrentListing live) {
        return new ListingRefresher(
                live,
                KisMasters.open(Optional.of(server.base()), folder, RENEWED_AT, SHIPPED, NXT, clock),
                new RefreshPlan(RENEWED_AT, new KrxCalendar(), new SplittableRandom(1)),
                clock,
                alertSource);
    }

    private static Listed.Korean korean(CurrentListing live, String code) {
        return (Listed.Korean) live.current().find(code).orElseThrow();
    }
}
