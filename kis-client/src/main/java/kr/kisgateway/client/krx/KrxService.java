package kr.kisgateway.client.krx;

import java.util.Locale;
import kr.kisgateway.market.Board;

/** The services in use, by the exchange's names. Each is approved for a key separately. */
enum KrxService {
    STK_BYDD_TRD("sto"),
    KSQ_BYDD_TRD("sto"),
    KNX_BYDD_TRD("sto"),
    STK_ISU_BASE_INFO("sto"),
    KSQ_ISU_BASE_INFO("sto"),
    KNX_ISU_BASE_INFO("sto"),
    ETF_BYDD_TRD("etp"),
    KOSPI_DD_TRD("idx"),
    KOSDAQ_DD_TRD("idx");

    private final String group;

    KrxService(String group) {
        this.group = group;
    }

    /** Group and name, {@code sto/stk_bydd_trd}. */
    String path() {
        return group + "/" + id();
    }

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static KrxService daily(Board market) {
        return switch (market) {
            case KOSPI -> STK_BYDD_TRD;
            case KOSDAQ -> KSQ_BYDD_TRD;
            case KONEX -> KNX_BYDD_TRD;
        };
    }

    static KrxService baseInfo(Board market) {
        return switch (market) {
            case KOSPI -> STK_ISU_BASE_INFO;
            case KOSDAQ -> KSQ_ISU_BASE_INFO;
            case KONEX -> KNX_ISU_BASE_INFO;
        };
    }
}
