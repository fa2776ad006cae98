package kr.kisgateway.api.access;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.Default;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * Request to create an API key, within the limits of the key that creates it. | API 키 생성 요청. 생성하는 키의 권한 범위를 넘을 수 없습니다.
 *
 * @param name Name of the key, by which orders and quotas are counted; never used again for another key. {@code local},
 *     {@code gateway} and {@code external} are reserved. | 키 이름. 주문과 할당량을 이 이름으로 집계하며 다른 키에 다시 쓸 수 없습니다. {@code local},
 *     {@code gateway}, {@code external}은 예약어.
 * @param role Role of the key. | 키의 역할.
 * @param accounts Aliases of the accounts that the key may use; all when left out. | 키가 쓸 수 있는 계좌 별칭. 생략하면 모두.
 * @param symbols Symbols that the key may use; all when left out. | 키가 쓸 수 있는 종목코드. 생략하면 모두.
 * @param strategy Label that the key's orders have as {@code strategy_id}; any when left out. | 키의 주문에 붙는
 *     {@code strategy_id}. 생략하면 제한 없음.
 * @param own Whether the key sees and changes only the orders that it placed; when left out, true for a key with a
 *     strategy. | 자기가 낸 주문만 조회하고 변경하는지 여부. 생략하면 전략용 키는 true.
 * @param networks IP addresses or ranges from which the key may be used, as {@code 10.0.0.0/8}; any when left out. | 키를
 *     쓸 수 있는 IP 주소 또는 대역 (예: {@code 10.0.0.0/8}). 생략하면 제한 없음.
 * @param callsPerSecond Calls per second of the key; {@code GATEWAY_KEY_RATE} when left out. | 키의 초당 호출 수. 생략하면
 *     {@code GATEWAY_KEY_RATE}.
 * @param expires Expiry of the key: days as {@code 90d}, a date as {@code 2027-01-31} (its end in Seoul), or a time
 *     with offset; never when left out. | 키의 만료: 일수(예: {@code 90d}), 날짜(예: {@code 2027-01-31}, 서울의 그날 끝) 또는 시간대가 있는 시각.
 *     생략하면 만료 없음.
 * @param unlisted Whether accounts and symbols that do not exist are accepted; otherwise {@code INVALID_FIELD} names
 *     the first one. | 존재하지 않는 계좌와 종목을 허용할지 여부. 허용하지 않으면 {@code INVALID_FIELD}로 첫 항목을 알립니다.
 * @param face Makes a virtual app key, too, for a program written for KIS ({@code docs/COMPATIBLE-FACE.md}); {@code own} is
 *     then true when left out. | KIS 용 프로그램을 위한 가상 앱키도 생성. 이 경우 {@code own} 을 생략하면 true.
 */
public record ApiKeyRequest(
        @Form("^[a-z0-9][a-z0-9._-]{0,39}$") String name,
        @Role.Name String role,
        @Size(min = 1, max = 1000) @OmittedWhenEmpty Optional<List<String>> accounts,
        @Size(min = 1, max = 1000) @OmittedWhenEmpty Optional<List<String>> symbols,
        @Size(min = 1, max = 64) @OmittedWhenEmpty Optional<String> strategy,
        @OmittedWhenEmpty Optional<Boolean> own,
        @Size(max = 1000) @OmittedWhenEmpty Optional<List<String>> networks,
        @Range(min = 1, max = 100000) @OmittedWhenEmpty OptionalLong callsPerSecond,
        @OmittedWhenEmpty Optional<String> expires,
        @Default("false") @OmittedWhenEmpty Optional<Boolean> unlisted,
        @OmittedWhenEmpty Optional<Face> face) {

    /**
     * A virtual app key. | 가상 앱키.
     *
     * @param layout Widths of frames: {@code classic}, {@code samples}, {@code current}, or those of a day as
     *     {@code 2026-11-22}; {@code current} when left out. | 실시간 전문의 길이. {@code classic}, {@code samples}(공식
     *     샘플), {@code current} 또는 날짜(2020-01-01부터 2099-12-31까지). 생략하면 {@code current}.
     * @param records Records of a realtime frame: {@code single}, or {@code batched} as KIS sends them; when left out {@code
     *     single} with the layouts {@code classic}, {@code samples} and days before 2026-09-14, else {@code batched}. | 실시간
     *     전문 하나의 데이터 건수. {@code single} 한 건, {@code batched} KIS가 보내는 그대로. 생략하면 {@code classic}, {@code samples},
     *     2026-09-14 이전 날짜는 {@code single}, 그 밖은 {@code batched}.
     * @param sees What it sees at the KIS-compatible port: {@code account} all orders and the account's balances, {@code own}
     *     its own orders and balances by its own fills; its own orders and the account's balances when left out. | KIS 호환
     *     포트에서 보는 범위. {@code account} 계좌 전체, {@code own} 자기 주문과 자기 체결분 잔고. 생략하면 자기 주문과 계좌 잔고.
     */
    public record Face(
            @OmittedWhenEmpty Optional<String> layout,
            @OneOf({"single", "batched"}) @OmittedWhenEmpty Optional<String> records,
            @OneOf({"account", "own"}) @OmittedWhenEmpty Optional<String> sees) {}
}
