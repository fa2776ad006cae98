package kr.kisgateway.api.order;

import java.util.Optional;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Size;

/**
 * An operator's decision about a request in doubt, made after checking at the broker. | 확인 필요 주문의 수동 확정. 증권사에서 직접 확인한
 * 뒤 요청합니다.
 *
 * @param decision {@code IS_ORDER}: the order has the number {@code kis_order_no}. {@code NOT_AT_BROKER}: the broker
 *     does not have the request. | IS_ORDER: kis_order_no 가 이 주문의 번호. NOT_AT_BROKER: 증권사에 없는 요청.
 * @param kisOrderNo KIS order number, up to ten digits; required with {@code IS_ORDER}, refused with
 *     {@code NOT_AT_BROKER}. | KIS 주문번호(최대 10자리). IS_ORDER 는 필수, NOT_AT_BROKER 는 지정 불가.
 * @param note Note for the journal, at most 256 characters. | 저널에 기록할 메모. 최대 256자.
 */
public record ResolveRequest(
        @OneOf({"NOT_AT_BROKER", "IS_ORDER"}) String decision,
        @Form("^[0-9]{1,10}$") @OmittedWhenEmpty Optional<String> kisOrderNo,
        @Size(max = 256) @OmittedWhenEmpty Optional<String> note) {}
