package kr.kisgateway.client;

import static kr.kisgateway.client.SimulatedBroker.failure;
import static kr.kisgateway.client.SimulatedBroker.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.parse.EtfAnswer;
import kr.kisgateway.wire.parse.EtfNavDay;
import kr.kisgateway.wire.parse.IndexAnswer;
import kr.kisgateway.wire.parse.IndexBar;
import kr.kisgateway.wire.parse.InvestorDay;
import kr.kisgateway.wire.parse.MarketDay;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.RankRow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rankings, investors, indices, ETFs and holidays over sockets. */
class DomesticMarketTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Symbol KODEX_200 = new Symbol("069500");

    @TempDir
    static Path folder;

    private static SimulatedBroker live;
    private static SimulatedBroker paper;

    @BeforeAll
    static void start() {
        live = SimulatedBroker.live(folder);
        paper = SimulatedBroker.paper(folder);
    }

    @AfterAll
    static void stop() {
        live.close();
        paper.close();
    }

    private static DomesticCalls domestic(Environment face) {
        return (face == Environment.LIVE_FACE ? live : paper).kis().domestic();
    }

    private static DomesticCalls domestic() {
        return domestic(Environment.LIVE_FACE);
    }

    @Test
    void rankings_are_sorted_and_agree_with_the_prices_of_their_stocks() {
        List<RankRow> traded = value(domestic().mostTraded(VolumeRanking.VOLUME));
        assertThat(traded).hasSize(30);
        assertThat(traded)
                .isSortedAccordingTo(Comparator.comparingLong(RankRow::volume).reversed())
                .extracting(RankRow::rank)
                .startsWith(1, 2, 3)
                .endsWith(30);
        assertThat(traded.getFirst().turnover()).isPresent();
        assertThat(traded.getFirst().marketCap()).isEmpty();
        PriceAnswer price = value(domestic().price(traded.getFirst().symbol()));
        assertThat(traded.getFirst().price()).isEqualTo(price.price());
        assertThat(traded.getFirst().change()).isEqualTo(price.change());

        List<RankRow> risers = value(domestic().risers());
        assertThat(risers)
                .isSortedAccordingTo(Comparator.comparing(RankRow::changePct).reversed());
        List<RankRow> largest = value(domestic().largestByMarketCap());
        assertThat(largest).isNotEmpty().allMatch(row -> row.marketCap().isPresent());
        assertThat(value(domestic().fallers())).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(Environment.class)
    void investor_days_agree_with_the_closes_of_the_chart(Environment face) {
        List<InvestorDay> days = value(domestic(face).investors(SAMSUNG));
        assertThat(days).hasSize(30);
        InvestorDay second = days.get(1);
        assertThat(second.close())
                .isEqualTo(value(domestic(face).chart(SAMSUNG, BarPeriod.DAY, second.date(), second.date()))
                        .getFirst()
                        .close());
        assertThat(second.foreigners()).isPresent();
    }

    @Test
    void the_chart_of_an_index_ends_with_its_present_value() {
        IndexAnswer index = value(domestic().index("0001"));
        LocalDate today = LocalDate.ofInstant(Instant.now(), TradingCalendar.SEOUL);
        List<IndexBar> bars = value(domestic().indexChart("0001", BarPeriod.DAY, today.minusDays(250), today));
        assertThat(bars)
                .extracting(IndexBar::date)
                .containsExactlyElementsOf(SimulatedBroker.chartDays(today.minusDays(250), today));
        assertThat(bars.getLast().close()).isEqualByComparingTo(index.value());
        assertThat(index.value().subtract(index.change()))
                .isEqualByComparingTo(bars.get(bars.size() - 2).close());
        assertThat(value(domestic(Environment.PAPER_FACE)
                        .indexChart("1001", BarPeriod.MONTH, today.minusYears(1), today)))
                .hasSizeBetween(12, 13);
    }

    @Test
    void an_index_is_named_by_four_digits() {
        assertThat(failure(domestic().index("KOSPI")).kind()).isEqualTo(KisFailure.Kind.INVALID_REQUEST);
        assertThat(failure(domestic().indexChart("001", BarPeriod.DAY, LocalDate.MIN, LocalDate.MAX))
                        .remedy())
                .contains("0001");
    }

    @Test
    void an_etf_has_its_net_asset_value_beside_the_price() {
        EtfAnswer etf = value(domestic().etf(KODEX_200));
        assertThat(etf.price()).isEqualTo(value(domestic().price(KODEX_200)).price());
        assertThat(etf.nav()).isGreaterThan(BigDecimal.ZERO);
        LocalDate to = LocalDate.of(2026, 11, 18);
        List<EtfNavDay> days = value(domestic().etfDays(KODEX_200, to.minusDays(99), to));
        assertThat(days)
                .extracting(EtfNavDay::date)
                .containsExactlyElementsOf(SimulatedBroker.chartDays(to.minusDays(99), to));
        assertThat(days.getLast().date()).isEqualTo(to);
    }

    @Test
    void market_days_are_paged_up_to_the_requested_day() {
        LocalDate from = LocalDate.of(2026, 11, 1);
        List<MarketDay> days = value(domestic().marketDays(from, from.plusDays(39)));
        assertThat(days)
                .extracting(MarketDay::date)
                .containsExactlyElementsOf(from.datesUntil(from.plusDays(40)).toList());
        // November 2026 has no holiday; a clock that is always open opens every day.
        var today = LocalDate.now(TradingCalendar.SEOUL);
        assertThat(days)
                .filteredOn(day -> !day.date().equals(today) && !day.date().equals(today.minusDays(1)))
                .allMatch(day -> day.open() == day.date().getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0);
        assertThat(failure(domestic().marketDays(from, from.minusDays(1))).msg1())
                .contains("backwards");
    }

    @Test
    void a_call_that_paper_does_not_offer_is_refused_with_a_remedy() {
        DomesticCalls calls = domestic(Environment.PAPER_FACE);
        LocalDate day = LocalDate.of(2026, 11, 20);
        Stream.of(
                        calls.mostTraded(VolumeRanking.AMOUNT),
                        calls.risers(),
                        calls.largestByMarketCap(),
                        calls.index("0001"),
                        calls.etf(KODEX_200),
                        calls.etfDays(KODEX_200, day, day),
                        calls.marketDays(day, day))
                .forEach(reply -> {
                    assertThat(failure(reply).kind()).isEqualTo(KisFailure.Kind.UNSUPPORTED);
                    assertThat(failure(reply).remedy()).isNotEmpty();
                });
    }
}
