package kr.kisgateway.api.order;

import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OmittedWhenEmpty;

/**
 * Which open orders to cancel: those that match every given field. Without any field, every order of every key, for
 * operators only. | 취소할 미체결주문의 조건. 지정한 조건을 모두 만족하는 주문을 취소합니다. 조건이 없으면 모든 키의 전체 주문이며 운영자만 가능합니다.
 *
 * @param accountId Alias of the account; left out for all. Required for a key that is limited to some accounts. | 계좌
 *     별칭. 생략 시 전체. 계좌가 제한된 키는 필수.
 * @param symbol Symbol; left out for all. | 종목코드. 생략 시 전체.
 * @param strategyId Strategy label; left out for all. | 전략 이름. 생략 시 전체.
 */
public record CancelAllRequest(
        @OmittedWhenEmpty Optional<String> accountId,
        @AnySymbol @OmittedWhenEmpty Optional<String> symbol,
        @OmittedWhenEmpty Optional<String> strategyId) {}
