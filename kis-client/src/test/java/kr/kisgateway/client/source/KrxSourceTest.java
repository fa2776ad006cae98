package kr.kisgateway.client.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.krx.KrxClient;
import kr.kisgateway.client.krx.KrxConfig;
import kr.kisgateway.client.krx.KrxServer;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Requirement("P-06")
class KrxSourceTest {
    private static final LocalDate THURSDAY = LocalDate.of(2024, 1, 4);
    private static final LocalDate FRIDAY = LocalDate.of(2024, 1, 5);
    /** The Monday after, 09:00 in Seoul: its own figures are not published. */
    private static final Instant MONDAY = Instant.parse("2024-01-08T00:00:00Z");

    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Symbol HALTED = new Symbol("003560");
    private static final Symbol KODEX_200 = new Symbol("069500");

    private final KrxServer server = new KrxServer();
    private final AtomicReference<Instant> clock = new AtomicReference<>(MONDAY);
    private final MarketDataSource source = open(OptionalInt.empty());

    @AfterEach
    void close() {
        source.close();
        server.close();
    }

    @Test
    @Requirement("P-04")
    void the_price_is_the_last_published_close_with_its_date() {
        SourcePrice price = ok(source.price(SAMSUNG));
        assertThat(price)
                .isEqualTo(new SourcePrice(
                        SAMSUNG,
                        Optional.of("삼성전자"),
                        76600,
                        OptionalLong.of(0),
                        Optional.of(new BigDecimal("0.00")),
                        OptionalLong.of(76700),
                        OptionalLong.of(77100),
                        OptionalLong.of(76400),
                        OptionalLong.of(11304316),
                        OptionalLong.of(866836486100L),
                        OptionalLong.of(457285343330000L),
                        new AsOf.PublishedDay(FRIDAY)));
        assertThat(source.type()).isEqualTo(SourceType.KRX);
    }

    @Test
    void a_stock_that_has_not_traded_has_a_price_and_no_low_of_zero() {
        SourcePrice price = ok(source.price(HALTED));
        assertThat(price.price()).isEqualTo(10760);
        assertThat(price.low()).isEmpty();
        SourceChart chart = ok(source.chart(new ChartRequest(HALTED, ChartPeriod.DAY, THURSDAY, FRIDAY)));
        assertThat(chart.bars()).isEmpty();
        assertThat(chart.daysWithoutTrade()).containsExactly(THURSDAY, FRIDAY);
    }

    @Test
    void an_etf_is_found_after_the_stock_files() {
        assertThat(ok(source.price(KODEX_200)).price()).isEqualTo(34970);
        assertThat(server.requestCount("etf_bydd_trd?basDd=20240105")).isEqualTo(1);
        long before = server.web.requests.size();
        ok(source.price(KODEX_200));
        ok(source.price(new Symbol("086520")));
        assertThat(server.web.requests).as("everything is cached by now").hasSize((int) before);
    }

    @Test
    void a_symbol_that_is_in_no_file_is_unknown() {
        assertThat(failed(source.price(new Symbol("999999"))).code()).isEqualTo(SourceFailure.Code.UNKNOWN_SYMBOL);
        assertThat(failed(source.info(new Symbol("999999"))).code()).isEqualTo(SourceFailure.Code.UNKNOWN_SYMBOL);
        assertThat(failed(source.chart(new ChartRequest(new Symbol("999999"), ChartPeriod.DAY, FRIDAY, FRIDAY)))
                        .code())
                .isEqualTo(SourceFailure.Code.UNKNOWN_SYMBOL);
    }

    @Test
    @Requirement(value = "P-06", clause = "unsupported")
    void a_book_is_refused_and_never_empty() {
        SourceFailure failure = failed(source.book(SAMSUNG));
        assertThat(failure.code()).isEqualTo(SourceFailure.Code.UNSUPPORTED_BY_SOURCE);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.remedy()).contains("kis");
        assertThat(server.web.requests).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = ChartPeriod.class,
            names = {"MINUTE", "FIVE_MINUTES", "THIRTY_MINUTES"})
    @Requirement(value = "P-06", clause = "unsupported")
    void minutes_are_refused_and_never_empty(ChartPeriod period) {
        assertThat(failed(source.chart(new ChartRequest(SAMSUNG, period, THURSDAY, FRIDAY)))
                        .code())
                .isEqualTo(SourceFailure.Code.UNSUPPORTED_BY_SOURCE);
        assertThat(server.web.requests).isEmpty();
    }

    @Test
    @Requirement("P-04")
    void a_daily_chart_is_put_together_day_by_day() {
        SourceChart chart = ok(source.chart(new ChartRequest(SAMSUNG, ChartPeriod.DAY, THURSDAY, FRIDAY)));
        assertThat(chart.bars())
                .containsExactly(
                        new Bar(
                                THURSDAY,
                                Optional.empty(),
                                76100,
                                77300,
                                76100,
                                76600,
                                15324439,
                                OptionalLong.of(1173912901977L)),
                        new Bar(
                                FRIDAY,
                                Optional.empty(),
                                76700,
                                77100,
                                76400,
                                76600,
                                11304316,
                                OptionalLong.of(866836486100L)));
        assertThat(chart.adjusted()).isFalse();
        assertThat(chart.daysWithoutTrade()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = ChartPeriod.class,
            names = {"WEEK", "MONTH"})
    @Requirement("P-04")
    void weeks_and_months_are_complete_when_requested_from_their_middle(ChartPeriod period) {
        SourceChart chart = ok(source.chart(new ChartRequest(SAMSUNG, period, FRIDAY, FRIDAY)));
        assertThat(chart.bars())
                .containsExactly(new Bar(
                        FRIDAY,
                        Optional.empty(),
                        76100,
                        77300,
                        76100,
                        76600,
                        15324439 + 11304316,
                        OptionalLong.of(1173912901977L + 866836486100L)));
    }

    @Test
    void non_trading_days_cost_no_call() {
        LocalDate from = LocalDate.of(2023, 12, 28);
        ok(source.chart(new ChartRequest(SAMSUNG, ChartPeriod.DAY, from, LocalDate.of(2024, 2, 1))));
        assertThat(server.web.requests)
                .extracting(it -> it.path().substring(it.path().length() - 4))
                // Neither weekends nor New Year's Day; before the start of the calendar every weekday; no future day.
                .containsExactlyInAnyOrder("0108", "0105", "0104", "0103", "0102", "1229", "1228");
    }

    @Test
    void a_chart_that_starts_after_its_end_is_invalid() {
        assertThat(failed(source.chart(new ChartRequest(SAMSUNG, ChartPeriod.DAY, FRIDAY, THURSDAY)))
                        .code())
                .isEqualTo(SourceFailure.Code.INVALID_INPUT);
    }

    @Test
    void a_chart_for_which_too_few_calls_are_left_is_refused_before_the_first() {
        try (MarketDataSource poor = open(OptionalInt.of(3))) {
            ok(poor.price(SAMSUNG)); // Monday, which is empty, and Friday
            SourceFailure failure =
                    failed(poor.chart(new ChartRequest(SAMSUNG, ChartPeriod.DAY, LocalDate.of(2024, 1, 2), FRIDAY)));
            assertThat(failure.code()).isEqualTo(SourceFailure.Code.QUOTA_EXCEEDED);
            assertThat(failure.cause()).contains("takes 3 calls").contains("1 are left");
            assertThat(server.web.requests).hasSize(2);
            ok(poor.chart(new ChartRequest(SAMSUNG, ChartPeriod.DAY, THURSDAY, FRIDAY)));
        }
    }

    @Test
    void a_day_that_cannot_be_fetched_fails_the_chart() {
        server.web.respondAt("/master/sto/stk_bydd_trd", exchange -> {
            boolean thursday = exchange.getRequestURI().getQuery().endsWith("0104");
            byte[] body = thursday ? new byte[0] : file("stk_bydd_trd_20240105");
            exchange.sendResponseHeaders(thursday ? 500 : 200, thursday ? -1 : body.length);
            exchange.getResponseBody().write(body);
        });
        clock.set(Instant.parse("2024-01-05T12:00:00Z"));
        SourceFailure failure = failed(source.chart(new ChartRequest(SAMSUNG, ChartPeriod.DAY, THURSDAY, FRIDAY)));
        assertThat(failure.code()).isEqualTo(SourceFailure.Code.HTTP_STATUS);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void a_stock_is_followed_into_the_section_where_it_was_listed_before() {
        String name = "\"ISU_CD\":\"005930\"";
        String today = text("stk_bydd_trd_20240105");
        String before = text("stk_bydd_trd_20240104");
        String stock = before.substring(before.lastIndexOf('{', before.indexOf(name)));
        String row = stock.substring(0, stock.indexOf('}') + 1);
        serve("sto/stk_bydd_trd", today, before.replace(name, "\"ISU_CD\":\"005931\""));
        serve("sto/ksq_bydd_trd", text("ksq_bydd_trd_20240105"), "{\"OutBlock_1\":[" + row + "]}");
        SourceChart chart = ok(source.chart(new ChartRequest(SAMSUNG, ChartPeriod.DAY, THURSDAY, FRIDAY)));
        assertThat(chart.bars()).extracting(Bar::date).containsExactly(THURSDAY, FRIDAY);
    }

    @Test
    void a_chart_ends_where_the_stock_was_listed_in_no_section() {
        String name = "\"ISU_CD\":\"005930\"";
        serve(
                "sto/stk_bydd_trd",
                text("stk_bydd_trd_20240105"),
                text("stk_bydd_trd_20240104").replace(name, "\"ISU_CD\":\"005931\""));
        SourceChart chart =
                ok(source.chart(new ChartRequest(SAMSUNG, ChartPeriod.DAY, LocalDate.of(2023, 1, 2), FRIDAY)));
        assertThat(chart.bars()).extracting(Bar::date).containsExactly(FRIDAY);
        assertThat(server.web.requests).noneMatch(it -> it.path().contains("20240103"));
    }

    @Test
    void an_unpublished_day_is_requested_again_after_ten_minutes() {
        ok(source.price(SAMSUNG));
        ok(source.price(SAMSUNG));
        assertThat(server.web.requests).hasSize(2);
        clock.set(MONDAY.plus(Duration.ofMinutes(10)));
        serve("sto/stk_bydd_trd", text("stk_bydd_trd_20240105").replace("20240105", "20240108"), "");
        assertThat(ok(source.price(SAMSUNG)).asOf()).isEqualTo(new AsOf.PublishedDay(LocalDate.of(2024, 1, 8)));
        assertThat(server.web.requests).hasSize(3);
    }

    @Test
    void fifty_concurrent_callers_cost_as_many_calls_as_one() throws InterruptedException {
        List<Thread> callers = IntStream.range(0, 50)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> ok(source.price(SAMSUNG))))
                .toList();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(server.web.requests).hasSize(2);
    }

    @Test
    void nothing_published_for_days_is_a_failure() {
        clock.set(Instant.parse("2024-03-04T00:00:00Z"));
        SourceFailure failure = failed(source.price(SAMSUNG));
        assertThat(failure.code()).isEqualTo(SourceFailure.Code.NOT_PUBLISHED);
        assertThat(failure.retryable()).isTrue();
        assertThat(server.web.requests).hasSize(7);
    }

    @Test
    void a_key_that_the_exchange_refuses_is_a_failure_with_its_remedy() {
        KrxConfig wrong = KrxConfig.standard(Secret.of("PLANTEDWRONG")).from(server.base());
        try (MarketDataSource refused =
                KrxSource.open(KrxClient.open(wrong, clock::get), new KrxCalendar(), clock::get)) {
            SourceFailure failure = failed(refused.price(SAMSUNG));
            assertThat(failure.code()).isEqualTo(SourceFailure.Code.UNAUTHORIZED);
            assertThat(failure.remedy()).contains("KRX_AUTH_KEY");
            assertThat(failure.toString()).doesNotContain("PLANTED");
        }
    }

    @Test
    @Requirement("P-04")
    void stock_information_is_read_from_the_base_information() {
        clock.set(Instant.parse("2024-01-05T12:00:00Z"));
        StockInfo info = ok(source.info(SAMSUNG));
        assertThat(info.name()).isEqualTo("삼성전자");
        assertThat(info.isin()).contains("KR7005930003");
        assertThat(info.market()).isEqualTo(Board.KOSPI);
        assertThat(info.sector()).isEmpty();
        assertThat(info.listedShares()).hasValue(5969782550L);
        assertThat(info.faceValue()).contains(new BigDecimal("100"));
        assertThat(info.listedOn()).contains(LocalDate.of(1975, 6, 11));
        assertThat(info.asOf()).isEqualTo(new AsOf.PublishedDay(FRIDAY));
        assertThat(ok(source.info(new Symbol("086520"))).sector()).contains("우량기업부");
    }

    @Test
    void an_etf_has_a_name_a_section_and_shares() {
        StockInfo etf = ok(source.info(KODEX_200));
        assertThat(etf.name()).isEqualTo("KODEX 200");
        assertThat(etf.listedShares()).hasValue(197550000);
        assertThat(etf.isin()).isEmpty();
    }

    private MarketDataSource open(OptionalInt calls) {
        var config = new KrxConfig(
                server.base(), Secret.of(KrxServer.KEY), Duration.ofSeconds(20), 8 << 20, calls, Optional.empty());
        return KrxSource.open(KrxClient.open(config, clock::get), new KrxCalendar(), clock::get);
    }

    /** Sets the service's answers: {@code latest} for Friday and Monday and {@code before} for Thursday. */
    private void serve(String service, String latest, String before) {
        server.web.respondAt("/master/" + service, exchange -> {
            String day = exchange.getRequestURI().getQuery().substring("basDd=".length());
            String text = day.equals("20240104") ? before : latest.contains(day) ? latest : "{\"OutBlock_1\":[]}";
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });
    }

    private static byte[] file(String name) {
        return text(name).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(String name) {
        return KrxServer.text(name);
    }

    private static <T> T ok(SourceReply<T> reply) {
        assertThat(reply).isInstanceOf(SourceReply.Ok.class);
        return ((SourceReply.Ok<T>) reply).value();
    }

    private static SourceFailure failed(SourceReply<?> reply) {
        assertThat(reply).isInstanceOf(SourceReply.Failed.class);
        return ((SourceReply.Failed<?>) reply).failure();
    }
}
