package kr.kisgateway.client.krx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.client.Secret;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement("P-06")
class KrxClientTest {
    private static final LocalDate DAY = LocalDate.of(2024, 1, 5);
    private static final Instant NOW = Instant.parse("2024-01-08T00:00:00Z");

    private final KrxServer server = new KrxServer();
    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private final KrxClient krx = KrxClient.open(server.config(), clock::get);

    @AfterEach
    void close() {
        krx.close();
        server.close();
    }

    @Test
    void a_days_figures_of_a_stock_are_those_that_the_exchange_published() {
        DailyFigures samsung = find(ok(krx.daily(Board.KOSPI, DAY)), "005930");
        assertThat(samsung.date()).isEqualTo(DAY);
        assertThat(samsung.name()).isEqualTo("삼성전자");
        assertThat(samsung.market()).isEqualTo(Board.KOSPI);
        assertThat(samsung.section()).isEmpty();
        assertThat(samsung.close()).hasValue(76600);
        assertThat(samsung.change()).hasValue(0);
        assertThat(samsung.changePercent()).contains(new BigDecimal("0.00"));
        assertThat(samsung.open()).hasValue(76700);
        assertThat(samsung.high()).hasValue(77100);
        assertThat(samsung.low()).hasValue(76400);
        assertThat(samsung.volume()).hasValue(11304316);
        assertThat(samsung.turnover()).hasValue(866836486100L);
        assertThat(samsung.marketCap()).hasValue(457285343330000L);
        assertThat(samsung.listedShares()).hasValue(5969782550L);
        assertThat(samsung.traded()).isTrue();
        assertThat(server.web.requests.getFirst().path()).isEqualTo("/master/sto/stk_bydd_trd?basDd=20240105");
    }

    @ParameterizedTest
    @CsvSource({"KOSPI, 120, 005935", "KOSDAQ, 120, 086520", "KONEX, 129, 278990"})
    void every_row_of_both_days_is_read_on_every_market(Board market, int rows, String code) {
        for (LocalDate day : List.of(DAY.minusDays(1), DAY)) {
            List<DailyFigures> all = ok(krx.daily(market, day));
            assertThat(all).hasSize(rows).allSatisfy(it -> {
                assertThat(it.date()).isEqualTo(day);
                assertThat(it.close()).isPresent();
            });
            assertThat(find(all, code).traded()).isTrue();
        }
        assertThat(ok(krx.baseInfo(market, DAY))).hasSize(rows);
    }

    @Test
    void a_day_without_a_trade_has_a_close_and_no_prices_of_zero() {
        DailyFigures halted = find(ok(krx.daily(Board.KOSPI, DAY)), "003560");
        assertThat(halted.close()).hasValue(10760);
        assertThat(halted.open()).isEmpty();
        assertThat(halted.high()).isEmpty();
        assertThat(halted.low()).isEmpty();
        assertThat(halted.volume()).hasValue(0);
        assertThat(halted.traded()).isFalse();
    }

    @Test
    void base_information_has_both_codes_and_no_face_value_where_there_is_none() {
        List<BaseInfo> all = ok(krx.baseInfo(Board.KOSPI, DAY));
        BaseInfo samsung = base(all, "005930");
        assertThat(samsung.isin()).isEqualTo("KR7005930003");
        assertThat(samsung.name()).isEqualTo("삼성전자보통주");
        assertThat(samsung.shortName()).isEqualTo("삼성전자");
        assertThat(samsung.nameEn()).contains("SamsungElectronics");
        assertThat(samsung.listedOn()).contains(LocalDate.of(1975, 6, 11));
        assertThat(samsung.group()).contains("주권");
        assertThat(samsung.kind()).contains("보통주");
        assertThat(samsung.faceValue()).contains(new BigDecimal("100"));
        assertThat(samsung.listedShares()).hasValue(5969782550L);
        assertThat(base(all, "088980").faceValue()).isEmpty();
        assertThat(base(all, "900140").faceValue()).contains(new BigDecimal(".25"));
    }

    @Test
    void an_etf_has_its_net_asset_value_and_its_index() {
        EtfDaily etf = ok(krx.etfs(DAY)).stream()
                .filter(it -> it.figures().symbol().code().equals("069500"))
                .findFirst()
                .orElseThrow();
        assertThat(etf.nav()).contains(new BigDecimal("35086.34"));
        assertThat(etf.netAssets()).hasValue(6724296744845L);
        assertThat(etf.indexName()).contains("코스피 200");
        assertThat(etf.index()).contains(new BigDecimal("347.22"));
        assertThat(etf.indexChange()).contains(new BigDecimal("-0.85"));
        assertThat(etf.figures().close()).hasValue(34970);
        assertThat(ok(krx.etfs(DAY))).anyMatch(it -> it.index().isEmpty());
    }

    @Test
    void an_index_without_a_level_has_none_instead_of_a_zero() {
        List<IndexDaily> all = ok(krx.indices(Board.KOSPI, DAY));
        assertThat(all.getFirst().name()).isEqualTo("코스피 (외국주포함)");
        assertThat(all.getFirst().close()).isEmpty();
        assertThat(all.getFirst().volume()).hasValue(522289892);
        assertThat(all.get(1).close()).contains(new BigDecimal("2578.08"));
        assertThat(all.get(1).change()).contains(new BigDecimal("-8.94"));
        assertThat(ok(krx.indices(Board.KOSDAQ, DAY))).hasSize(38);
    }

    @Test
    void konex_has_no_index_and_that_costs_no_call() {
        assertThat(failed(krx.indices(Board.KONEX, DAY)).code()).isEqualTo(KrxFailure.Code.INVALID_INPUT);
        assertThat(krx.quota().used()).isZero();
    }

    @Test
    void a_day_that_is_not_published_is_an_empty_list_and_no_error() {
        assertThat(ok(krx.daily(Board.KOSPI, LocalDate.of(2024, 1, 6)))).isEmpty();
    }

    @Test
    void a_wrong_key_is_a_failure_of_its_own_and_never_shown() {
        KrxConfig wrong = KrxConfig.standard(Secret.of("PLANTEDWRONG")).from(server.base());
        try (KrxClient other = KrxClient.open(wrong, clock::get)) {
            KrxFailure failure = failed(other.daily(Board.KOSPI, DAY));
            assertThat(failure.code()).isEqualTo(KrxFailure.Code.UNAUTHORIZED);
            assertThat(failure.retryable()).isFalse();
            assertThat(failure.remedy()).contains("KRX_AUTH_KEY").contains("stk_bydd_trd");
            assertThat(failure.toString() + wrong).doesNotContain("PLANTED");
        }
    }

    @Test
    void numbers_may_have_thousands_separators_and_a_dash_is_absent() {
        server.respondWith("sto/stk_bydd_trd", row("\"76,600\"", "\"-\"", "\"1,234,567\""));
        DailyFigures figures = ok(krx.daily(Board.KOSPI, DAY)).getFirst();
        assertThat(figures.close()).hasValue(76600);
        assertThat(figures.change()).isEmpty();
        assertThat(figures.volume()).hasValue(1234567);
        server.respondWith("sto/stk_bydd_trd", row("\"\"", "\"-1,000\"", "1234567"));
        figures = ok(krx.daily(Board.KOSPI, DAY)).getFirst();
        assertThat(figures.close()).isEmpty();
        assertThat(figures.change()).hasValue(-1000);
        assertThat(figures.volume()).hasValue(1234567);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"OutBlock_1\":[                          | is no JSON",
                "<html>                                     | is no JSON",
                "''                                         | OutBlock_1",
                "{}                                         | OutBlock_1",
                "{\"respMsg\":\"x\",\"respCode\":\"500\"}   | OutBlock_1",
                "{\"OutBlock_1\":{}}                        | OutBlock_1",
                "{\"OutBlock_1\":[{}]}                      | is missing",
                "{\"OutBlock_1\":[7]}                       | is missing",
                "{\"OutBlock_1\":[]} x                      | is no JSON"
            })
    void an_invalid_answer_is_unreadable_and_not_an_empty_day(String body, String problem) {
        server.respondWith("sto/stk_bydd_trd", body);
        KrxFailure failure = failed(krx.daily(Board.KOSPI, DAY));
        assertThat(failure.code()).isEqualTo(KrxFailure.Code.UNREADABLE);
        assertThat(failure.cause()).contains("stk_bydd_trd").contains(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1e9\"", "\"12a\"", "\"76600.5\"", "\"99999999999999999999\"", "\"1-2\"", "[]"})
    void a_price_that_is_no_whole_number_of_won_names_its_field(String price) {
        server.respondWith("sto/stk_bydd_trd", row(price, "\"0\"", "\"1\""));
        assertThat(failed(krx.daily(Board.KOSPI, DAY)).cause()).contains("row 1, TDD_CLSPRC is");
    }

    @Test
    void an_answer_with_a_number_that_no_decimal_can_be_is_unreadable() {
        server.respondWith("sto/stk_bydd_trd", "{\"OutBlock_1\":[{\"ISU_CD\":1e10000000003}]}");
        KrxFailure failure = failed(krx.daily(Board.KOSPI, DAY));
        assertThat(failure.code()).isEqualTo(KrxFailure.Code.UNREADABLE);
        assertThat(failure.cause()).contains("a number out of range");
    }

    @Test
    void figures_of_another_day_than_requested_are_refused() {
        server.respondWith("sto/stk_bydd_trd", row("\"1\"", "\"0\"", "\"1\""));
        assertThat(failed(krx.daily(Board.KOSPI, DAY.minusDays(1))).cause()).contains("BAS_DD");
    }

    @ParameterizedTest
    @CsvSource({
        "500, HTTP_STATUS, true",
        "404, HTTP_STATUS, false",
        "403, UNAUTHORIZED, false",
        "429, RATE_LIMITED, true"
    })
    void every_other_status_is_a_failure_of_its_own(int status, KrxFailure.Code code, boolean retryable) {
        server.web.respondAt("/master/sto/stk_bydd_trd", status, new byte[0]);
        KrxFailure failure = failed(krx.daily(Board.KOSPI, DAY));
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.cause()).contains(String.valueOf(status));
    }

    @Test
    void an_endless_answer_times_out_and_a_too_large_one_is_refused() {
        try (KrxClient hasty = KrxClient.open(config(Duration.ofMillis(300), 1000, OptionalInt.empty()), clock::get)) {
            assertThat(failed(hasty.daily(Board.KOSPI, DAY)).code()).isEqualTo(KrxFailure.Code.TOO_LARGE);
            server.web.stallAt("/master/sto/stk_bydd_trd");
            assertThat(failed(hasty.daily(Board.KOSPI, DAY)).code()).isEqualTo(KrxFailure.Code.TIMEOUT);
        }
    }

    @Test
    void the_days_calls_are_counted_and_refused_when_used_up_until_seouls_next_day() {
        clock.set(Instant.parse("2024-01-08T14:59:58Z"));
        try (KrxClient small = KrxClient.open(config(Duration.ofSeconds(20), 1 << 20, OptionalInt.of(2)), clock::get)) {
            assertThat(small.quota()).isEqualTo(new KrxQuota(LocalDate.of(2024, 1, 8), 0, 2));
            ok(small.daily(Board.KOSPI, DAY));
            ok(small.etfs(DAY));
            KrxFailure failure = failed(small.daily(Board.KOSPI, DAY));
            assertThat(failure.code()).isEqualTo(KrxFailure.Code.QUOTA_EXCEEDED);
            assertThat(failure.retryable()).isTrue();
            assertThat(server.web.requests).hasSize(2);
            clock.set(Instant.parse("2024-01-08T15:00:00Z")); // midnight in Seoul
            ok(small.daily(Board.KOSPI, DAY));
            assertThat(small.quota()).isEqualTo(new KrxQuota(LocalDate.of(2024, 1, 9), 1, 2));
            clock.set(Instant.parse("2024-01-08T14:00:00Z")); // set back: no call is restored
            assertThat(small.quota().used()).isEqualTo(1);
        }
    }

    @Test
    void without_a_configured_limit_the_exchanges_ten_thousand_calls_apply() {
        assertThat(krx.quota().allowed()).isEqualTo(10_000);
        assertThat(krx.quota().left()).isEqualTo(10_000);
    }

    @Test
    void a_future_day_is_not_requested() {
        assertThat(failed(krx.daily(Board.KOSPI, LocalDate.of(2024, 1, 9))).code())
                .isEqualTo(KrxFailure.Code.INVALID_INPUT);
        assertThat(server.web.requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with blank", "line\nbreak", "한글"})
    void a_key_that_cannot_travel_in_a_header_is_refused_at_once(String key) {
        assertThatThrownBy(() -> KrxConfig.standard(Secret.of(key))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_key_is_never_sent_to_another_machine_unencrypted() {
        KrxConfig good = server.config();
        assertThatThrownBy(() -> good.from(URI.create("http://example.com/svc/apis/")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> good.from(URI.create("https://example.com/svc/apis")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private KrxConfig config(Duration timeout, int bytes, OptionalInt calls) {
        return new KrxConfig(server.base(), Secret.of(KrxServer.KEY), timeout, bytes, calls, Optional.empty());
    }

    private static String row(String close, String change, String volume) {
        String real = new String(KrxServer.file("knx_bydd_trd_20240105"), StandardCharsets.UTF_8);
        String row = real.substring(real.indexOf("{\"ACC"), real.indexOf('}') + 1);
        return "{\"OutBlock_1\":["
                + row.replaceFirst("\"TDD_CLSPRC\":\"[^\"]*\"", "\"TDD_CLSPRC\":" + close)
                        .replaceFirst("\"CMPPREVDD_PRC\":\"[^\"]*\"", "\"CMPPREVDD_PRC\":" + change)
                        .replaceFirst("\"ACC_TRDVOL\":\"[^\"]*\"", "\"ACC_TRDVOL\":" + volume)
                + "]}";
    }

    private static DailyFigures find(List<DailyFigures> all, String code) {
        return all.stream()
                .filter(it -> it.symbol().equals(new Symbol(code)))
                .findFirst()
                .orElseThrow();
    }

    private static BaseInfo base(List<BaseInfo> all, String code) {
        return all.stream()
                .filter(it -> it.symbol().equals(new Symbol(code)))
                .findFirst()
                .orElseThrow();
    }

    private static <T> T ok(KrxReply<T> reply) {
        assertThat(reply).isInstanceOf(KrxReply.Ok.class);
        return ((KrxReply.Ok<T>) reply).value();
    }

    private static KrxFailure failed(KrxReply<?> reply) {
        assertThat(reply).isInstanceOf(KrxReply.Failed.class);
        return ((KrxReply.Failed<?>) reply).failure();
    }
}
