package kr.kisgateway.api.log;

import java.util.List;

/**
 * The streams of the log and their levels. | 로그 스트림과 그 수준.
 *
 * @param streams All streams. | 모든 스트림.
 */
public record LogLevels(List<LogStreamLevel> streams) {}
