package kr.kisgateway.api.stream;

import java.util.Optional;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.schema.OneOf;

/**
 * Refusal of a request. | 요청 거부 응답.
 *
 * @param op Always {@code error}. | 항상 error.
 * @param id Id of the request; null when it had none or could not be read. | 요청의 id. 없거나 읽을 수 없으면 null.
 * @param error The error. | 오류 내용.
 */
public record StreamError(@OneOf("error") String op, Optional<String> id, ApiError error) implements StreamMessage {}
