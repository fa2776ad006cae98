package kr.kisgateway.api.log;

import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;

/**
 * Sets the level of a stream for a limited time. | 로그 스트림의 수준을 일정 시간 동안 바꿉니다.
 *
 * @param stream Name of the stream. | 스트림 이름.
 * @param level Level from now on; when left out, the configured one is in force again. | 새 수준. 생략하면 설정된 수준으로 되돌립니다.
 * @param minutes Time after which the configured level is in force again, at most a day. Default: 15. | 설정된 수준으로 되돌아갈 때까지의
 *     시간(분). 최대 하루, 기본값 15.
 */
public record LogLevelRequest(
        String stream,
        @OmittedWhenEmpty Optional<@LogLevel String> level,
        @OmittedWhenEmpty @Range(min = 1, max = 1_440) Optional<Integer> minutes) {}
