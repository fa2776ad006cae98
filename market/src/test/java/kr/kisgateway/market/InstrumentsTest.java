package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class InstrumentsTest {
    /** Parsed for each test: the parser is what they verify. */
    private final Instruments listing = Instruments.load();

    private Instrument of(String code) {
        return listing.find(new Symbol(code)).orElseThrow();
    }

    private long count(Board market, Product product) {
        return listing.all().stream()
                .filter(i -> i.board() == market && i.product() == product)
                .count();
    }

    @Test
    void samsung_is_listed_with_all_fields_of_the_sources() {
        assertThat(of("005930"))
                .isEqualTo(new Instrument(
                        new Symbol("005930"),
                        Optional.of("KR7005930003"),
                        "삼성전자",
                        Optional.of("SamsungElectronics"),
                        Board.KOSPI,
                        Product.STOCK,
                        Optional.of("통신 및 방송 장비 제조업"),
                        Optional.of(LocalDate.of(1975, 6, 11)),
                        5_919_637_922L,
                        OptionalLong.of(100),
                        199_400,
                        LocalDate.of(2026, 3, 20),
                        35_279_762,
                        7_019_725_077_866L));
    }

    @Test
    void an_etf_is_listed_on_kospi_with_its_close_of_the_daily_file() {
        var kodex = of("069500");
        assertThat(kodex.name()).isEqualTo("KODEX 200");
        assertThat(kodex.board()).isEqualTo(Board.KOSPI);
        assertThat(kodex.product()).isEqualTo(Product.ETF);
        assertThat(kodex.close()).isEqualTo(34_970);
        assertThat(kodex.closeDate()).isEqualTo(LocalDate.of(2024, 1, 5));
        assertThat(kodex.isin()).isEmpty();
        assertThat(kodex.nameEn()).isEmpty();
        assertThat(kodex.faceValue()).isEmpty();
    }

    @Test
    void every_stock_and_etf_of_the_sources_is_listed_once() {
        assertThat(count(Board.KOSPI, Product.STOCK)).isEqualTo(951);
        assertThat(count(Board.KOSDAQ, Product.STOCK)).isEqualTo(1_818);
        assertThat(count(Board.KONEX, Product.STOCK)).isEqualTo(110);
        assertThat(count(Board.KOSPI, Product.ETF)).isEqualTo(812);
        assertThat(listing.size()).isEqualTo(951 + 1_818 + 110 + 812);
        assertThat(listing.all()).extracting(Instrument::symbol).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void the_listing_decides_and_265_stocks_have_no_english_name() {
        var withoutName = listing.all().stream()
                .filter(i -> i.product() == Product.STOCK && i.nameEn().isEmpty())
                .toList();
        assertThat(withoutName).hasSize(265).allMatch(i -> i.faceValue().isEmpty());
    }

    @Test
    void shares_without_par_and_pars_in_foreign_money_have_no_face_value() {
        assertThat(of("088980").nameEn()).contains("Macquarie Korea Infrastructure Fund"); // 무액면
        assertThat(of("088980").faceValue()).isEmpty();
        assertThat(of("900140").nameEn()).contains("LVMC Holdings"); // .25
        assertThat(of("900140").faceValue()).isEmpty();
        assertThat(of("950160").nameEn()).contains("Kolon TissueGene, Inc."); // 0
        assertThat(of("950160").faceValue()).isEmpty();
    }

    @Test
    void commas_inside_quotes_belong_to_the_field() {
        assertThat(of("0008Z0").industry()).contains("전동기, 발전기 및 전기 변환 · 공급 · 제어 장치 제조업");
    }

    @Test
    @Requirement(value = "I-09", clause = "listing")
    void sixty_listed_codes_carry_letters_and_an_unlisted_code_is_not_found() {
        var withLetters = listing.all().stream()
                .filter(i -> i.product() == Product.STOCK && i.symbol().code().matches(".*[A-Z].*"))
                .toList();
        assertThat(withLetters).hasSize(60);
        assertThat(listing.find(new Symbol("999999"))).isEmpty();
    }

    @Test
    void the_listing_is_real_data_with_two_closes_off_tick_and_107_silent_stocks() {
        List<String> offTick = listing.all().stream()
                .filter(i -> !PriceRules.isOnTick(i.product(), i.close(), i.closeDate()))
                .map(i -> i.symbol().code())
                .toList();
        assertThat(offTick).containsExactly("444920", "477340");
        assertThat(listing.all().stream().filter(i -> i.product() == Product.STOCK && i.volume() == 0))
                .hasSize(107);
    }

    @Test
    void a_stock_takes_precedence_over_an_etf_and_a_second_stock_with_its_code() {
        var stock = of("005930");
        var etf = new Instrument(
                stock.symbol(),
                Optional.empty(),
                "an ETF of the same code",
                Optional.empty(),
                Board.KOSPI,
                Product.ETF,
                Optional.empty(),
                Optional.empty(),
                1,
                OptionalLong.empty(),
                10_000,
                stock.closeDate(),
                0,
                0);

        assertThat(Instruments.of(List.of(stock), List.of(etf)).all()).containsExactly(stock);
        assertThatThrownBy(() -> Instruments.of(List.of(stock, stock), List.of()))
                .hasMessage("005930 is listed twice");
    }

    @Test
    void a_preferred_stock_has_neither_industry_nor_listing_date_in_the_source() {
        assertThat(of("000087").name()).isEqualTo("하이트진로2우B");
        assertThat(of("000087").industry()).isEmpty();
        assertThat(of("000087").listedOn()).isEmpty();
        assertThat(of("000087").isin()).contains("KR7000082008");
    }

    @Test
    void instruments_are_ordered_by_code_whatever_the_order_of_their_source() {
        var samsung = of("005930");
        var kodex = of("069500");
        var dongwha = of("000020");
        assertThat(Instruments.of(List.of(samsung, dongwha), List.of(kodex)).all())
                .containsExactly(dongwha, samsung, kodex);
    }
}
