package kr.kisgateway.api.alert;

import java.util.List;

/**
 * The silences that are in force. | 적용 중인 알림 중지.
 *
 * @param silences By their numbers. | 번호순 목록.
 */
public record Silences(List<Silence> silences) {}
