package kr.kisgateway.client.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MasterTableTest {
    @Test
    void a_stock_line_becomes_a_listing() {
        StockListing stock = sample(MasterFile.KOSPI).stocks().getFirst();
        assertThat(stock.market()).isEqualTo(Board.KOSPI);
        assertThat(stock.symbol()).contains(new Symbol("005930"));
        assertThat(stock.isin()).isEqualTo("KR7005930003");
        assertThat(stock.name()).isEqualTo("가나다전자");
        assertThat(stock.group().is(SecurityGroup.STOCK)).isTrue();
        assertThat(stock.basePrice()).hasValue(71500);
        assertThat(stock.lot()).hasValue(1);
        assertThat(stock.listedThousandShares()).hasValue(5969782);
        assertThat(stock.listedOn()).contains(LocalDate.of(1975, 6, 11));
        assertThat(stock.warning().is(MarketWarning.NONE)).isTrue();
        assertThat(List.of(stock.halted(), stock.liquidation(), stock.managed(), stock.warningAhead()))
                .containsOnly(false);
    }

    @Test
    void every_other_field_is_read_by_its_name() {
        MasterRow row = sample(MasterFile.KOSPI).rows().getFirst();
        assertThat(row.text("krx_smcn_yn")).isEqualTo("Y");
        assertThat(row.decimal("roe")).contains(new BigDecimal("8.70"));
        assertThat(row.number("prdy_vol")).hasValue(12345678);
        assertThat(row.number("sale_account")).isEmpty();
        assertThat(row.date("base_date")).isEmpty();
        assertThatThrownBy(() -> row.text("stck_prpr"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stck_sdpr");
        assertThatThrownBy(() -> row.number("roe"))
                .isInstanceOf(BadMasterFieldException.class)
                .hasMessageContaining("roe");
    }

    @Test
    void etfs_etns_funds_and_odd_codes_are_rows_of_the_kospi_file() {
        List<StockListing> all = sample(MasterFile.KOSPI).stocks();
        assertThat(all)
                .filteredOn(StockListing::isEtf)
                .extracting(StockListing::code)
                .containsExactly("069500");
        assertThat(all)
                .filteredOn(StockListing::isEtn)
                .extracting(StockListing::code)
                .containsExactly("Q500099");
        assertThat(all)
                .filteredOn(it -> it.symbol().isEmpty())
                .extracting(StockListing::code)
                .containsExactly("F70100026");
        assertThat(all).extracting(StockListing::code).contains("0001A0");
        assertThat(all).noneMatch(StockListing::isElw);
    }

    @Test
    void warnings_and_halts_are_read_and_unknown_codes_are_retained() {
        List<StockListing> all = sample(MasterFile.KOSPI).stocks();
        StockListing halted = all.get(5);
        assertThat(halted.halted()).isTrue();
        assertThat(halted.managed()).isTrue();
        assertThat(halted.warningAhead()).isTrue();
        assertThat(halted.warning().is(MarketWarning.WARNING)).isTrue();
        StockListing leaving = all.get(6);
        assertThat(leaving.liquidation()).isTrue();
        assertThat(leaving.listedOn()).isEmpty();
        assertThat(leaving.warning()).isEqualTo(new Coded<MarketWarning>("09", java.util.Optional.empty()));
        assertThat(all.get(7).group().recognized()).isEmpty();
        assertThat(all.get(7).group().code()).isEqualTo("ZZ");
    }

    @Test
    void listings_of_two_days_are_equal_when_nothing_changed() {
        assertThat(sample(MasterFile.KOSPI).stocks())
                .isEqualTo(sample(MasterFile.KOSPI).stocks())
                .doesNotHaveDuplicates();
        byte[] changed = MstPrinter.sample("kospi_code.mst");
        changed[287] = 'Y'; // the last field of the first line, which is in no typed listing
        assertThat(MasterTable.parse(MasterFile.KOSPI, changed).stocks().getFirst())
                .isNotEqualTo(sample(MasterFile.KOSPI).stocks().getFirst());
    }

    @Test
    void flags_are_read_in_both_of_the_brokers_spellings() {
        for (String yes : List.of("Y", "1")) {
            assertThat(halted(yes)).isTrue();
        }
        for (String no : List.of("N", "0", "")) {
            assertThat(halted(no)).isFalse();
        }
    }

    @Test
    void kosdaq_and_konex_have_tails_of_their_own() {
        StockListing kosdaq = sample(MasterFile.KOSDAQ).stocks().getFirst();
        assertThat(kosdaq.market()).isEqualTo(Board.KOSDAQ);
        assertThat(kosdaq.basePrice()).hasValue(45600);
        assertThat(kosdaq.row().text("ksq150_nmix_yn")).isEqualTo("Y");
        StockListing konex = sample(MasterFile.KONEX).stocks().getFirst();
        assertThat(konex.market()).isEqualTo(Board.KONEX);
        assertThat(konex.listedOn()).contains(LocalDate.of(2017, 11, 28));
        assertThat(konex.basePrice()).hasValue(12200);
    }

    @Test
    void an_overseas_line_becomes_a_listing() {
        List<OverseasListing> all = sample(MasterFile.NASDAQ).overseas();
        OverseasListing apple = all.getFirst();
        assertThat(apple.exchange()).isEqualTo("NAS");
        assertThat(apple.symbol()).isEqualTo("AAPL");
        assertThat(apple.realtimeSymbol()).isEqualTo("DNASAAPL");
        assertThat(apple.koreanName()).isEqualTo("애플");
        assertThat(apple.englishName()).isEqualTo("APPLE INC");
        assertThat(apple.type().is(OverseasType.STOCK)).isTrue();
        assertThat(apple.currency()).isEqualTo("USD");
        assertThat(apple.basePrice()).contains(new BigDecimal("266.2500"));
        assertThat(apple.bidLot()).hasValue(1);
        assertThat(apple.row().text("ttyp_sb")).isEmpty();
        assertThat(all.get(1).row().text("etyp")).isEqualTo("001");
        assertThat(all.get(2).basePrice()).isEmpty();
        assertThat(all.get(2).type().is(OverseasType.INDEX)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ELW, elw_pblc_istu_name, 견본증권",
        "ELW, rght_type_cls_code, C",
        "SECTORS, idx_name, 종합",
        "SECTORS, idx_code, 0001",
        "THEMES, theme_name, 반도체 장비",
        "THEMES, shrn_iscd, 005930",
        "MEMBERS, mbcr_name, 한국투자견본",
        "MEMBERS, glob_yn, 0",
        "INDEX_DERIVATIVES, unas_name, KOSPI200",
        "INDEX_DERIVATIVES, kor_name, F 202612",
        "COMMODITY_DERIVATIVES, prod_name, 3년국채",
        "COMMODITY_DERIVATIVES, stnd_iscd, KR4165WC0005",
        "BONDS, sname, 국고견본 03250-5499(24-9)",
        "BONDS, rdmp_date, 20540910"
    })
    void every_file_is_split_by_its_layout(MasterFile file, String field, String value) {
        assertThat(sample(file).rows().getFirst().text(field)).isEqualTo(value);
    }

    @Test
    void bonds_are_read_with_and_without_the_columns_at_their_end() {
        List<MasterRow> bonds = sample(MasterFile.BONDS).rows();
        assertThat(bonds.getFirst().decimal("srfc_intrt")).isEmpty();
        assertThat(bonds.get(1).decimal("srfc_intrt")).contains(new BigDecimal("2.000000"));
        assertThat(bonds.get(1).date("sale_date")).contains(LocalDate.of(2024, 12, 31));
    }

    @ParameterizedTest
    @CsvSource({
        "KOSPI, 73, 248",
        "KOSDAQ, 67, 242",
        "KONEX, 41, 205",
        "ELW, 30, 270",
        "SECTORS, 3, 5",
        "THEMES, 4, 12",
        "MEMBERS, 3, 6",
        "STOCK_DERIVATIVES, 9, 0",
        "COMMODITY_DERIVATIVES, 10, 76",
        "BONDS, 11, 106",
        "NYSE, 24, 242"
    })
    void the_layouts_have_the_widths_of_the_brokers_structures(MasterFile file, int fields, int bytes) {
        assertThat(file.fields()).hasSize(fields);
        assertThat(file.fields().stream().mapToInt(it -> it.width().orElse(0)).sum())
                .isEqualTo(bytes);
        assertThat(file.fields()).allSatisfy(it -> assertThat(it.koreanName()).isNotBlank());
    }

    @ParameterizedTest
    @EnumSource(MasterFile.class)
    void every_file_has_a_layout(MasterFile file) {
        assertThat(file.fields()).isNotEmpty();
    }

    @Test
    void a_bad_line_is_skipped_counted_and_named_and_affects_no_other() {
        var out = new ByteArrayOutputStream();
        byte[] good = MstPrinter.stocks(MasterFile.KOSPI, 3);
        out.writeBytes(good);
        out.writeBytes("short\n\n".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(good);
        MasterTable table = MasterTable.parse(MasterFile.KOSPI, out.toByteArray());
        assertThat(table.stocks()).hasSize(6);
        assertThat(table.rows()).hasSize(6);
        assertThat(table.badLineCount()).isEqualTo(1);
        assertThat(table.badLines()).containsExactly(new MasterTable.BadLine(4, "has 5 bytes, too few for its fields"));
        assertThat(table.isTrustworthy()).isFalse();
    }

    @Test
    void one_bad_line_in_a_hundred_is_tolerated_and_two_are_not() {
        byte[] good = MstPrinter.stocks(MasterFile.KOSDAQ, 99);
        byte[] bad = "bad\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(MasterTable.parse(MasterFile.KOSDAQ, join(good, bad)).isTrustworthy())
                .isTrue();
        assertThat(MasterTable.parse(MasterFile.KOSDAQ, join(good, bad, bad)).isTrustworthy())
                .isFalse();
        assertThat(MasterTable.parse(MasterFile.KOSDAQ, new byte[0]).isTrustworthy())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "stck_sdpr, 12a",
        "trht_yn, X",
        "stnd_iscd, KR7 05930003",
        "scrt_grp_cls_code, 1T",
        "mksc_shrn_iscd, 00_930",
        "stck_lstn_date, 20241301",
        "lstn_stcn, 1.5"
    })
    void a_line_with_an_invalid_typed_field_is_bad_and_its_value_is_not_quoted(String field, String value) {
        var values = new java.util.HashMap<>(
                Map.of("mksc_shrn_iscd", "005930", "stnd_iscd", "KR7005930003", "scrt_grp_cls_code", "ST"));
        values.put(field, value);
        MasterTable table = MasterTable.parse(MasterFile.KOSPI, MstPrinter.line(MasterFile.KOSPI, values));
        assertThat(table.badLines())
                .singleElement()
                .satisfies(it -> assertThat(it.problem()).startsWith(field).doesNotContain(value));
    }

    @Test
    void a_tail_that_has_grown_is_refused_and_not_misread() {
        byte[] line = MstPrinter.sample("kospi_code.mst");
        line = Arrays.copyOf(line, 288);
        for (int extra = 1; extra <= 20; extra++) {
            byte[] grown = Arrays.copyOf(line, 288 + extra);
            Arrays.fill(grown, 288, grown.length, (byte) 'N');
            assertThat(MasterTable.parse(MasterFile.KOSPI, grown).rows())
                    .as("%d more bytes", extra)
                    .isEmpty();
        }
    }

    @Test
    void columns_between_name_and_tail_do_not_move_the_tail() {
        byte[] line = Arrays.copyOf(MstPrinter.sample("kospi_code.mst"), 288);
        byte[] wider = join(
                Arrays.copyOf(line, 61),
                "     ".getBytes(StandardCharsets.US_ASCII),
                Arrays.copyOfRange(line, 61, 288));
        StockListing stock = MasterTable.parse(MasterFile.KOSPI, wider).stocks().getFirst();
        assertThat(stock.basePrice()).hasValue(71500);
        assertThat(stock.name()).isEqualTo("가나다전자");
    }

    @Test
    void a_name_that_the_broker_cut_through_a_character_loses_that_character_only() {
        byte[] line = Arrays.copyOf(MstPrinter.sample("kospi_code.mst"), 288);
        byte[] name = "a가나다라마바사아자차카타파하가나다라마바".getBytes(MstPrinter.CP949);
        System.arraycopy(name, 0, line, 21, 40);
        MasterTable table = MasterTable.parse(MasterFile.KOSPI, line);
        assertThat(table.stocks().getFirst().name()).isEqualTo("a가나다라마바사아자차카타파하가나다라마");
        assertThat(table.stocks().getFirst().basePrice()).hasValue(71500);
    }

    @Test
    void bytes_that_are_no_cp949_make_the_line_bad() {
        byte[] line = Arrays.copyOf(MstPrinter.sample("kospi_code.mst"), 288);
        line[23] = (byte) 0xff;
        line[24] = (byte) 0xff;
        assertThat(MasterTable.parse(MasterFile.KOSPI, line).badLines())
                .singleElement()
                .satisfies(it -> assertThat(it.problem()).isEqualTo("hts_kor_isnm is not cp949"));
    }

    private static boolean halted(String flag) {
        byte[] line = MstPrinter.line(
                MasterFile.KOSPI,
                Map.of(
                        "mksc_shrn_iscd", "005930",
                        "stnd_iscd", "KR7005930003",
                        "scrt_grp_cls_code", "ST",
                        "trht_yn", flag));
        return MasterTable.parse(MasterFile.KOSPI, line).stocks().getFirst().halted();
    }

    private static MasterTable sample(MasterFile file) {
        String name = file == MasterFile.STOCK_DERIVATIVES ? "fo_idx_code_mts.mst" : file.fileName();
        MasterTable table = MasterTable.parse(file, MstPrinter.sample(name));
        assertThat(table.badLines()).isEmpty();
        assertThat(table.isTrustworthy()).isTrue();
        return table;
    }

    private static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
