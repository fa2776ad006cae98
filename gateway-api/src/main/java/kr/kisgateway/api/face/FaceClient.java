package kr.kisgateway.api.face;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.OneOf;

/**
 * A program at the KIS-compatible port: what its key did today in Seoul. | KIS 호환 포트의 프로그램. 오늘(서울) 해당 키의 집계.
 *
 * @param name Name of its key. | 키 이름.
 * @param state Whether the key is usable, and if not, why. | 키의 사용 가능 상태: {@code VALID}(유효), {@code EXPIRED}(만료),
 *     {@code REVOKED}(폐기).
 * @param socket Its WebSocket; null when none is connected. | 연결된 웹소켓. 없으면 null.
 * @param calls Calls. | 호출 수.
 * @param served Calls by the source of their answer. | 응답 출처별 호출 수.
 * @param queuedMs Time that its queries waited for the share of the key and for slots of the call budget, in ms. |
 *     조회가 키의 몫과 호출 한도를 기다린 시간의 합 (ms).
 * @param refused Refused calls and refused messages of its WebSocket. | 거부된 호출과 웹소켓 메시지 수.
 * @param refusals Refusals by code, the newest first. | 응답코드별 거부. 최신순.
 * @param orders Calls that placed, modified or cancelled orders. | 주문, 정정, 취소 호출.
 * @param registrations Registrations of its WebSocket, and how each is fed. | 웹소켓의 실시간 등록과 각각의 수신 방식.
 */
public record FaceClient(
        String name,
        @OneOf({"VALID", "EXPIRED", "REVOKED"}) String state,
        Optional<Socket> socket,
        long calls,
        Served served,
        long queuedMs,
        long refused,
        List<Refusals> refusals,
        Orders orders,
        List<Registration> registrations) {

    /**
     * A connected WebSocket. | 연결된 웹소켓.
     *
     * @param since Time of its opening. | 연결 시각.
     * @param address IP address of the program. | 프로그램의 IP 주소.
     */
    public record Socket(OffsetDateTime since, String address) {}

    /**
     * Calls by the source of their answer. | 응답 출처별 호출 수.
     *
     * @param held From values that KIS pushed to the gateway or that it polled. | 게이트웨이가 실시간 또는 반복 조회로 보유한 값.
     * @param cache From the answer to an equal question, at most seconds old. | 몇 초 이내의 같은 질문에 대한 응답.
     * @param coalesced From the answer to an equal question that another call was asking KIS. | 동시에 KIS에 보낸 같은 질문의
     *     응답.
     * @param kis From KIS: each took one slot of the call budget. | KIS. 각각 호출 한도 1건 사용.
     * @param gateway From the gateway itself: tokens, approval keys, hash keys, and calls that it refused. | 게이트웨이 자체.
     *     토큰, 접속키, 해시키, 게이트웨이가 거부한 호출.
     */
    public record Served(long held, long cache, long coalesced, long kis, long gateway) {}

    /**
     * Refusals with one code. | 응답코드 하나의 거부.
     *
     * @param code Code as the program got it: KIS's {@code msg_cd} or {@code error_code}. {@code OTHER} has those of a day
     *     beyond forty codes. | 프로그램이 받은 응답코드. 하루 40종을 넘으면 {@code OTHER}.
     * @param count Number of them. | 건수.
     * @param reason Text of the newest. | 최근 거부의 문구.
     * @param at Time of the newest. | 최근 거부 시각.
     */
    public record Refusals(String code, long count, String reason, OffsetDateTime at) {}

    /**
     * Calls that placed, modified or cancelled orders, by their answer. | 주문, 정정, 취소 호출의 결과별 건수.
     *
     * @param accepted Accepted by KIS. | KIS 접수.
     * @param refused Refused by the gateway or by KIS. | 게이트웨이 또는 KIS 거부.
     * @param inDoubt Without KIS's answer in time; the gateway resolves them. | KIS 응답 없음. 게이트웨이가 확인합니다.
     */
    public record Orders(long accepted, long refused, long inDoubt) {}

    /**
     * A registration, and how it is fed. | 실시간 등록과 수신 방식.
     *
     * @param trId TR id, as H0STCNT0. | TR ID.
     * @param trKey Symbol, or the HTS id of the key for execution notices. | 종목코드. 체결통보는 키의 HTS ID.
     * @param mode push: KIS pushes it. poll: it is polled, and each value becomes a frame. gateway: the gateway's own
     *     record of orders. none: nothing serves it now. | push 실시간 수신, poll 반복 조회(값마다 프레임), gateway 게이트웨이의 주문 기록, none
     *     현재 수신 없음.
     * @param intervalMs Interval of polling, in ms; null when it is not polled. | 조회 간격 (ms). 반복 조회가 아니면 null.
     * @param reason Reason for the mode, as in {@code GET /v1/session/pool}. | 수신 방식의 사유. {@code GET
     *     /v1/session/pool} 과 같습니다.
     * @param why Explanation of the reason, in English. | 사유 설명 (영문).
     * @param lastFrameAt Time at which its last frame was sent; null before the first. | 마지막 프레임을 보낸 시각. 아직 없으면 null.
     */
    public record Registration(
            String trId,
            String trKey,
            @OneOf({"push", "poll", "gateway", "none"}) String mode,
            OptionalLong intervalMs,
            String reason,
            String why,
            Optional<OffsetDateTime> lastFrameAt) {}
}
