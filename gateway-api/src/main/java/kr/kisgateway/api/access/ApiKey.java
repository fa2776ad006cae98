package kr.kisgateway.api.access;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.OneOf;

/**
 * An API key, without its text. | API 키 (키 값 제외).
 *
 * @param id Public part of the key's text, eight characters. | 키 값의 공개 부분 (8자).
 * @param prefix Beginning of the key's text that may be displayed: {@code kgw_} and the id. | 표시해도 되는 키 값의 앞부분:
 *     {@code kgw_}와 ID.
 * @param name Name of the key, by which orders and quotas are counted. | 키 이름. 주문과 할당량을 이 이름으로 집계합니다.
 * @param role Role of the key. | 키의 역할.
 * @param state Whether the key is usable, and if not, why. | 키의 사용 가능 상태: {@code VALID}(유효), {@code EXPIRED}(만료),
 *     {@code REVOKED}(폐기).
 * @param accounts Aliases of the accounts that the key may use; null for all. | 키가 쓸 수 있는 계좌 별칭. 모두이면 null.
 * @param symbols Symbols that the key may use; null for all. | 키가 쓸 수 있는 종목코드. 모두이면 null.
 * @param strategy Label that the key's orders have as {@code strategy_id}; null for any. | 키의 주문에 붙는
 *     {@code strategy_id}. 제한이 없으면 null.
 * @param own Whether the key sees and changes only the orders that it placed. | 자기가 낸 주문만 조회하고 변경하는지 여부.
 * @param networks IP addresses or ranges from which the key may be used; empty for any. | 키를 쓸 수 있는 IP 주소 또는 대역. 제한이
 *     없으면 빈 배열.
 * @param callsPerSecond Calls per second of the key; null for the gateway's default, {@code GATEWAY_KEY_RATE}. | 키의 초당
 *     호출 수. 게이트웨이 기본값({@code GATEWAY_KEY_RATE})이면 null.
 * @param createdAt Time of creation. | 생성 시각.
 * @param expiresAt Time from which the key is refused; null for a key that does not expire. | 만료 시각. 만료가 없으면 null.
 * @param revokedAt Time since which the key is refused for good; null if it was not revoked. | 폐기 시각. 폐기하지 않았으면 null.
 * @param formerSecretUntil Time until which the secret before the last rotation is accepted; null if it is not accepted
 *     now. | 교체 전 비밀키의 유효 기한. 지금 유효하지 않으면 null.
 * @param face Its virtual app key for programs written for KIS; null without one. | KIS 용 프로그램의 가상 앱키. 없으면 null.
 */
public record ApiKey(
        String id,
        String prefix,
        String name,
        @Role.Name String role,
        @OneOf({"VALID", "EXPIRED", "REVOKED"}) String state,
        Optional<List<String>> accounts,
        Optional<List<String>> symbols,
        Optional<String> strategy,
        boolean own,
        List<String> networks,
        OptionalLong callsPerSecond,
        OffsetDateTime createdAt,
        Optional<OffsetDateTime> expiresAt,
        Optional<OffsetDateTime> revokedAt,
        Optional<OffsetDateTime> formerSecretUntil,
        Optional<Face> face) {

    /**
     * A virtual app key, without its texts. | 가상 앱키 (앱키와 시크릿 제외).
     *
     * @param layout Widths of frames: {@code classic}, {@code samples}, {@code current}, or those of a day as
     *     {@code 2026-11-22}. | 실시간 전문의 길이. {@code classic}, {@code samples}(공식 샘플), {@code current} 또는 날짜.
     * @param records Records of a realtime frame: {@code single}, or {@code batched} as KIS sends them. | 실시간 전문 하나의 데이터
     *     건수. {@code single} 한 건, {@code batched} KIS가 보내는 그대로.
     * @param accountNo Account number that exists at this gateway only, as {@code 91234567-01}. | 이 게이트웨이에만 있는 계좌번호.
     * @param htsId HTS id that exists at this gateway only. | 이 게이트웨이에만 있는 HTS ID.
     * @param balances Whose balances it sees at the KIS-compatible port: those of the account, or its own share by its
     *     fills. | KIS 호환 포트에서 보는 잔고. {@code account} 계좌 전체, {@code own} 자기 체결분.
     */
    public record Face(
            String layout,
            @OneOf({"single", "batched"}) String records,
            String accountNo,
            String htsId,
            @OneOf({"account", "own"}) String balances) {}
}
