package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.client.fetch.TestWebServer;
import kr.kisgateway.client.krx.DailyFigures;
import kr.kisgateway.client.krx.KrxClient;
import kr.kisgateway.client.krx.KrxConfig;
import kr.kisgateway.client.krx.KrxFailure;
import kr.kisgateway.client.krx.KrxReply;
import kr.kisgateway.client.krx.KrxServer;
import kr.kisgateway.client.master.MasterCopy;
import kr.kisgateway.client.master.MasterFailure;
import kr.kisgateway.client.master.MasterFile;
import kr.kisgateway.client.master.MasterFiles;
import kr.kisgateway.client.master.MasterFilesConfig;
import kr.kisgateway.client.master.MasterReply;
import kr.kisgateway.client.master.StockListing;
import kr.kisgateway.client.source.ChartPeriod;
import kr.kisgateway.client.source.ChartRequest;
import kr.kisgateway.client.source.KrxSource;
import kr.kisgateway.client.source.MarketDataSource;
import kr.kisgateway.client.source.OldNames;
import kr.kisgateway.client.source.SourceChart;
import kr.kisgateway.client.source.SourceChoice;
import kr.kisgateway.client.source.SourceFailure;
import kr.kisgateway.client.source.SourcePrice;
import kr.kisgateway.client.source.SourceReply;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.OverseasSymbol;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.DayBar;
import kr.kisgateway.wire.parse.Row;
import kr.kisgateway.wire.parse.UntypedFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the examples of docs/CLIENT.md as printed. */
class GuideTest {
    private final List<String> shown = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder;

    @Test
    void the_example_of_master_files_runs() throws IOException {
        try (TestWebServer web = TestWebServer.open();
                var sample = GuideTest.class.getResourceAsStream("/master/kospi_code.mst")) {
            web.respondAt(
                    "/master/kospi_code.mst.zip", 200, TestWebServer.zip("kospi_code.mst", sample.readAllBytes()));
            MasterFilesConfig config = MasterFilesConfig.standard(folder).from(web.base());
            InstantSource clock = InstantSource.system();
            // example: master files
            try (MasterFiles files = MasterFiles.open(config, clock)) {
                switch (files.get(MasterFile.KOSPI)) {
                    case MasterReply.Ok(MasterCopy copy) -> {
                        copy.trouble()
                                .ifPresent(why -> show(copy.age(clock.instant()) + " old, because " + why.cause()));
                        for (StockListing stock : copy.table().stocks()) {
                            if (stock.isEtf() && !stock.halted()) {
                                show(stock.code() + " " + stock.name() + " "
                                        + stock.row().text("etp_prod_cls_code"));
                            }
                        }
                    }
                    case MasterReply.Failed(MasterFailure failure) -> show(failure.cause() + ": " + failure.remedy());
                }
            }
            // end
        }
        assertThat(shown).containsExactly("069500 견본 200 1");
    }

    @Test
    void the_example_of_typed_calls_runs() {
        try (SimulatedBroker open = SimulatedBroker.live(folder)) {
            KisClient kis = open.kis();
            // example: typed calls
            Symbol samsung = new Symbol("005930");
            LocalDate to = LocalDate.of(2026, 11, 20);
            switch (kis.domestic().chart(samsung, BarPeriod.DAY, to.minusYears(2), to)) { // eight calls, one list
                case KisReply.Ok<List<DayBar>>(List<DayBar> bars) ->
                    show(bars.getLast().date());
                case KisReply.Failed<List<DayBar>>(KisFailure failure) ->
                    show(failure.code() + ": " + failure.remedy());
            }
            OverseasSymbol apple = OverseasSymbol.parse("AAPL.NASD").orElseThrow();
            var order = new OverseasOrder(apple, Side.BUY, OverseasOrderType.LIMIT, 1, new BigDecimal("145.005"));
            switch (kis.overseas().place(order)) {
                case Placement.Accepted(String _, long number, String _) -> show("order " + number + " is accepted");
                case Placement.Unknown(String _, String _) -> show("look it up before sending anything again");
                case Placement other -> // Refused or NotSent
                    other.explanation().ifPresent(why -> show(why.code() + ": " + why.cause() + ". " + why.remedy()));
            }
            // end
        }
        assertThat(shown)
                .containsExactly(
                        "2026-11-20",
                        "INVALID_REQUEST: 145.005 dollars lie between two ticks. the nearest prices are 145.00 and 145.01");
    }

    @Test
    void the_examples_of_calls_pages_and_options_run() {
        try (SimulatedBroker open = SimulatedBroker.live(folder)) {
            KisClient kis = open.kis();
            // example: call
            var parameters = Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", "005930");
            switch (kis.call("FHKST01010100", parameters)) {
                case KisReply.Ok<KisAnswer>(KisAnswer answer) -> {
                    Row row = answer.row("output").orElseThrow();
                    show(row.won("stck_prpr") + " won, " + row.decimal("prdy_ctrt") + " %");
                }
                case KisReply.Failed<KisAnswer>(KisFailure why) -> show(why.sentence());
            }
            // end
            // example: pages
            var balance = Map.of(
                    "AFHR_FLPR_YN",
                    "N",
                    "INQR_DVSN",
                    "02",
                    "UNPR_DVSN",
                    "01",
                    "PRCS_DVSN",
                    "00",
                    "FUND_STTL_ICLD_YN",
                    "N",
                    "FNCG_AMT_AUTO_RDPT_YN",
                    "N");
            try (Stream<KisAnswer> pages = kis.pages("TTTC8434R", balance, CallOptions.standard())) {
                long positions = pages.flatMap(page -> page.rows("output1").stream())
                        .filter(row -> row.shares("hldg_qty") > 0)
                        .count();
                show(positions + " positions");
            } catch (KisException why) {
                show(why.failure().sentence());
            }
            // end
            // example: options
            CallOptions soon = CallOptions.standard()
                    .withLane(Lane.HISTORY) // behind orders, accounts and single quotes
                    .withTenant("backfill") // tenants of a lane take turns
                    .withTimeout(Duration.ofSeconds(5)); // not sent later than this
            show(kis.call("FHKST01010100", parameters, soon) instanceof KisReply.Ok);
            BudgetState budget = kis.budget().state();
            show(budget.limit() > budget.usedLastSecond());
            show(budget.waiting().get(Lane.HISTORY) + " wait, " + budget.refusedByKis() + " refused");
            // end
        }
        assertThat(shown).hasSize(5);
        assertThat(shown.getFirst()).matches("[0-9]+ won, -?[0-9.]+ %");
        assertThat(shown.subList(1, 5)).containsExactly("0 positions", "true", "true", "0 wait, 0 refused");
    }

    @Test
    void the_example_of_the_code_table_runs() {
        // example: codes
        CodeTable codes = CodeTable.load();
        codes.entry("EGW00201")
                .ifPresent(code ->
                        show(code.retry() + ", " + code.actor() + ": " + code.causeEn() + ". " + code.action()));
        // end
        assertThat(shown).singleElement().asString().startsWith("SAFE, ").contains("Wait at least 0.1 s");
    }

    @Test
    void the_example_of_opening_a_client_runs() {
        try (KisSimulator simulator = KisSimulator.start(
                SimulatorConfig.defaults(folder.resolve("sim.db")).withSynchronous("OFF"))) {
            String appKey = Fixtures.APP_KEY;
            String appSecret = Fixtures.APP_SECRET;
            String storeKey = Fixtures.STORE_KEY;
            // example: open
            var credentials = new Credentials(
                    Secret.of(appKey), Secret.of(appSecret), new AccountNumber("12345678", "01"), Optional.empty());
            TokenStore tokens = TokenStore.in(folder.resolve("token"), Secret.of(storeKey));
            InstantSource clock = InstantSource.system(); // the wall clock, for deadlines
            long startNanos = System.nanoTime();
            InstantSource monotonicClock =
                    () -> Instant.EPOCH.plusNanos(System.nanoTime() - startNanos); // never adjusted
            LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneId.of("Asia/Seoul"));
            Limits limits = LimitTable.load().on(Environment.LIVE_FACE, today);
            KisConfig config = KisConfig.live(credentials, tokens, limits, new SecureRandom().nextLong())
                    .withAddresses(simulator.restBase(), simulator.wsBase()); // leave this out for KIS
            try (KisClient kis = KisClient.open(config, clock, monotonicClock, new KisListener() {})) {
                kis.start(); // fetches the token and opens the realtime session, both in the background
                show(kis.domestic().price(new Symbol("005930")) instanceof KisReply.Ok);
            }
            // end
        }
        assertThat(shown).containsExactly("true");
    }

    @Test
    void the_example_of_the_exchanges_open_api_runs() {
        try (KrxServer server = new KrxServer()) {
            KrxConfig config = server.config();
            InstantSource clock = InstantSource.system();
            // example: exchange
            try (KrxClient krx = KrxClient.open(config, clock)) {
                switch (krx.daily(Board.KOSPI, LocalDate.of(2024, 1, 5))) {
                    case KrxReply.Ok<List<DailyFigures>>(List<DailyFigures> day)
                    when day.isEmpty() -> show("closed, or not published yet");
                    case KrxReply.Ok<List<DailyFigures>>(List<DailyFigures> day) ->
                        show(day.size() + " stocks, " + krx.quota().left() + " calls left today");
                    case KrxReply.Failed<List<DailyFigures>>(KrxFailure failure) ->
                        show(failure.code() + ": " + failure.remedy());
                }
            }
            // end
        }
        assertThat(shown).containsExactly("120 stocks, 9999 calls left today");
    }

    @Test
    void the_example_of_sources_runs() {
        try (KrxServer server = new KrxServer()) {
            Map<String, String> environment = Map.of("KRX_AUTH_KEY", KrxServer.KEY);
            boolean hasSimulator = true;
            InstantSource clock = () -> Instant.parse("2024-01-08T00:00:00Z");
            // example: sources
            switch (SourceChoice.from(environment, hasSimulator)) {
                case SourceChoice.Krx(Secret key) -> {
                    KrxConfig config =
                            KrxConfig.standard(key).from(server.base()); // leave from(…) out for the exchange
                    try (MarketDataSource source =
                            KrxSource.open(KrxClient.open(config, clock), new KrxCalendar(), clock)) {
                        printSource(source);
                    }
                }
                case SourceChoice.Kis _, SourceChoice.Mock _ -> show("KisSource.over(…), or MarketData.connect()");
                case SourceChoice.Impossible(SourceFailure failure) -> show(failure.cause() + ": " + failure.remedy());
            }
            // end
        }
        assertThat(shown)
                .containsExactly(
                        "76600 won as of 2024-01-05",
                        "{date=20240105, open_price=76100, high_price=77300, low_price=76100, close_price=76600,"
                                + " volume=26628755, trading_value=2040749388077}",
                        "UNSUPPORTED_BY_SOURCE");
    }

    // example: querying a source
    void printSource(MarketDataSource source) {
        Symbol samsung = new Symbol("005930");
        if (source.price(samsung) instanceof SourceReply.Ok<SourcePrice>(SourcePrice price)) {
            show(price.price() + " won as of " + price.asOf().text());
        }
        var week = new ChartRequest(samsung, ChartPeriod.WEEK, LocalDate.of(2024, 1, 4), LocalDate.of(2024, 1, 5));
        if (source.chart(week) instanceof SourceReply.Ok<SourceChart>(SourceChart chart)) {
            OldNames.load().print(chart).forEach(this::show); // open_price, close_price, trading_value …
        }
        if (source.book(samsung) instanceof SourceReply.Failed<?>(SourceFailure failure)) {
            show(failure.code()); // UNSUPPORTED_BY_SOURCE: the exchange's Open API has no order books
        }
    }
    // end

    @Test
    void the_example_of_real_time_runs() {
        InstantSource clock = InstantSource.system();
        try (KisSimulator simulator = KisSimulator.start(
                        SimulatorConfig.defaults(folder.resolve("sim.db")).withTicksPerSecond(20));
                KisClient kis = KisClient.open(
                        Fixtures.config(simulator.restBase(), simulator.wsBase(), folder),
                        clock,
                        clock,
                        new KisListener() {})) {
            kis.start();
            // example: real time
            var ticker = new KisListener() {
                @Override
                public void trade(Trade trade) {
                    show(trade.symbol() + " " + trade.price() + " won");
                }

                @Override
                public void rows(UntypedFrame frame) {
                    frame.rows().forEach(row -> show(row.text("RSYM") + " " + row.decimal("LAST") + " dollars"));
                }
            };
            var keys = Set.of(new RealtimeKey("H0STCNT0", "005930"), new RealtimeKey("HDFSCNT0", "DNASAAPL"));
            try (ListenerHandle listening = kis.realtime().listen("ticker", ticker)) {
                switch (kis.realtime().acquireRegistration(keys)) {
                    case KisReply.Ok<Registration>(Registration both) -> {
                        try (both) {
                            awaitTicks();
                        }
                    }
                    case KisReply.Failed<Registration>(KisFailure why) -> show(why.code() + ": " + why.remedy());
                }
                show(listening.dropped() + " dropped");
            }
            // end
        }
        assertThat(shown).anyMatch(line -> line.matches("005930 [0-9]+ won"));
        assertThat(shown).anyMatch(line -> line.matches("DNASAAPL [0-9.]+ dollars"));
        assertThat(shown).contains("0 dropped");
    }

    /** Waits until both are shown. */
    private void awaitTicks() {
        for (String unit : new String[] {"won", "dollars"}) {
            new Recorder().await(unit, () -> {
                synchronized (shown) {
                    return shown.stream().anyMatch(line -> line.endsWith(unit));
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "master files",
                "exchange",
                "sources",
                "querying a source",
                "typed calls",
                "real time",
                "call",
                "pages",
                "options",
                "codes",
                "open"
            })
    void the_guide_shows_the_examples_as_they_run_here(String example) throws IOException {
        String here = Files.readString(file("src/test/java/kr/kisgateway/client/GuideTest.java", "kis-client/"));
        String guide = Files.readString(file("docs/CLIENT.md", "../"));
        int program =
                guide.indexOf("<!-- example: " + (example.equals("querying a source") ? "sources" : example) + " -->");
        assertThat(oneLine(between(guide.substring(program), "```java\n", "```")))
                .contains(oneLine(between(here, "// example: " + example + "\n", "// end\n")
                        .replaceAll("\\.from\\(server\\.base\\(\\)\\);.*", ";")
                        .replace("this::show", "IO::println")
                        .replace("show(", "IO.println(")));
    }

    @Test
    void the_guide_lists_every_old_field_name() throws IOException {
        assertThat(Files.readAllLines(file("docs/CLIENT.md", "../")))
                .containsSubsequence(OldNames.load().names().stream()
                        .map(it -> "| %s | `%s` | `%s` | %s |"
                                .formatted(it.kind(), it.currentName(), it.oldName(), it.meaning()))
                        .toList());
    }

    private void show(Object line) {
        shown.add(line.toString());
    }

    private static Path file(String name, String elsewhere) {
        return Stream.of(Path.of(name), Path.of(elsewhere + name))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    private static String between(String text, String begin, String end) {
        assertThat(text).contains(begin);
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
