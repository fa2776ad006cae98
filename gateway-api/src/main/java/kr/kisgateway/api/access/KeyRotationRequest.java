package kr.kisgateway.api.access;

import java.util.OptionalLong;
import kr.kisgateway.api.schema.Default;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;

/**
 * A new secret for a key. | 키의 비밀값 교체.
 *
 * @param graceSec Seconds for which the former secret remains valid. | 이전 비밀값이 계속 유효한 시간(초).
 */
public record KeyRotationRequest(
        @Range(min = 0, max = 2_592_000) @Default("0") @OmittedWhenEmpty
        OptionalLong graceSec) {}
