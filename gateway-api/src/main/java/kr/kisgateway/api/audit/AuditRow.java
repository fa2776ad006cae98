package kr.kisgateway.api.audit;

import java.time.OffsetDateTime;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;

/**
 * A row of the audit. | 감사 기록 한 건.
 *
 * @param gateway Name of the gateway whose row it is, where several share a database; null otherwise. | 데이터베이스를 공유하는 여러
 *     게이트웨이 중 이 기록을 남긴 게이트웨이의 이름. 하나뿐이면 null.
 * @param seq Number of the row among those of its gateway, from 1 without gaps. | 그 게이트웨이의 기록 번호. 1부터 빠짐없이 증가합니다.
 * @param at When the call was answered; of a {@code minute} its beginning. | 응답 시각. {@code minute} 이면 그 분의 시작.
 * @param source Where the call was made: at the API, at the KIS-compatible port ({@code face}), at KIS by the gateway ({@code kis}), or
 *     a report of the gateway about itself. | 호출 위치. {@code api} API, {@code face} KIS 호환 포트, {@code kis} 게이트웨이가 KIS에 보낸 호출,
 *     {@code gateway} 게이트웨이 자체 기록.
 * @param kind One {@code call}, the calls of a {@code minute} with the same caller, call and TR, or a {@code report}. | 호출 한 건,
 *     1분 합계, 또는 게이트웨이 자체 기록.
 * @param principal Name of the caller's key; {@code local} without one, {@code gateway} for the gateway; null for callers who were not
 *     admitted. | 호출한 키의 이름. 키가 없으면 {@code local}, 게이트웨이 자신이면 {@code gateway}, 인증되지 않았으면 null.
 * @param key Displayable part of the presented key. | 제시된 키의 표시 가능한 앞부분.
 * @param address IP address of the caller. | 호출자의 IP 주소.
 * @param call Method and path, or what was done. | 메서드와 경로 또는 수행한 일.
 * @param tr TR ids of the calls to KIS, separated by commas. | KIS 호출의 TR ID (쉼표로 구분).
 * @param parameters Masked parameters. | 마스킹된 파라미터.
 * @param status HTTP status; 0 where there is none. | HTTP 상태 코드. 없으면 0.
 * @param result {@code OK}, or the code of the refusal; of a {@code minute} the most recent one. | {@code OK} 또는 거부 코드.
 * @param traceId Trace id of the request. | 요청의 추적 ID.
 * @param calls Number of calls, 1 or those of the minute. | 호출 수.
 * @param failed How many of them were refused or failed. | 그중 거부되거나 실패한 호출 수.
 * @param cost Calls to KIS that answering it took. | 응답에 사용한 KIS 호출 수.
 * @param micros Time until the answer in microseconds; of a minute the sum. | 응답까지의 시간(마이크로초). {@code minute} 이면 합계.
 * @param hash SHA-256 of this row and all before it, in hexadecimal digits. | 이 기록과 이전 기록 전체의 SHA-256 해시.
 */
public record AuditRow(
        Optional<String> gateway,
        long seq,
        OffsetDateTime at,
        @OneOf({"api", "face", "chat", "kis", "gateway"}) String source,
        @OneOf({"call", "minute", "report"}) String kind,
        Optional<String> principal,
        Optional<String> key,
        Optional<String> address,
        String call,
        Optional<String> tr,
        Optional<String> parameters,
        long status,
        String result,
        Optional<String> traceId,
        long calls,
        long failed,
        long cost,
        long micros,
        String hash) {}
