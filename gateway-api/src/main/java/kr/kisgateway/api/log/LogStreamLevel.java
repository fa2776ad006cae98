package kr.kisgateway.api.log;

import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * A stream of the log and its level. | 로그 스트림 하나와 그 수준.
 *
 * @param stream Name of the stream. | 스트림 이름.
 * @param about What is logged in it, in English. | 기록하는 내용(영어).
 * @param aboutKo What is logged in it, in Korean. | 기록하는 내용(한국어).
 * @param level Level in force: events of this level and above are logged. | 현재 수준. 이 수준 이상을 기록합니다.
 * @param until When the level ends that a call set; null for the configured one. | 호출로 바꾼 수준이 끝나는 시각. 설정된 수준이면 null.
 * @param setBy Name of the API key that set it; null for the configured one. | 수준을 바꾼 API 키 이름. 설정된 수준이면 null.
 */
public record LogStreamLevel(
        String stream,
        String about,
        String aboutKo,
        @LogLevel String level,
        Optional<OffsetDateTime> until,
        Optional<String> setBy) {}
