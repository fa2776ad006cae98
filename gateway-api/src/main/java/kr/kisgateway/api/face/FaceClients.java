package kr.kisgateway.api.face;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.OptionalLong;

/**
 * Programs at the KIS-compatible port, with their figures of today in Seoul. The figures restart at zero with the
 * gateway's process. | KIS 호환 포트의 프로그램과 오늘(서울)의 집계. 게이트웨이를 다시 시작하면 새로 집계합니다.
 *
 * @param port Number of the port; null where it is off or could not be bound. | 포트 번호. 꺼져 있거나 열지 못했으면 null.
 * @param since Time since which the figures count: the start of the day, or of the gateway. | 집계 시작 시각. 오늘 0시 또는 게이트웨이
 *     시작 시각.
 * @param totals Figures of the whole port. | 포트 전체의 집계.
 * @param clientCount Number of programs, also beyond {@code limit}. | 프로그램 수. {@code limit} 을 넘는 것도 포함.
 * @param clients Programs: one for each valid key with a virtual app key, and revoked ones with calls today; the one
 *     with the most calls first. | 프로그램 목록. 유효한 가상 앱키와 오늘 호출이 있는 폐기된 키. 호출이 많은 순.
 */
public record FaceClients(
        OptionalLong port, OffsetDateTime since, Totals totals, long clientCount, List<FaceClient> clients) {

    /**
     * Figures of the whole port: {@code calls} were answered with {@code served.kis} calls to KIS. | 포트 전체의 집계. {@code
     * calls} 건을 KIS 호출 {@code served.kis} 건으로 응답했습니다.
     *
     * @param calls Calls, those without a valid key included. | 호출 수. 유효한 키가 없는 호출 포함.
     * @param served Calls by the source of their answer. | 응답 출처별 호출 수.
     * @param unidentified Of these, calls without a valid key. | 그중 유효한 키가 없는 호출 수.
     * @param refused Refused calls and refused messages of WebSockets. | 거부된 호출과 웹소켓 메시지 수.
     * @param queuedMs Time that queries waited for the share of their key and for slots of the call budget, in ms. |
     *     조회가 키의 몫과 호출 한도를 기다린 시간의 합 (ms).
     * @param sockets Open WebSockets, those without a key included. | 열린 웹소켓 수. 키가 없는 것 포함.
     * @param registrations Registrations of all programs. | 전체 프로그램의 실시간 등록 수.
     */
    public record Totals(
            long calls,
            FaceClient.Served served,
            long unidentified,
            long refused,
            long queuedMs,
            long sockets,
            long registrations) {}
}
