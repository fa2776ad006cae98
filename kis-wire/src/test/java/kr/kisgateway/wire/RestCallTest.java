package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RestCallTest {
    @Test
    void orders_and_account_queries_reach_the_ledger_and_only_orders_change_it() {
        RestCall order = call("domestic_stock_order_cash");
        assertThat(order.isLedger()).isTrue();
        assertThat(order.isOrder()).isTrue();
        RestCall balance = call("domestic_stock_inquire_balance");
        assertThat(balance.isLedger()).isTrue();
        assertThat(balance.isOrder()).isFalse();
        RestCall price = call("domestic_stock_inquire_price");
        assertThat(price.isLedger()).isFalse();
        assertThat(price.isOrder()).isFalse();
        RestCall token = call("auth_auth_token");
        assertThat(token.method()).isEqualTo("POST");
        assertThat(token.isLedger()).isFalse();
        assertThat(token.isOrder()).isFalse();
    }

    @Test
    void the_list_of_an_answer_is_its_block_of_rows_before_one_that_may_be_either() {
        assertThat(call("domestic_stock_inquire_balance").listBlock()).contains("output1");
        assertThat(call("overseas_stock_dailyprice").listBlock()).contains("output2");
        assertThat(call("elw_lp_trade_trend").listBlock()).contains("output1");
        assertThat(call("domestic_stock_order_cash").listBlock()).isEmpty();
    }

    @Test
    void an_order_is_proven_by_its_number_or_by_its_processing() {
        assertThat(call("domestic_stock_order_cash").acceptanceColumns()).containsExactly("ODNO");
        assertThat(call("domestic_stock_order_resv").acceptanceColumns()).containsExactly("RSVN_ORD_SEQ");
        assertThat(call("domestic_stock_order_resv_rvsecncl").acceptanceColumns())
                .containsExactly("NRML_PRCS_YN");
        assertThat(call("overseas_stock_order_resv").acceptanceColumns()).containsExactly("ODNO", "OVRS_RSVN_ODNO");
        assertThat(call("domestic_stock_inquire_price").acceptanceColumns()).isEmpty();
    }

    @Test
    void the_body_itself_is_no_named_block() {
        assertThat(call("auth_auth_token").outputs())
                .extracting(RestCall.Block::name)
                .containsExactly(RestCall.Block.ROOT);
        assertThat(call("auth_auth_token").blockNames()).isEmpty();
        assertThat(call("domestic_stock_inquire_balance").blockNames()).containsExactly("output1", "output2");
    }

    @Test
    void all_ids_are_the_live_paper_and_legacy_ones() {
        assertThat(call("domestic_stock_order_cash").allTrIds())
                .containsExactly("TTTC0011U", "VTTC0011U", "TTTC0012U", "VTTC0012U", "TTTC0802U", "VTTC0802U");
    }

    private static RestCall call(String id) {
        return Catalog.load().restById(id).orElseThrow();
    }
}
