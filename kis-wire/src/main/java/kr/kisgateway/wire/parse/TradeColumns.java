package kr.kisgateway.wire.parse;

import java.util.List;

/** The names of H0STCNT0's columns as far as they are read, to report a bad one. */
final class TradeColumns {
    static final List<String> NAMES = List.of(
            "MKSC_SHRN_ISCD",
            "STCK_CNTG_HOUR",
            "STCK_PRPR",
            "PRDY_VRSS_SIGN",
            "PRDY_VRSS",
            "PRDY_CTRT",
            "WGHN_AVRG_STCK_PRC",
            "STCK_OPRC",
            "STCK_HGPR",
            "STCK_LWPR",
            "ASKP1",
            "BIDP1",
            "CNTG_VOL",
            "ACML_VOL",
            "ACML_TR_PBMN");

    private TradeColumns() {}
}
