package kr.kisgateway.api.stream;

import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;

/**
 * End of a replay: every event of the account up to {@code to_seq} was sent, and live events follow. | 이어받기 완료.
 * to_seq 까지의 계좌 이벤트를 모두 보냈으며 이후 실시간 이벤트가 이어집니다.
 *
 * @param op Always {@code resumed}. | 항상 resumed.
 * @param id Id of the request; null when it had none. | 요청의 id. 없으면 null.
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param toSeq Journal cursor at which the replay ended. | 이어받기가 끝난 저널 위치.
 */
public record StreamResumed(@OneOf("resumed") String op, Optional<String> id, String accountId, long toSeq)
        implements StreamMessage {}
