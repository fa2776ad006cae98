package kr.kisgateway.api.face;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;

/**
 * A program at the KIS-compatible port with its last calls. | KIS 호환 포트의 프로그램과 최근 호출.
 *
 * @param since Time since which the figures count. | 집계 시작 시각.
 * @param client Its figures and registrations. | 집계와 실시간 등록.
 * @param recent Its last calls and refused messages of its WebSocket, newest first; at most 50, also of earlier days. |
 *     최근 호출과 거부된 웹소켓 메시지. 최신순, 최대 50건, 이전 날짜 포함.
 */
public record FaceClientTrace(OffsetDateTime since, FaceClient client, List<RecentCall> recent) {

    /**
     * A call of the program. | 프로그램의 호출.
     *
     * @param at Time of its answer. | 응답 시각.
     * @param trId TR id of the request; empty without one. | 요청의 TR ID. 없으면 빈 문자열.
     * @param call Last part of its path, or {@code subscription} for a message of the WebSocket. | 경로의 마지막 부분. 웹소켓 메시지는
     *     {@code subscription}.
     * @param source Source of the answer. | 응답 출처: {@code held}, {@code cache}, {@code coalesced}, {@code kis}, {@code
     *     gateway}.
     * @param ms Time to its answer with all waits, in ms. | 대기를 포함한 응답 시간 (ms).
     * @param code Code of a refusal; null for an answer. | 거부의 응답코드. 정상 응답이면 null.
     * @param reason Text of a refusal; null for an answer. | 거부 문구. 정상 응답이면 null.
     */
    public record RecentCall(
            OffsetDateTime at,
            String trId,
            String call,

            @OneOf({"held", "cache", "coalesced", "kis", "gateway"})
            String source,

            BigDecimal ms,
            Optional<String> code,
            Optional<String> reason) {}
}
