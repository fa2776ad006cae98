package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders and queries given by their parameters, each with one value that KIS would surely refuse. */
class RequestValidationTest {
    private static final String CASH = "PDNO=005930 ORD_DVSN=00 ORD_QTY=1 ORD_UNPR=150000 EXCG_ID_DVSN_CD=KRX";
    private static final String REVISION =
            "KRX_FWDG_ORD_ORGNO=06010 ORGN_ODNO=0000000007 ORD_DVSN=00 RVSE_CNCL_DVSN_CD=01"
                    + " ORD_QTY=1 ORD_UNPR=150000 QTY_ALL_ORD_YN=N EXCG_ID_DVSN_CD=KRX";
    private static final String US_ORDER = "OVRS_EXCG_CD=NASD PDNO=AAPL ORD_QTY=1 OVRS_ORD_UNPR=145.00 CTAC_TLNO="
            + " MGCO_APTM_ODNO= SLL_TYPE= ORD_SVR_DVSN_CD=0 ORD_DVSN=00";

    @TempDir
    static Path folder;

    private static SimulatedBroker live;
    private static SimulatedBroker paper;

    @BeforeAll
    static void open() {
        live = SimulatedBroker.live(folder.resolve("live"));
        paper = SimulatedBroker.paper(folder.resolve("paper"));
    }

    @AfterAll
    static void close() {
        live.close();
        paper.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PDNO=5930",
                "PDNO=aapl",
                "ORD_QTY=0",
                "ORD_QTY=-1",
                "ORD_QTY=1.5",
                "ORD_QTY=ten",
                "ORD_UNPR=0",
                "ORD_UNPR=150050",
                "ORD_UNPR=1e5",
                "ORD_UNPR=-100",
                "ORD_DVSN=99",
                "ORD_DVSN=01",
                "ORD_DVSN=07",
                "ORD_DVSN=22",
                "ORD_DVSN=27",
                "EXCG_ID_DVSN_CD=KOSPI",
                "EXCG_ID_DVSN_CD=ALL"
            })
    void an_invalid_cash_order_is_refused_before_sending(String wrong) {
        refused(live, "TTTC0012U", CASH, wrong, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXCG_ID_DVSN_CD=NXT", "EXCG_ID_DVSN_CD=SOR", "ORD_DVSN=11"})
    void a_cash_order_that_paper_does_not_support_is_refused_before_sending(String wrong) {
        refused(paper, "VTTC0012U", CASH, wrong, "UNSUPPORTED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RVSE_CNCL_DVSN_CD=03",
                "QTY_ALL_ORD_YN=J",
                "ORGN_ODNO=0",
                "ORGN_ODNO=seven",
                "ORD_QTY=0",
                "ORD_UNPR=0",
                "ORD_UNPR=150001",
                "ORD_DVSN=99",
                "EXCG_ID_DVSN_CD=XXX"
            })
    void an_invalid_revision_is_refused_before_sending(String wrong) {
        refused(live, "TTTC0013U", REVISION, wrong, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OVRS_EXCG_CD=NAS",
                "OVRS_EXCG_CD=SEHK",
                "PDNO=aapl",
                "ORD_QTY=0",
                "ORD_QTY=0.5",
                "OVRS_ORD_UNPR=0",
                "OVRS_ORD_UNPR=145.005",
                "OVRS_ORD_UNPR=0.12345",
                "OVRS_ORD_UNPR=1,000",
                "ORD_DVSN=01",
                "ORD_DVSN=33"
            })
    void an_invalid_us_order_is_refused_before_sending(String wrong) {
        refused(live, "TTTT1002U", US_ORDER, wrong, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FHKST01010100 FID_COND_MRKT_DIV_CODE=X FID_INPUT_ISCD=005930",
                "FHKST01010100 FID_COND_MRKT_DIV_CODE=j FID_INPUT_ISCD=005930",
                "FHKST01010100 FID_COND_MRKT_DIV_CODE=J FID_INPUT_ISCD=5930",
                "FHKST03010100 FID_COND_MRKT_DIV_CODE=J FID_INPUT_ISCD=005930 FID_INPUT_DATE_1=2026-11-01"
                        + " FID_INPUT_DATE_2=20261120 FID_PERIOD_DIV_CODE=D FID_ORG_ADJ_PRC=0",
                "FHKST03010100 FID_COND_MRKT_DIV_CODE=J FID_INPUT_ISCD=005930 FID_INPUT_DATE_1=20261301"
                        + " FID_INPUT_DATE_2=20261120 FID_PERIOD_DIV_CODE=D FID_ORG_ADJ_PRC=0",
                "FHKST03010100 FID_COND_MRKT_DIV_CODE=J FID_INPUT_ISCD=005930 FID_INPUT_DATE_1=20261101"
                        + " FID_INPUT_DATE_2=20261120 FID_PERIOD_DIV_CODE=H FID_ORG_ADJ_PRC=0",
                "FHKST03010200 FID_COND_MRKT_DIV_CODE=J FID_INPUT_ISCD=005930 FID_INPUT_HOUR_1=9:30"
                        + " FID_PW_DATA_INCU_YN=N FID_ETC_CLS_CODE=",
                "HHDFS00000300 AUTH= EXCD=NASD SYMB=AAPL"
            })
    void an_invalid_query_is_refused_before_sending(String call) {
        String[] parts = call.split(" ", 2);
        assertThat(live.kis().call(parts[0], parameters(parts[1])))
                .isInstanceOfSatisfying(KisReply.Failed.class, it -> {
                    assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.INVALID_REQUEST);
                    assertThat(it.failure().remedy()).isNotEmpty();
                });
    }

    private static void refused(SimulatedBroker face, String trId, String good, String wrong, String code) {
        var sent = new HashMap<>(parameters(good));
        sent.putAll(parameters(wrong));
        assertThat(face.kis().send(trId, sent, CallOptions.standard()))
                .isInstanceOfSatisfying(Placement.NotSent.class, it -> {
                    assertThat(it.code()).isEqualTo(code);
                    assertThat(it.remedy()).isNotEmpty();
                });
    }

    private static Map<String, String> parameters(String text) {
        return Arrays.stream(text.split(" "))
                .map(it -> it.split("=", 2))
                .collect(Collectors.toMap(it -> it[0], it -> it[1]));
    }
}
