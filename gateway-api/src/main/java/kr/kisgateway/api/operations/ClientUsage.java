package kr.kisgateway.api.operations;

import java.time.OffsetDateTime;
import java.util.List;

/**
 * What callers of the API used since the start of the gateway. | 게이트웨이 시작 이후 API 호출자별 사용량.
 *
 * @param since When the gateway started to count. | 집계 시작 시각.
 * @param clients Each caller that called, by name. | 호출한 호출자 (이름순).
 */
public record ClientUsage(OffsetDateTime since, List<Client> clients) {
    /**
     * A caller. | 호출자 하나.
     *
     * @param name Name of its API key; {@code local} for callers without a key; empty for calls without a caller: files of the page, health, and
     *     refused log-ins. | API 키 이름. 키가 없으면 {@code local}, 호출자가 없는 호출(화면 파일, 상태 확인, 거부된 로그인)은 빈 문자열.
     * @param calls Calls that were answered, refused ones included. | 응답한 호출 수 (거부 포함).
     * @param refused Calls that were refused or failed. | 거부되거나 실패한 호출 수.
     * @param kisCalls Calls to KIS that they caused: their part of the call budget. | 이 호출들로 발생한 KIS 호출 수.
     * @param lastCallAt Time of the last call. | 마지막 호출 시각.
     * @param subscriptions Subscriptions of its open streams. | 열려 있는 스트림의 구독 수.
     */
    public record Client(
            String name, long calls, long refused, long kisCalls, OffsetDateTime lastCallAt, long subscriptions) {}
}
