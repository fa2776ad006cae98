package kr.kisgateway.api.parent;

import java.time.OffsetDateTime;
import java.util.Optional;
import kr.kisgateway.api.order.OrderRequest;
import kr.kisgateway.api.schema.OmittedWhenEmpty;

/**
 * An order to place at a time. | 지정한 시각에 접수할 주문.
 *
 * @param at When to place it, at most 31 days ahead; its market must accept it then. | 접수 시각. 31일 이내이며 그때 접수 가능한 주문이어야 합니다.
 * @param until Past which it is neither placed nor sent, at most 12 hours after {@code at}; when left out, 60 s after it. | 이
 *     시각 이후에는 접수하지도 전송하지도 않습니다. at 부터 12시간 이내이며, 생략 시 60초 뒤.
 * @param order Order to place, without {@code dispatch_by} and {@code dry_run}. | 접수할 주문. dispatch_by 와 dry_run 은 지정할 수 없습니다.
 */
public record ParentRequest(
        OffsetDateTime at, @OmittedWhenEmpty Optional<OffsetDateTime> until, OrderRequest order) {}
