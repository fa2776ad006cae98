package kr.kisgateway.api.access;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OneOf;

/**
 * A created or rotated API key, with its text. | 생성하거나 교체한 API 키 (키 값 포함).
 *
 * @param key Text of the key with its secret; it is in this answer only and cannot be read again. | 비밀키를 포함한 키 값. 이
 *     응답에서만 제공하며 다시 조회할 수 없습니다.
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
public record MadeApiKey(
        @Form("^kgw_[a-z2-7]{8}_[A-Za-z0-9_-]{43}$") String key,
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
     * What a program written for KIS needs; app key and secret are in this answer only. | KIS 용 프로그램의 설정 값. 앱키와 시크릿은 이
     * 응답에서만 제공합니다.
     *
     * @param appkey Virtual app key, 36 characters; null after a rotation, which does not change it. | 가상 앱키 (36자). 교체 시에는
     *     변하지 않으므로 null.
     * @param appsecret Virtual app secret, 180 characters. | 가상 앱시크릿 (180자).
     * @param accountNo Account number that exists at this gateway only, as {@code 91234567-01}. | 이 게이트웨이에만 있는 계좌번호.
     * @param htsId HTS id that exists at this gateway only. | 이 게이트웨이에만 있는 HTS ID.
     * @param restUrl Address of the KIS-compatible port; null where it is off. | KIS 호환 포트의 주소. 꺼져 있으면 null.
     * @param wsUrl Address of its WebSocket; null where it is off. | 웹소켓 주소. 꺼져 있으면 null.
     */
    public record Face(
            Optional<String> appkey,
            String appsecret,
            String accountNo,
            String htsId,
            Optional<String> restUrl,
            Optional<String> wsUrl) {}
}
