package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private static final Catalog CATALOG = Catalog.load();

    @Test
    void all_calls_and_realtime_trs_are_there() {
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
        assertThat(order.outputs().get("output"))
                .extracting(RestCall.Column::name)
                .containsExactly("KRX_FWDG_ORD_ORGNO", "ODNO", "ORD_TMD");
    }

    @Test
    void a_call_that_pages_names_its_keys() {
        assertThat(CATALOG.restById("domestic_stock_inquire_balance")
                        .orElseThrow()
                        .pagingKeys())
                .contains("FK100/NK100");
        assertThat(CATALOG.restById("domestic_stock_inquire_price")
                        .orElseThrow()
                        .pagingKeys())
                .isEmpty();
    }

    @Test
    void the_columns_of_a_realtime_tr_come_in_wire_order_and_capitals() {
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
}
