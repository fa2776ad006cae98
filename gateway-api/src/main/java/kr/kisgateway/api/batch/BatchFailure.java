package kr.kisgateway.api.batch;

/**
 * Line of a symbol without a result. | 조회에 실패한 종목의 행.
 *
 * @param symbol Text that the request has as the symbol, at most 40 characters of it. | 요청에 적힌 종목코드. 최대 40자.
 * @param code Error code, as in {@code Error}. | 오류 코드. {@code Error} 와 동일.
 * @param message What happened, in English. | 오류 내용 (영문).
 * @param retryable Whether a later request can succeed. | 재시도 가능 여부.
 */
public record BatchFailure(String symbol, String code, String message, boolean retryable) {}
