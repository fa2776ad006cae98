package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private static final Catalog CATALOG = Catalog.load();

    @Test
    void the_catalog_has_all_calls_and_realtime_trs() {
        assertThat(CATALOG.restCalls()).hasSize(276);
        assertThat(CATALOG.realtimeTrs()).hasSize(60);
    }

    @Test
    void an_order_is_found_by_its_live_paper_and_old_ids_and_by_its_path() {
        RestCall order = CATALOG.restById("domestic_stock_order_cash").orElseThrow();

        assertThat(CATALOG.restByTrId("TTTC0012U")).containsExactly(order);
        assertThat(CATALOG.restByTrId("VTTC0011U")).containsExactly(order);
        assertThat(CATALOG.restByTrId("TTTC0802U")).containsExactly(order);
        assertThat(CATALOG.restByPath("/uapi/domestic-stock/v1/trading/order-cash"))
                .containsExactly(order);
        assertThat(order.method()).isEqualTo("POST");
        assertThat(order.trIds())
                .contains(new RestCall.TrId("ord_dv=buy", Optional.of("TTTC0012U"), Optional.of("VTTC0012U")));
        assertThat(order.params()).extracting(RestCall.Param::name).startsWith("CANO", "ACNT_PRDT_CD", "PDNO");
        assertThat(order.outputs()).singleElement().satisfies(block -> {
            assertThat(block.name()).isEqualTo("output");
            assertThat(block.columns())
                    .extracting(RestCall.Column::name)
                    .containsExactly("KRX_FWDG_ORD_ORGNO", "ODNO", "ORD_TMD");
        });
        assertThat(order.isOrder()).isTrue();
    }

    @Test
    void a_call_that_pages_names_its_keys() {
        assertThat(call("domestic_stock_inquire_balance").paging().orElseThrow())
                .isEqualTo(new RestCall.Paging(List.of("CTX_AREA_FK100", "CTX_AREA_NK100"), true, Map.of()));
        assertThat(call("domestic_stock_inquire_price").paging()).isEmpty();
        assertThat(call("overseas_futureoption_tick_ccnl")
                        .paging()
                        .orElseThrow()
                        .next())
                .containsExactly(Map.entry("QRY_TP", "P"));
    }

    @Test
    void each_paging_key_is_a_parameter_of_its_call() {
        assertThat(CATALOG.restCalls())
                .filteredOn(call -> call.paging().isPresent())
                .hasSizeGreaterThan(50)
                .allSatisfy(
                        call -> assertThat(call.paging().orElseThrow().keys()).isNotEmpty());
    }

    @Test
    void an_ambiguous_block_is_listed_under_both_names() {
        assertThat(call("elw_lp_trade_trend").blockNames()).containsExactly("output1", "output2");
    }

    @Test
    void every_note_is_about_a_call_that_exists() {
        assertThat(Resources.text("catalog-notes.json").lines().filter(line -> line.startsWith("{")))
                .allSatisfy(line -> assertThat(CATALOG.restById(line.replaceAll("^.\"id\": \"([a-z_0-9]+)\".*$", "$1")))
                        .as(line)
                        .isPresent());
    }

    @Test
    void every_note_about_a_realtime_tr_is_about_one_that_exists() {
        assertThat(Resources.text("realtime-notes.json").lines().filter(line -> line.startsWith("{")))
                .isNotEmpty()
                .allSatisfy(
                        line -> assertThat(CATALOG.realtime(line.replaceAll("^.\"trId\": \"([A-Z0-9]+)\".*$", "$1")))
                                .as(line)
                                .isPresent());
    }

    @Test
    void a_call_missing_in_paper_names_an_alternative() {
        assertThat(call("domestic_stock_inquire_psbl_rvsecncl").paperRemark().orElseThrow())
                .contains("CCLD_DVSN 02");
    }

    private static RestCall call(String id) {
        return CATALOG.restById(id).orElseThrow();
    }

    @Test
    void the_columns_of_a_realtime_tr_are_in_wire_order_and_upper_case() {
        assertThat(CATALOG.columns("H0STCNT0"))
                .hasSize(46)
                .startsWith("MKSC_SHRN_ISCD", "STCK_CNTG_HOUR", "STCK_PRPR")
                .endsWith("VI_STND_PRC");
        assertThat(CATALOG.columns("HDFSCNT0")).hasSize(26).startsWith("RSYM", "SYMB");
        assertThat(CATALOG.columns("NOSUCHTR")).isEmpty();
    }

    @Test
    void paper_ids_and_aliases_lead_to_the_same_tr() {
        RealtimeTr notice = CATALOG.realtime("H0STCNI0").orElseThrow();

        assertThat(notice.encrypted()).isTrue();
        assertThat(CATALOG.realtime("H0STCNI9")).contains(notice);
        assertThat(CATALOG.realtime("K0STCNI0")).contains(notice);
        assertThat(CATALOG.realtime("K0STCNI9")).contains(notice);
    }

    @Test
    void a_current_id_comes_before_a_legacy_one() {
        assertThat(CATALOG.restByTrId("FHKST03010200"))
                .extracting(RestCall::id)
                .containsExactly(
                        "domestic_stock_inquire_time_itemchartprice", "domestic_stock_inquire_daily_indexchartprice");
        assertThat(CATALOG.restByTrId("FHPEW02780000"))
                .extracting(RestCall::id)
                .containsExactly("elw_volume_rank", "domestic_stock_inquire_daily_price");
    }

    @Test
    void the_calls_of_the_catalog_cannot_be_modified() {
        assertThat(CATALOG.restByTrId("TTTC0012U")).isUnmodifiable();
        assertThat(CATALOG.restByPath("/uapi/domestic-stock/v1/trading/order-cash"))
                .isUnmodifiable();
    }

    @Test
    void exactly_the_encrypted_trs_are_about_the_customers_orders() {
        assertThat(CATALOG.realtime("H0STCNI0").orElseThrow().isNotice()).isTrue();
        assertThat(CATALOG.realtime("H0GSCNI0").orElseThrow().isNotice()).isTrue();
        assertThat(CATALOG.realtime("H0STCNT0").orElseThrow().isNotice()).isFalse();
    }
}
