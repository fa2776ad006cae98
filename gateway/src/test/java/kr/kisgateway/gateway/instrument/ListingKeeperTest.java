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
import java.util.stream.IntStream;
import kr.kisgateway.gateway.instrument.Origin.Source;
import kr.kisgateway.gateway.kis.KisMasters;
import kr.kisgateway.gateway.quote.Clock;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsListing;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listing over the broker's real-shaped files, from a server on this machine. */
@Requirement("P-04")
@Requirement("P-06")
class ListingKeeperTest {
    private static final LocalTime RENEWED_AT = LocalTime.of(7, 30);
    private static final NxtListing NXT = NxtListing.load();
    private static final Listing SHIPPED = ShippedListing.of(Instruments.load(), NXT, UsListing.load());

    private final MasterServer server = new MasterServer().serving("kospi_code.mst", "kosdaq_code.mst", "nasmst.cod");
    /** Friday, 10:00 in Seoul. */
    private final Clock clock = new Clock("2026-11-20T01:00:00Z");

    private final List<ListingChange> changes = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    @Requirement(value = "A-07", clause = "master")
    void todays_files_take_the_place_of_the_shipped_list_in_one_step() {
        server.serve(
                "kospi_code.mst",
                lines -> lines.stream()
                        .map(line -> line.startsWith("0001A0") ? MasterServer.renamed(line, "YNY02", "YNN02") : line)
                        .toList());
        var live = live();
        var keeper = keeper(live);

        keeper.look();

        assertThat(changes).hasSize(1);
        var samsung = korean(live, "005930");
        assertThat(samsung.name()).isEqualTo("가나다전자");
        assertThat(samsung.origin()).isEqualTo(new Origin(Source.MASTER, LocalDate.of(2026, 11, 20)));
        assertThat(samsung.basePrice()).hasValue(71_500);
        assertThat(samsung.instrument().listedShares()).isEqualTo(5_969_782_000L);
        assertThat(samsung.marks()).hasValue(new Marks(false, false, false, Marks.Warning.NONE));
        assertThat(korean(live, "0001A0").marks()).hasValue(new Marks(true, false, false, Marks.Warning.WARNING));
        assertThat(korean(live, "900999").marks()).hasValue(new Marks(false, true, false, Marks.Warning.UNKNOWN));
        assertThat(korean(live, "069500").product()).isEqualTo(Product.ETF);
        assertThat(korean(live, "Q500099").product()).isEqualTo(Product.ETN);
        assertThat(live.now().find("QQQ.NASD").orElseThrow().product()).isEqualTo(Product.ETF);
        assertThat(live.now().find("COMP.NASD")).as("an index").isEmpty();
        assertThat(live.find(new Symbol("000660"))).as("not in today's file").isEmpty();
        assertThat(changes.getFirst().removed()).contains("000660").doesNotContain("005930");
        assertThat(changes.getFirst().changed()).contains("005930", "QQQ.NASD");
        assertThat(changes.getFirst().added()).contains("Q500099");
    }

    @Test
    void a_market_whose_file_cannot_be_had_keeps_its_list_says_why_and_is_asked_again_ten_minutes_later() {
        var live = live();
        var keeper = keeper(live);

        keeper.look();

        var nyse = live.now().market(ListingMarket.NYSE);
        assertThat(nyse.origin().source()).isEqualTo(Source.SHIPPED);
        assertThat(nyse.lines()).hasSize(201);
        assertThat(nyse.trouble().orElseThrow()).contains("HTTP_STATUS", "404", "nysmst.cod");
        int asked = server.asked.get();
        clock.advance(Duration.ofMinutes(9));
        keeper.look();
        assertThat(server.asked).hasValue(asked);

        server.serve("nasmst.cod", lines -> lines);
        clock.advance(Duration.ofMinutes(1));
        keeper.look();
        assertThat(server.asked).hasValueGreaterThan(asked);
        assertThat(server.asked.get() - asked)
                .as("what is there is not asked again")
                .isEqualTo(3);
    }

    @Test
    void what_is_delisted_goes_and_what_is_new_comes_and_listeners_are_told_which() {
        server.serving("konex_code.mst");
        for (var us : List.of("nysmst.cod", "amsmst.cod")) {
            server.serveLines(us, List.of(nasdaqLineOf(us)));
        }
        var live = live();
        var keeper = keeper(live);
        keeper.look();
        changes.clear();

        server.serve(
                "kospi_code.mst",
                lines -> lines.stream()
                        .filter(line -> !line.startsWith("900999"))
                        .map(line -> line.startsWith("005935")
                                ? MasterServer.renamed(line, "005935 ", "111111 ")
                                : line.startsWith("069500") ? MasterServer.renamed(line, "견본 200", "견본 300") : line)
                        .toList());
        clock.advance(Duration.ofDays(1)); // Saturday: nothing is renewed
        int asked = server.asked.get();
        keeper.look();
        assertThat(server.asked).hasValue(asked);
        clock.advance(Duration.ofDays(2));
        keeper.look();

        assertThat(changes).hasSize(1);
        assertThat(changes.getFirst().added()).containsExactly("111111");
        assertThat(changes.getFirst().removed()).containsExactlyInAnyOrder("005935", "900999");
        assertThat(changes.getFirst().changed()).containsExactly("069500");
        assertThat(live.now()
                        .index()
                        .search("견본300", java.util.Set.of(ListingMarket.KOSPI), _ -> true, 5)
                        .lines())
                .extracting(Listed::code)
                .containsExactly("069500");
        assertThat(korean(live, "111111").origin().date()).isEqualTo(LocalDate.of(2026, 11, 23));
    }

    @Test
    @Requirement(value = "A-07", clause = "master")
    void a_restart_without_a_network_lists_what_was_kept_and_says_so() {
        keeper(live()).look();
        server.remove("kospi_code.mst");
        clock.advance(Duration.ofDays(3));

        var live = live();
        var keeper = keeper(live);
        keeper.takeKept();
        assertThat(korean(live, "0001A0").origin()).isEqualTo(new Origin(Source.KEPT, LocalDate.of(2026, 11, 20)));
        keeper.look();

        assertThat(korean(live, "0001A0").origin()).isEqualTo(new Origin(Source.KEPT, LocalDate.of(2026, 11, 20)));
        assertThat(live.now().market(ListingMarket.KOSPI).trouble().orElseThrow())
                .contains("404");
        assertThat(live.now().market(ListingMarket.KOSDAQ).origin())
                .isEqualTo(new Origin(Source.MASTER, LocalDate.of(2026, 11, 23)));
    }

    @Test
    void a_list_that_is_too_long_to_be_true_is_not_taken_and_the_keeper_goes_on() {
        var live = live();
        var asked = new AtomicInteger();
        var line = SHIPPED.find("005930").orElseThrow();
        var endless = new MasterSource() {
            @Override
            public Optional<MarketListing> kept(ListingMarket market) {
                return Optional.empty();
            }

            @Override
            public Newest newest(ListingMarket market) {
                asked.incrementAndGet();
                return new Newest.Got(new MarketListing(
                        market,
                        line.origin(),
                        IntStream.rangeClosed(0, Listing.MOST)
                                .mapToObj(this::listed)
                                .toList(),
                        Optional.empty()));
            }

            private Listed listed(int number) {
                return new Listed.Us(
                        new UsSymbol(UsExchange.NASD, "T" + number),
                        Product.STOCK,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        0,
                        OptionalLong.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        line.origin());
            }

            @Override
            public void close() {}
        };
        var keeper = new ListingKeeper(
                live, endless, new RefreshPlan(RENEWED_AT, new KrxCalendar(), new SplittableRandom(1)), clock);

        keeper.look();

        assertThat(live.now()).isSameAs(SHIPPED);
        assertThat(asked).hasValue(1);
        clock.advance(Duration.ofMinutes(10));
        keeper.look();
        assertThat(asked).hasValue(2);
    }

    @Test
    void a_listener_that_throws_does_not_keep_the_others_from_being_told() {
        var live = new LiveListing(SHIPPED);
        live.onChange(_ -> {
            throw new IllegalStateException("broken");
        });
        live.onChange(changes::add);

        keeper(live).look();

        assertThat(changes).hasSize(1);
    }

    @Test
    void the_plan_renews_on_trading_days_and_up_to_ten_minutes_late() {
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

    private LiveListing live() {
        var live = new LiveListing(SHIPPED);
        live.onChange(changes::add);
        return live;
    }

    private ListingKeeper keeper(LiveListing live) {
        return new ListingKeeper(
                live,
                KisMasters.open(Optional.of(server.base()), folder, RENEWED_AT, SHIPPED, NXT, clock),
                new RefreshPlan(RENEWED_AT, new KrxCalendar(), new SplittableRandom(1)),
                clock);
    }

    private static Listed.Korean korean(LiveListing live, String code) {
        return (Listed.Korean) live.now().find(code).orElseThrow();
    }
}
