package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallRoutesTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final CallRoutes LIVE = new CallRoutes(CATALOG, false);
    private static final CallRoutes PAPER = new CallRoutes(CATALOG, true);

    private static final String ORDER = "/uapi/domestic-stock/v1/trading/order-cash";
    private static final String BALANCE = "/uapi/domestic-stock/v1/trading/inquire-balance";

    @ParameterizedTest
    @ValueSource(strings = {"TTTC0011U", "TTTC0012U", "TTTC0802U", "TTTC0801U"})
    void a_live_order_is_found_by_its_current_and_earlier_live_ids(String trId) {
        assertThat(LIVE.find("POST", ORDER, trId)).isEqualTo(found("domestic_stock_order_cash"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"VTTC0011U", "VTTC0012U", "VTTC0802U", "VTTC0801U"})
    void a_paper_order_is_found_by_its_current_and_earlier_paper_ids(String trId) {
        assertThat(PAPER.find("POST", ORDER, trId)).isEqualTo(found("domestic_stock_order_cash"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"VTTC0011U", "VTTC0012U", "VTTC0802U", "VTTC0801U", "VNOSUCH1U"})
    void a_paper_id_never_reaches_the_live_environment(String trId) {
        assertThat(LIVE.find("POST", ORDER, trId)).isEqualTo(new CallRoutes.Route.OtherEnvironment());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TTTC0011U", "TTTC0012U", "TTTC0802U", "TTTC0801U"})
    void a_live_id_is_none_of_the_practice_system(String trId) {
        assertThat(PAPER.find("POST", ORDER, trId)).isEqualTo(new CallRoutes.Route.OtherEnvironment());
    }

    @Test
    void an_id_of_another_call_or_of_none_is_unknown() {
        for (String trId : new String[] {"TTTC8434R", "FHKST01010100", "TTTC9999U", ""}) {
            assertThat(LIVE.find("POST", ORDER, trId)).isEqualTo(new CallRoutes.Route.Unknown());
            assertThat(PAPER.find("POST", ORDER, trId)).isEqualTo(new CallRoutes.Route.Unknown());
        }
    }

    @Test
    void another_method_or_path_is_unknown() {
        assertThat(LIVE.find("GET", ORDER, "TTTC0012U")).isEqualTo(new CallRoutes.Route.Unknown());
        assertThat(PAPER.find("GET", ORDER, "VTTC0012U")).isEqualTo(new CallRoutes.Route.Unknown());
        assertThat(PAPER.find("GET", ORDER, "TTTC0012U")).isEqualTo(new CallRoutes.Route.Unknown());
        assertThat(LIVE.find("POST", ORDER + "x", "TTTC0012U")).isEqualTo(new CallRoutes.Route.Unknown());
        assertThat(PAPER.find("POST", ORDER + "x", "TTTC0012U")).isEqualTo(new CallRoutes.Route.Unknown());
    }

    @Test
    void an_earlier_id_that_another_call_has_now_belongs_to_that_call() {
        String minutes = "/uapi/domestic-stock/v1/quotations/inquire-time-itemchartprice";
        String indexDays = "/uapi/domestic-stock/v1/quotations/inquire-daily-indexchartprice";
        assertThat(call("domestic_stock_inquire_daily_indexchartprice").legacyTrIds())
                .contains("FHKST03010200");

        assertThat(LIVE.find("GET", minutes, "FHKST03010200"))
                .isEqualTo(found("domestic_stock_inquire_time_itemchartprice"));
        assertThat(LIVE.find("GET", indexDays, "FHKST03010200")).isEqualTo(new CallRoutes.Route.Unknown());
    }

    @Test
    void a_path_of_the_catalog_is_known() {
        assertThat(LIVE.hasPath(ORDER)).isTrue();
        assertThat(LIVE.hasPath("/uapi/domestic-stock/v1/trading/no-such-call")).isFalse();
    }

    @Test
    void an_id_of_no_current_call_is_a_legacy_one() {
        assertThat(LIVE.isLegacyTrId("TTTC0802U")).isTrue();
        assertThat(PAPER.isLegacyTrId("VTTC0802U")).isTrue();
        assertThat(LIVE.isLegacyTrId("TTTC0801U")).isTrue();
        assertThat(LIVE.isLegacyTrId("TTTC0012U")).isFalse();
        assertThat(LIVE.isLegacyTrId("VTTC0012U")).as("the other environment's").isFalse();
        assertThat(LIVE.isLegacyTrId("TTTC8434R")).isFalse();
        assertThat(LIVE.isLegacyTrId("FHKST03010200")).as("earlier and current").isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "TTTC8434R, VTTC8434R, /uapi/domestic-stock/v1/trading/inquire-balance",
        "TTTC8001R, VTSC9115R, /uapi/domestic-stock/v1/trading/inquire-daily-ccld",
        "TTTS3012R, VTTS3012R, /uapi/overseas-stock/v1/trading/inquire-balance"
    })
    void an_account_query_is_found_by_the_id_of_its_environment(String live, String paper, String path) {
        assertThat(LIVE.accountQuery(live)).contains(path);
        assertThat(PAPER.accountQuery(paper)).contains(path);
        assertThat(LIVE.accountQuery(paper)).isEmpty();
        assertThat(PAPER.accountQuery(live)).isEmpty();
    }

    @Test
    void an_order_and_a_quote_are_no_account_queries() {
        assertThat(call("domestic_stock_inquire_balance").path()).isEqualTo(BALANCE);
        assertThat(LIVE.accountQuery("TTTC0012U")).as("an order").isEmpty();
        assertThat(LIVE.accountQuery("FHKST01010100")).as("a quote").isEmpty();
        assertThat(LIVE.accountQuery("NOSUCH")).isEmpty();
    }

    private static CallRoutes.Route found(String id) {
        return new CallRoutes.Route.Found(call(id));
    }

    private static RestCall call(String id) {
        return CATALOG.restById(id).orElseThrow();
    }
}
