package kr.kisgateway.gateway.aegis;

import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import kr.kisgateway.api.aegis.AegisAnswer;
import kr.kisgateway.api.aegis.AegisBatchAnswer;
import kr.kisgateway.api.aegis.AegisOrderAnswer;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.order.BatchAnswer;
import kr.kisgateway.api.order.PlaceAnswer;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.ApiVersion;

/**
 * A version of the AEGIS-compatible names.
 *
 * @param entry its name, path and dates
 * @param hasMarketCap whether t1101 has {@code marketCap}
 * @param hasBatchCode whether {@code rsp_cd} 901 exists
 * @param compresses whether messages of its stream may be compressed
 * @param on whether its calls are answered now
 */
record AegisVersion(
        VersionTable.Entry entry, boolean hasMarketCap, boolean hasBatchCode, boolean compresses, BooleanSupplier on)
        implements ApiVersion {
    /** Version 3.0, which has no switch. */
    static AegisVersion v30(VersionTable table) {
        return new AegisVersion(table.of("v3.0"), false, false, false, () -> true);
    }

    /** Version 3.1. */
    static AegisVersion v31(VersionTable table, BooleanSupplier on) {
        return new AegisVersion(table.of("v3.1"), true, true, true, on);
    }

    /** A path of this version. */
    String path(String rest) {
        return entry.path() + rest;
    }

    @Override
    public String prefix() {
        return entry.path();
    }

    @Override
    public Map<String, String> headers() {
        return entry.headers();
    }

    @Override
    public Optional<Refusal> refusal() {
        return on.getAsBoolean()
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        ErrorCode.API_VERSION_OFF,
                        "Version " + entry.name()
                                + " of the API is switched off; /v1/versions lists those that are on."));
    }

    @Override
    public Object answer(Object record) {
        return switch (record) {
            case AegisAnswer answer -> answer;
            case PlaceAnswer placed -> new AegisOrderAnswer(AegisCode.OK.text(), AegisCode.OK.message(), placed);
            case BatchAnswer batch -> new AegisBatchAnswer(AegisCode.OK.text(), AegisCode.OK.message(), batch);
            default -> throw new IllegalStateException("no answer of this version: " + record.getClass());
        };
    }

    @Override
    public Object refused(Refusal refusal, String path, String traceId) {
        return code(refusal, path.startsWith(path(AegisOrders.PATH))).refusal(refusal, traceId);
    }

    /** @param order whether the refusal is of a call that places orders */
    AegisCode code(Refusal refusal, boolean order) {
        return AegisCode.of(refusal.code(), order, hasBatchCode);
    }
}
