package kr.kisgateway.api.error;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;

/**
 * A refusal: the common form of every answer that is an error. | 거부 응답: 모든 오류 응답의 공통 형식.
 *
 * @param code Error code, the reason of the refusal. | 오류 코드 (거부 사유).
 * @param message What happened and what to do next, for a person. | 거부 내용과 조치 방법 (사람이 읽는 문장).
 * @param retryable Whether the same request may succeed later. | 같은 요청이 나중에 성공할 수 있는지 여부.
 * @param retryAfterMs How long to wait before a retry, milliseconds; null if unknown. | 재시도 전 대기 시간 (밀리초). 알 수 없으면
 *     null.
 * @param traceId Trace id of the call, as in the header {@code X-Trace-Id}. | 호출의 추적 ID ({@code X-Trace-Id} 헤더와 같음).
 * @param details Facts for programs, by name; left out if there are none. | 프로그램용 상세 정보 (항목별). 없으면 생략.
 * @param kis KIS's own error; left out if KIS reported none. | KIS의 오류. KIS 오류가 없으면 생략.
 * @param detail Repeats {@code code}, for old clients. | {@code code}와 같은 값 (이전 클라이언트용).
 */
public record ApiError(
        @Form("^[A-Z_]+$") String code,
        String message,
        boolean retryable,
        @Range(min = 0) OptionalLong retryAfterMs,
        String traceId,
        @OmittedWhenEmpty Optional<Map<String, Object>> details,
        @OmittedWhenEmpty Optional<BrokerError> kis,
        String detail) {

    /**
     * KIS's own code and message, reported beside the gateway's code. | 게이트웨이의 오류 코드와 함께 제공하는 증권사(KIS) 오류.
     *
     * @param rtCd Result code; 0 is success. | 성공 실패 여부 (0: 성공).
     * @param msgCd Message code. | 응답코드.
     * @param msg1 Message, trimmed. | 응답메시지 (앞뒤 공백 제거).
     */
    public record BrokerError(String rtCd, String msgCd, String msg1) {}
}
