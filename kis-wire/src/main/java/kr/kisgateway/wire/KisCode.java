package kr.kisgateway.wire;

/**
 * The meaning and the consequences of one {@code msg_cd}.
 *
 * @param code as KIS writes it, for example {@code EGW00201}
 * @param area where KIS sends it
 * @param retry whether the same request may be sent again
 * @param severity its severity for the operator
 * @param causeKo the cause in Korean, in KIS's words where they are documented
 * @param causeEn the cause in English
 * @param actor who must act
 * @param action what to do, in English
 * @param actionKo the same in Korean
 */
public record KisCode(
        String code,
        Area area,
        RetryClass retry,
        Severity severity,
        String causeKo,
        String causeEn,
        Actor actor,
        String action,
        String actionKo) {
    /** Whether KIS itself failed, rather than refused: its servers, or the connection to them. */
    public boolean isServerFault() {
        return severity == Severity.HIGH && (retry == RetryClass.READ || retry == RetryClass.UNKNOWN);
    }
}
