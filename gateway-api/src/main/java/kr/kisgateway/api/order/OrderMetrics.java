package kr.kisgateway.api.order;

/**
 * Order counts since the gateway started; {@code queue_depth} and {@code unknown} are current. | 게이트웨이 시작 이후의 주문 집계.
 * queue_depth 와 unknown 은 현재 값입니다.
 *
 * @param queueDepth Orders that wait to be sent. | 전송 대기 중인 주문 수.
 * @param accepted Orders accepted. | 접수한 주문 수.
 * @param deduplicated Requests answered with the earlier answer of the same idempotency key. | 같은 멱등키의 이전 응답을 재사용한 요청
 *     수.
 * @param processed Orders whose sending started. | 전송을 시작한 주문 수.
 * @param sent Orders that KIS accepted. | KIS 가 접수한 주문 수.
 * @param rejected Orders that ended rejected, by KIS or by the gateway. | 거부된 주문 수(KIS 또는 게이트웨이).
 * @param filled Orders filled completely. | 전량체결된 주문 수.
 * @param retried Attempts that KIS definitely did not accept, which are retried while attempts are left. | KIS 가 받지
 *     않은 것이 확실한 전송 시도 수. 횟수가 남아 있으면 재시도합니다.
 * @param retryExhausted Orders rejected because no attempts were left. | 전송 시도를 모두 소진하여 거부된 주문 수.
 * @param terminal Orders that ended: filled, canceled, rejected or expired. | 종료된 주문 수(체결·취소·거부·만료).
 * @param unknown Orders that are {@code UNKNOWN} now. | 현재 UNKNOWN 상태인 주문 수.
 * @param canceled Orders canceled. | 취소된 주문 수.
 * @param modified Modifications accepted. | 접수한 정정 수.
 * @param inDoubt Requests sent whose outcome was not known, such as after a lost answer. | 응답 유실 등으로 확인이 필요했던 요청 수.
 * @param resolved Requests in doubt that operators resolved. | 운영자가 수동 확정한 요청 수.
 * @param lateAcceptances Orders that were closed as not found and then appeared at the broker. | 미발견으로 종료한 뒤 증권사에서
 *     확인된 주문 수(지연 확인).
 * @param adopted External orders adopted. | 편입한 외부 주문 수.
 * @param alerts Alerts raised by the order desk. | 주문 데스크가 발생시킨 알림 수.
 * @param reconciliation Comparisons with the broker's lists of orders. | 증권사 주문 목록과의 대사 집계.
 */
public record OrderMetrics(
        long queueDepth,
        long accepted,
        long deduplicated,
        long processed,
        long sent,
        long rejected,
        long filled,
        long retried,
        long retryExhausted,
        long terminal,
        long unknown,
        long canceled,
        long modified,
        long inDoubt,
        long resolved,
        long lateAcceptances,
        long adopted,
        long alerts,
        Reconciliation reconciliation) {

    /**
     * Counts of the comparisons with the broker's lists of orders. | 증권사 주문 목록과의 대사 집계.
     *
     * @param runs Lists compared. | 대조한 목록 수.
     * @param checked Open orders at each comparison, summed. | 대조 시점의 미체결주문 수 합계.
     * @param mismatched Corrections, and orders that a list did not settle. | 정정 기록과 목록으로 확정하지 못한 주문의 수.
     * @param corrected Corrections made. | 정정 기록 수.
     */
    public record Reconciliation(long runs, long checked, long mismatched, long corrected) {}
}
