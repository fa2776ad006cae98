package kr.kisgateway.client.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.IsoFields;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisException;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.fetch.TestWebServer;
import kr.kisgateway.client.master.MasterFile;
import kr.kisgateway.client.master.MasterFiles;
import kr.kisgateway.client.master.MasterFilesConfig;
import kr.kisgateway.client.master.MasterTable;
import kr.kisgateway.client.master.StockListing;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.broker.Scenario;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The source over KIS, with a simulator, found as by a program without credentials. */
@Tag("slow")
class KisSourceTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Symbol UNLISTED = new Symbol("999999");

    @TempDir
    static Path folder;

    private static MarketDataSource source;

    @BeforeAll
    static void connect() {
        source = MarketData.connect(Map.of(), folder);
    }

    @AfterAll
    static void close() {
        source.close();
    }

    @Test
    @Requirement(value = "P-04", clause = "price")
    @Requirement("P-05")
    void the_price_has_the_named_fields() {
        // Open, high and low exist from the day's first trade on.
        Instant deadline = Instant.now().plusSeconds(10);
        SourcePrice price = ok(source.price(SAMSUNG));
        while (price.volume().orElse(0) == 0 && Instant.now().isBefore(deadline)) {
            price = ok(source.price(SAMSUNG));
        }
        assertThat(source.type()).isEqualTo(SourceType.MOCK);
        assertThat(price.price()).isPositive();
        assertThat(price.asOf()).isInstanceOf(AsOf.Now.class);
        assertThat(price.name()).contains("삼성전자");
        assertThat(OldNames.load().print(price))
                .containsKeys(
                        "stock_code",
                        "stock_name",
                        "current_price",
                        "change_price",
                        "change_rate",
                        "open_price",
                        "high_price",
                        "low_price",
                        "volume",
                        "trading_value",
                        "market_cap",
                        "timestamp");
    }

    @Test
    @Requirement(value = "P-04", clause = "book")
    void the_book_has_levels_best_first_and_their_sums() {
        SourceBook book = ok(source.book(SAMSUNG));
        assertThat(book.bids()).hasSize(10).isSortedAccordingTo((a, b) -> Long.compare(b.price(), a.price()));
        assertThat(book.asks()).hasSize(10).isSortedAccordingTo((a, b) -> Long.compare(a.price(), b.price()));
        assertThat(book.spread().orElseThrow()).isPositive();
        assertThat(book.totalBidQuantity())
                .isGreaterThanOrEqualTo(book.bids().getFirst().quantity());
    }

    @ParameterizedTest
    @EnumSource(names = {"DAY", "WEEK", "MONTH"})
    @Requirement(value = "P-04", clause = "charts")
    void charts_of_days_weeks_and_months_are_complete(ChartPeriod period) {
        LocalDate today = LocalDate.now(TradingCalendar.SEOUL);
        SourceChart chart =
                ok(source.chart(new ChartRequest(SAMSUNG, period, today.minusDays(100), today.minusDays(50))));
        assertThat(chart.adjusted()).isTrue();
        assertThat(chart.bars()).isNotEmpty().allSatisfy(bar -> {
            assertThat(bar.low()).isLessThanOrEqualTo(Math.min(bar.open(), bar.close()));
            assertThat(bar.high()).isGreaterThanOrEqualTo(Math.max(bar.open(), bar.close()));
            assertThat(bar.time()).isEmpty();
        });
        assertThat(chart.bars()).extracting(Bar::date).isSorted().doesNotHaveDuplicates();
        List<LocalDate> traded = today.minusDays(100)
                .datesUntil(today.minusDays(49))
                .filter(new KrxCalendar()::isTradingDay)
                .toList();
        switch (period) {
            case WEEK ->
                assertThat(chart.bars().getFirst().date())
                        .isEqualTo(
                                lastOf(traded, day -> day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), traded.getFirst()));
            case MONTH ->
                assertThat(chart.bars().getFirst().date())
                        .isEqualTo(lastOf(traded, LocalDate::getMonthValue, traded.getFirst()));
            default -> assertThat(chart.bars()).extracting(Bar::date).containsExactlyElementsOf(traded);
        }
    }

    /** The last day in the same week or month as another. */
    private static LocalDate lastOf(List<LocalDate> days, Function<LocalDate, Integer> part, LocalDate of) {
        return days.stream()
                .filter(day -> part.apply(day).equals(part.apply(of)))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(names = {"MINUTE", "FIVE_MINUTES", "THIRTY_MINUTES"})
    @Requirement(value = "P-04", clause = "charts")
    void charts_of_minutes_start_on_the_clock(ChartPeriod period) {
        var calendar = new KrxCalendar();
        LocalDate yesterday = LocalDate.now(TradingCalendar.SEOUL)
                .minusDays(1)
                .datesUntil(LocalDate.MIN, Period.ofDays(-1))
                .filter(calendar::isTradingDay)
                .findFirst()
                .orElseThrow();
        List<Bar> bars = ok(source.chart(new ChartRequest(SAMSUNG, period, yesterday, yesterday)))
                .bars();
        int length = period == ChartPeriod.MINUTE ? 1 : period == ChartPeriod.FIVE_MINUTES ? 5 : 30;
        assertThat(bars).isNotEmpty().allSatisfy(bar -> {
            assertThat(bar.date()).isEqualTo(yesterday);
            assertThat(bar.time().orElseThrow().getMinute() % length).isZero();
        });
        assertThat(bars).extracting(bar -> bar.time().orElseThrow()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    @Requirement(value = "P-04", clause = "info")
    void stock_information_has_the_named_fields() {
        StockInfo info = ok(source.info(SAMSUNG));
        assertThat(info.name()).isEqualTo("삼성전자");
        assertThat(info.market()).isEqualTo(Board.KOSPI);
        assertThat(info.listedShares()).isPresent();
    }

    @Test
    @Requirement("P-06")
    void an_unknown_symbol_or_reversed_days_are_a_failure_and_never_an_empty_answer() {
        assertThat(code(source.price(UNLISTED))).isEqualTo(SourceFailure.Code.UNKNOWN_SYMBOL);
        LocalDate today = LocalDate.now(TradingCalendar.SEOUL);
        for (ChartPeriod period : ChartPeriod.values()) {
            assertThat(code(source.chart(new ChartRequest(UNLISTED, period, today.minusDays(9), today))))
                    .as(period.name())
                    .isEqualTo(SourceFailure.Code.UNKNOWN_SYMBOL);
        }
        assertThat(code(source.chart(new ChartRequest(SAMSUNG, ChartPeriod.DAY, today, today.minusDays(1)))))
                .isEqualTo(SourceFailure.Code.INVALID_INPUT);
    }

    @Test
    @Requirement("P-06")
    @Requirement(value = "A-18", clause = "missing")
    void a_question_that_paper_does_not_answer_is_unsupported_with_a_remedy() {
        KisClient paper = Kis.connect(Map.of("KIS_ENV", "mock"), folder, new KisListener() {});
        try (MarketDataSource data = KisSource.over(SourceType.KIS, paper)) {
            assertThat(data.type()).isEqualTo(SourceType.KIS);
            assertThat(data.info(SAMSUNG)).isInstanceOfSatisfying(SourceReply.Failed.class, it -> {
                assertThat(it.failure().code()).isEqualTo(SourceFailure.Code.UNSUPPORTED_BY_SOURCE);
                assertThat(it.failure().remedy()).isNotEmpty();
            });
            assertThat(data.price(SAMSUNG)).isInstanceOf(SourceReply.Ok.class);
        }
    }

    @Test
    @Requirement(value = "P-04", clause = "price")
    @Requirement(value = "P-07", clause = "base-url")
    void stock_names_are_read_from_the_brokers_master_files(@TempDir Path place) throws IOException {
        try (TestWebServer web = TestWebServer.open();
                var sample = KisSourceTest.class.getResourceAsStream("/master/kospi_code.mst");
                KisSimulator broker = KisSimulator.start(SimulatorConfig.defaults(place.resolve("sim.db")))) {
            byte[] lines = sample.readAllBytes();
            web.respondAt("/master/kospi_code.mst.zip", 200, TestWebServer.zip("kospi_code.mst", lines));
            StockListing listed = MasterTable.parse(MasterFile.KOSPI, lines).stocks().stream()
                    .filter(stock -> stock.symbol().isPresent())
                    .findFirst()
                    .orElseThrow();
            Map<String, String> environment = Map.of(
                    "KIS_ENV", "live",
                    "KIS_APP_KEY", "PSKEYPSKEYPSKEYPSKEYPSKEYPSKEYPSKEY1",
                    "KIS_APP_SECRET", "s".repeat(180),
                    "KIS_ACCOUNT_NO", "12345678-01",
                    "KIS_API_BASE_URL_REAL", broker.restBase().toString(),
                    "KIS_WS_URL_LIVE", broker.wsBase().toString(),
                    "KIS_MASTER_URL", web.base().toString(),
                    "GATEWAY_CONFIG_DIR", place.resolve("config").toString());
            try (MarketDataSource data = MarketData.connect(environment, place)) {
                assertThat(ok(data.price(SAMSUNG)).name())
                        .as("the name of the file")
                        .contains("가나다전자");
            }
            assertThat(place.resolve("config").resolve("master")).isNotEmptyDirectory();
            try (var files = MasterFiles.open(
                    MasterFilesConfig.standard(place.resolve("other")).from(web.base()), InstantSource.system())) {
                assertThat(StockNames.of(files).of(listed.symbol().orElseThrow()))
                        .contains(listed.name());
            }
        }
    }

    @Test
    @Requirement(value = "P-08", clause = "breaker")
    void an_open_breaker_is_reported_as_breaker_open() throws IOException {
        try (KisSimulator broker = KisSimulator.start(SimulatorConfig.defaults(
                Files.createTempDirectory(folder, "breaker").resolve("sim.db")))) {
            broker.faults().add(Scenario.Fault.byChance("unavailable_before", 1, "queries"));
            Map<String, String> environment = Map.of(
                    "KIS_ENV", "sim",
                    "SIMULATOR_URL", broker.restBase().toString(),
                    "KIS_API_CIRCUIT_BREAKER_THRESHOLD", "1",
                    "KIS_API_CIRCUIT_BREAKER_TIMEOUT", "10m");
            try (MarketDataSource data =
                    KisSource.over(SourceType.MOCK, Kis.connect(environment, folder, new KisListener() {}))) {
                data.price(SAMSUNG);
                assertThat(data.price(SAMSUNG)).isInstanceOfSatisfying(SourceReply.Failed.class, it -> {
                    assertThat(it.failure().code()).isEqualTo(SourceFailure.Code.BREAKER_OPEN);
                    assertThat(it.failure().retryable()).isTrue();
                });
            }
        }
    }

    @Test
    @Requirement(value = "P-06", clause = "detected")
    void the_environment_chooses_the_source() {
        try (MarketDataSource krx = MarketData.connect(Map.of("KRX_AUTH_KEY", "key"), folder)) {
            assertThat(krx.type()).isEqualTo(SourceType.KRX);
        }
        var variables = Map.of(
                "DATA_SOURCE_TYPE", "mock", "KIS_ENV", "live", "KIS_APP_KEY", "PSKEY12345", "KIS_APP_SECRET", "half");
        try (MarketDataSource mock = MarketData.connect(variables, folder)) {
            assertThat(mock.type()).isEqualTo(SourceType.MOCK);
            assertThat(mock.price(SAMSUNG)).isInstanceOf(SourceReply.Ok.class);
        }
        try (MarketDataSource paper = MarketData.connect(Map.of("KIS_ENV", "mock"), folder)) {
            assertThat(code(paper.info(SAMSUNG))).isEqualTo(SourceFailure.Code.UNSUPPORTED_BY_SOURCE);
        }
        assertThatThrownBy(() -> MarketData.connect(Map.of("KIS_ENV", "live"), folder))
                .isInstanceOf(KisException.class)
                .hasMessageStartingWith("CREDENTIALS_MISSING: KIS_ENV is live");
        assertThatThrownBy(() -> MarketData.connect(Map.of("KIS_ENV", "prod"), folder))
                .isInstanceOf(KisException.class)
                .hasMessageStartingWith("INVALID_SETTINGS: KIS_ENV is none of");
        assertThatThrownBy(() -> MarketData.connect(Map.of("DATA_SOURCE_TYPE", "krx"), folder))
                .isInstanceOf(KisException.class)
                .hasMessageStartingWith("CREDENTIALS_MISSING: DATA_SOURCE_TYPE is krx, but KRX_AUTH_KEY is not set");
        assertThatThrownBy(
                        () -> MarketData.connect(Map.of("KIS_ENV", "mock", "KIS_MOCK_APP_KEY", "PSKEY12345"), folder))
                .isInstanceOf(KisException.class)
                .hasMessageContaining("KIS_MOCK_APP_KEY is set and KIS_MOCK_APP_SECRET is not");
    }

    private static <T> T ok(SourceReply<T> reply) {
        assertThat(reply).isInstanceOf(SourceReply.Ok.class);
        return ((SourceReply.Ok<T>) reply).value();
    }

    private static SourceFailure.Code code(SourceReply<?> reply) {
        assertThat(reply).isInstanceOf(SourceReply.Failed.class);
        return ((SourceReply.Failed<?>) reply).failure().code();
    }
}
